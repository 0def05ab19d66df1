// SPDX-License-Identifier: GPL-2.0-or-later
/* arg.c -- arguments that are numbers, sizes, ranges, owners or device names. */

#include "arg.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static int take_u64(const char **text, uint64_t *ret_value)
{
	unsigned long long value;
	char *end;

	/* strtoull() would take blanks and a sign. */
	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	value = strtoull(*text, &end, strncmp(*text, "0x", 2) == 0 ? 16 : 10);
	if (errno || (end == *text + 1 && *end == 'x'))
		return errno == ERANGE ? -ERANGE : -EINVAL;
	*text = end;
	*ret_value = value;
	return 0;
}

int arg_u64(const char *title, const char *option, const char *text, uint64_t most,
	    uint64_t *ret_value)
{
	const char *rest = text;
	uint64_t value;

	if (take_u64(&rest, &value) < 0 || *rest || value > most) {
		fprintf(stderr, "%s: %s takes a number up to %llu, not \"%.32s\"\n", title, option,
			(unsigned long long)most, text);
		return -EINVAL;
	}
	*ret_value = value;
	return 0;
}

static int take_range(const char **text, struct ramify_extent *ret_range)
{
	uint64_t start, end;
	int err = take_u64(text, &start);

	if (!err)
		err = *(*text)++ == '-' ? take_u64(text, &end) : -EINVAL;
	if (err)
		return err;
	if (end > INT64_MAX)
		return -ERANGE;
	if (end < start)
		return -EDOM;
	*ret_range = (struct ramify_extent){ start, end - start + 1 };
	return 0;
}

static int refuse_range(const char *title, const char *option, const char *text, const char *range,
			int err)
{
	int len = strcspn(range, ",");

	if (err == -ERANGE)
		fprintf(stderr, "%s: %s %.*s is beyond all memory: no address is above 0x%llx\n",
			title, option, len < 64 ? len : 64, range, (unsigned long long)INT64_MAX);
	else if (err == -EDOM)
		fprintf(stderr, "%s: %s %.*s ends before it starts\n", title, option,
			len < 64 ? len : 64, range);
	else
		fprintf(stderr, "%s: %s takes physical ranges such as 0x140000000-0x147ffffff,..., not \"%.64s\"\n",
			title, option, text);
	return -EINVAL;
}

int arg_ranges(const char *title, const char *option, const char *text,
	       struct ramify_extent **ret_ranges, size_t *ret_n)
{
	struct ramify_extent *ranges = NULL, *grown;
	const char *rest = text, *range;
	int err = 0;
	size_t n = 0;

	do {
		range = rest;
		grown = reallocarray(ranges, n + 1, sizeof(*ranges));
		if (!grown)
			break;
		ranges = grown;
		err = take_range(&rest, &ranges[n]);
		if (err)
			break;
		n++;
		if (!*rest) {
			*ret_ranges = ranges;
			*ret_n = n;
			return 0;
		}
	} while (*rest++ == ',');
	free(ranges);
	return refuse_range(title, option, text, range, err);
}

int arg_size(const char *title, const char *option, const char *text, uint64_t unit_bytes,
	     struct ramify_size *ret_size)
{
	struct ramify_size size;
	int err = ramify_size_parse(text, &size);
	bool plain = !err && size.kind == RAMIFY_SIZE_BYTES && !text[strspn(text, "0123456789")];

	if (plain && __builtin_mul_overflow(size.value, unit_bytes, &size.value))
		err = -ERANGE;
	if (err == -ERANGE)
		fprintf(stderr, "%s: %s %.32s is too much: no size is above 2^64 bytes or 100%%\n",
			title, option, text);
	else if (err)
		fprintf(stderr, "%s: %s takes a size such as 256M, 1.5G, 50%% or all, not \"%.32s\"\n",
			title, option, text);
	if (!err)
		*ret_size = size;
	return err;
}

int arg_bytes(const char *title, const char *option, const char *text, uint64_t unit_bytes,
	      uint64_t *ret_bytes)
{
	struct ramify_size size;
	int err = arg_size(title, option, text, unit_bytes, &size);

	if (err)
		return err;
	if (size.kind != RAMIFY_SIZE_BYTES || !size.value) {
		fprintf(stderr, "%s: %s takes a number of bytes such as 2M or 4G, not \"%.32s\"\n",
			title, option, text);
		return -EINVAL;
	}
	*ret_bytes = size.value;
	return 0;
}

/* -1 is nobody's: for the kernel it means "as it is". */
static int take_id(const char *text, uint32_t *ret_id)
{
	const char *rest = text;
	uint64_t value;

	if (take_u64(&rest, &value) < 0 || *rest || value >= UINT32_MAX)
		return -EINVAL;
	*ret_id = value;
	return 0;
}

static int take_user(const char *text, uint32_t *ret_uid, uint32_t *ret_gid)
{
	const struct passwd *user = *text ? getpwnam(text) : NULL;

	if (!user)
		return take_id(text, ret_uid);
	*ret_uid = user->pw_uid;
	*ret_gid = user->pw_gid;
	return 0;
}

static int take_group(const char *text, uint32_t *ret_gid)
{
	const struct group *group = *text ? getgrnam(text) : NULL;

	if (!group)
		return take_id(text, ret_gid);
	*ret_gid = group->gr_gid;
	return 0;
}

int arg_owner(const char *title, const char *text, uint32_t *ret_uid, uint32_t *ret_gid)
{
	const char *colon = strchr(text, ':');
	char *name = strndup(text, colon ? (size_t)(colon - text) : strlen(text));
	uint32_t uid, gid = UINT32_MAX;
	int err = name ? take_user(name, &uid, &gid) : -ENOMEM;

	free(name);
	if (!err && colon)
		err = take_group(colon + 1, &gid);
	if (err) {
		fprintf(stderr, "%s: --owner takes USER or USER:GROUP that are known here, not \"%.64s\"\n",
			title, text);
		return err;
	}
	*ret_uid = uid;
	*ret_gid = gid;
	return 0;
}

int arg_mode(const char *title, const char *text, unsigned int *ret_perms)
{
	char *end = NULL;
	unsigned long value = strspn(text, "01234567") ? strtoul(text, &end, 8) : 0;

	if (!end || *end || !value || value > 0777 || strlen(text) > 8) {
		fprintf(stderr, "%s: --mode takes an octal mode such as 0660, not \"%.32s\"\n", title,
			text);
		return -EINVAL;
	}
	*ret_perms = value;
	return 0;
}

int arg_choice(const char *title, const char *option, const char *text, const char *first,
	       const char *second)
{
	if (!strcmp(text, first))
		return 0;
	if (!strcmp(text, second))
		return 1;
	fprintf(stderr, "%s: %s is %s or %s, not \"%.32s\"\n", title, option, first, second, text);
	return -1;
}

int arg_none(const char *title, int n, char **arguments)
{
	if (!n)
		return 0;
	fprintf(stderr, "%s: it takes no argument such as \"%.32s\"\n", title, arguments[0]);
	return CMD_USAGE;
}

static int twice(const char *title, const char *first, const char *second)
{
	if (strcmp(first, second) == 0)
		fprintf(stderr, "%s: %s is given twice\n", title, first);
	else
		fprintf(stderr, "%s: %s and %s are the same device\n", title, first, second);
	return -EINVAL;
}

static int find_all(const char *title, struct ramify *ctx, const struct ramify_system *sys,
		    int n, char **names, const struct ramify_device **found)
{
	for (int i = 0; i < n; i++) {
		int err = ramify_find_device(ctx, sys, names[i], &found[i]);

		if (err)
			return err;
		for (int k = 0; k < i; k++)
			if (found[k] == found[i])
				return twice(title, names[k], names[i]);
	}
	return 0;
}

int arg_devices(const char *title, struct ramify *ctx, int n, char **names)
{
	const struct ramify_device **found;
	struct ramify_system *sys;
	int err;

	/* One is like no other, and is looked for by what comes next. */
	if (n < 2)
		return 0;
	found = calloc(n, sizeof(*found));
	err = found ? ramify_system_read(ctx, &sys) : -ENOMEM;
	if (!err) {
		err = find_all(title, ctx, sys, n, names, found);
		ramify_system_free(sys);
	}
	free(found);
	return err;
}
