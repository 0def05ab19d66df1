// SPDX-License-Identifier: LGPL-2.1-or-later
/* size.c -- sizes: as people write them, and as messages say them. */

#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "context.h"

/* More digits behind the point than anybody means. */
#define FRACTION_DIGITS 9
#define MILLIONTHS_MAX 1000000

/* A number with a point: @mantissa / @divisor. */
struct decimal {
	uint64_t mantissa, divisor;
};

static int take_digits(const char **text, struct decimal *d, bool fraction)
{
	const char *from = *text;

	for (; isdigit((unsigned char)**text); ++*text) {
		if (fraction && *text - from >= FRACTION_DIGITS)
			return -EINVAL;
		if (__builtin_mul_overflow(d->mantissa, 10, &d->mantissa) ||
		    __builtin_add_overflow(d->mantissa, **text - '0', &d->mantissa))
			return -ERANGE;
		if (fraction)
			d->divisor *= 10;
	}
	return *text > from ? 0 : -EINVAL;
}

static int take_decimal(const char **text, struct decimal *ret_decimal)
{
	struct decimal d = { .divisor = 1 };
	int err = take_digits(text, &d, false);

	if (!err && **text == '.') {
		++*text;
		err = take_digits(text, &d, true);
	}
	if (!err)
		*ret_decimal = d;
	return err;
}

/* 0: no unit. "M" and "MiB" are 2^20 bytes, as with lsblk and ndctl; "MB" is 10^6. */
static uint64_t unit_bytes(const char *text)
{
	static const char letters[] = "KMGTPE";
	const char *at = *text ? strchr(letters, toupper((unsigned char)*text)) : NULL;
	uint64_t binary = 1, metric = 1;

	if (!*text || strcmp(text, "B") == 0)
		return 1;
	if (!at)
		return 0;
	for (const char *l = letters; l <= at; l++) {
		binary *= 1024;
		metric *= 1000;
	}
	text++;
	if (!*text || strcmp(text, "iB") == 0 || strcmp(text, "i") == 0)
		return binary;
	return strcmp(text, "B") == 0 ? metric : 0;
}

/* Rounded down to a whole one. */
static int scale(const struct decimal *d, uint64_t unit, uint64_t *ret_value)
{
	unsigned __int128 value = (unsigned __int128)d->mantissa * unit / d->divisor;

	if (value > UINT64_MAX)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

int ramify_size_parse(const char *text, struct ramify_size *ret_size)
{
	struct ramify_size size = { .kind = RAMIFY_SIZE_BYTES };
	struct decimal d;
	uint64_t unit;
	int err;

	if (strcasecmp(text, "all") == 0) {
		*ret_size = (struct ramify_size){ .kind = RAMIFY_SIZE_ALL };
		return 0;
	}
	err = strncmp(text, "0x", 2) == 0 ? parse_u64(text, &size.value) : 1;
	if (err > 0) {
		err = take_decimal(&text, &d);
		if (err)
			return err;
		size.kind = strcmp(text, "%") == 0 ? RAMIFY_SIZE_SHARE : RAMIFY_SIZE_BYTES;
		unit = size.kind == RAMIFY_SIZE_SHARE ? MILLIONTHS_MAX / 100 : unit_bytes(text);
		err = unit ? scale(&d, unit, &size.value) : -EINVAL;
	}
	if (!err && size.kind == RAMIFY_SIZE_SHARE && size.value > MILLIONTHS_MAX)
		err = -ERANGE;
	if (!err)
		*ret_size = size;
	return err;
}

const char *size_text(char buf[SIZE_TEXT_MAX], uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0;

	while (bytes && unit < 6 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 " %s", bytes,
		 bytes == 1 && !unit ? "byte" : units[unit]);
	return buf;
}

uint64_t size_of(const struct ramify_size *size, uint64_t whole)
{
	switch (size->kind) {
	case RAMIFY_SIZE_BYTES:
		return size->value;
	case RAMIFY_SIZE_SHARE:
		return (unsigned __int128)whole * size->value / MILLIONTHS_MAX;
	default:
		return whole;
	}
}
