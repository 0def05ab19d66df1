// SPDX-License-Identifier: GPL-2.0-or-later
/* setting.c -- settings that a policy has once: parsed, and printed again. */

#include "setting.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ALL 10000 /* hundredths of a percent */

int policy_fail(struct policy_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->reason, sizeof(error->reason), format, args);
	va_end(args);
	for (char *c = error->reason; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	return -EINVAL;
}

int parse_number(const char *text, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		unsigned int digit = (unsigned int)(*text - '0');

		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (number > (UINT64_MAX - digit) / 10)
			return -ERANGE;
		number = 10 * number + digit;
	}
	if (number > max)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

/*
 * Digits, perhaps a point and at most six more, times @unit: rounded down. *@text moves to what
 * follows.
 */
static int parse_decimal(const char **text, unsigned __int128 *ret_micro)
{
	unsigned __int128 value = 0;
	int places = -1;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	for (; isdigit((unsigned char)**text) || (**text == '.' && places < 0); (*text)++) {
		if (**text == '.') {
			places = 0;
			continue;
		}
		if (places >= 0 && ++places > 6)
			return -EINVAL;
		if (value > UINT64_MAX)
			return -ERANGE;
		value = 10 * value + (unsigned int)(**text - '0');
	}
	if (places == 0)
		return -EINVAL;
	for (places = places < 0 ? 0 : places; places < 6; places++)
		value *= 10;
	*ret_micro = value;
	return 0;
}

static uint64_t unit_bytes(const char *text)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} units[] = {
		{ "", 1 },
		{ "B", 1 },
		{ "k", 1ull << 10 },
		{ "K", 1ull << 10 },
		{ "KiB", 1ull << 10 },
		{ "kB", 1000 },
		{ "M", 1ull << 20 },
		{ "MiB", 1ull << 20 },
		{ "MB", 1000000 },
		{ "G", 1ull << 30 },
		{ "GiB", 1ull << 30 },
		{ "GB", 1000000000 },
		{ "T", 1ull << 40 },
		{ "TiB", 1ull << 40 },
		{ "TB", 1000000000000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (!strcmp(units[i].name, text))
			return units[i].bytes;
	}
	return 0;
}

int parse_size(const char *text, uint64_t *ret_bytes)
{
	unsigned __int128 bytes, micro;
	uint64_t unit;
	int err;

	err = parse_decimal(&text, &micro);
	if (err)
		return err;
	unit = unit_bytes(text);
	if (!unit)
		return -EINVAL;
	bytes = micro * unit / 1000000;
	if (bytes >> 62)
		return -ERANGE;
	*ret_bytes = (uint64_t)bytes;
	return 0;
}

int parse_amount(const char *text, struct policy_amount *ret_amount)
{
	struct policy_amount amount = { 0 };
	const char *rest = text;
	unsigned __int128 micro;
	int err;

	err = parse_decimal(&rest, &micro);
	if (!err && !strcmp(rest, "%")) {
		amount.relative = true;
		if (micro / 10000 > ALL)
			return -ERANGE;
		amount.value = (uint64_t)(micro / 10000);
	} else {
		err = parse_size(text, &amount.value);
		if (err)
			return err;
	}
	*ret_amount = amount;
	return 0;
}

static const char *const tier_names[] = { "auto", "fast", "slow", "leave" };
static const char *const huge_names[] = { "whole", "split" };
static const char *const numab_names[] = { "keep", "off" };
static const char *const bool_names[] = { "no", "yes" };

const char *policy_tier_name(enum policy_tier tier)
{
	return tier_names[tier];
}

static int parse_word(const char *text, const char *const *names, size_t n,
		      unsigned int *ret_word)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(text, names[i])) {
			*ret_word = (unsigned int)i;
			return 0;
		}
	}
	return -EINVAL;
}

int parse_tier(const char *text, enum policy_tier *ret_tier)
{
	unsigned int word;

	if (parse_word(text, tier_names, 4, &word))
		return -EINVAL;
	*ret_tier = word;
	return 0;
}

static int set_amount(struct policy_amount *amount, const char *key, const char *value,
		      struct policy_error *error)
{
	int err = parse_amount(value, amount);

	if (err == -ERANGE)
		return policy_fail(
			error,
			"%s = %.64s: a size is below 4194304T, a share at most 100%%", key,
			value);
	if (err)
		return policy_fail(
			error,
			"%s = %.64s: not a size such as 2G, nor a share such as 25%%", key,
			value);
	return 0;
}

static int set_min(struct policy_settings *s, const char *value, struct policy_error *error)
{
	return set_amount(&s->fast_min, "fast-min", value, error);
}

static int set_max(struct policy_settings *s, const char *value, struct policy_error *error)
{
	return set_amount(&s->fast_max, "fast-max", value, error);
}

static int set_weight(struct policy_settings *s, const char *value,
		      struct policy_error *error)
{
	uint64_t weight;

	if (parse_number(value, 10000, &weight) || !weight)
		return policy_fail(error, "weight = %.64s: not a number from 1 to 10000",
				   value);
	s->weight = (uint32_t)weight;
	return 0;
}

static int set_write_weight(struct policy_settings *s, const char *value,
			    struct policy_error *error)
{
	uint64_t weight = 0;

	if (strcmp(value, "auto") && (parse_number(value, 8, &weight) || !weight))
		return policy_fail(
			error,
			"write-weight = %.64s: neither auto nor a number from 1 to 8",
			value);
	s->write_weight = (uint8_t)weight;
	return 0;
}

static int set_tier(struct policy_settings *s, const char *value,
		    struct policy_error *error)
{
	enum policy_tier tier;

	if (parse_tier(value, &tier) || tier == POLICY_TIER_LEAVE)
		return policy_fail(error, "tier = %.64s: not auto, fast or slow", value);
	s->tier = tier;
	return 0;
}

static int set_rate(struct policy_settings *s, const char *value,
		    struct policy_error *error)
{
	if (parse_size(value, &s->rate_bytes))
		return policy_fail(
			error, "rate = %.64s: not a size such as 200M (a second)", value);
	return 0;
}

static int set_huge(struct policy_settings *s, const char *value,
		    struct policy_error *error)
{
	unsigned int word;

	if (parse_word(value, huge_names, 2, &word))
		return policy_fail(error, "huge = %.64s: neither whole nor split", value);
	s->huge = word;
	return 0;
}

static int set_numab(struct policy_settings *s, const char *value,
		     struct policy_error *error)
{
	unsigned int word;

	if (parse_word(value, numab_names, 2, &word))
		return policy_fail(error, "numa-balancing = %.64s: neither keep nor off",
				   value);
	s->numa_balancing = word;
	return 0;
}

static int set_interleave(struct policy_settings *s, const char *value,
			  struct policy_error *error)
{
	unsigned int word;

	if (parse_word(value, bool_names, 2, &word))
		return policy_fail(error, "interleave = %.64s: neither yes nor no", value);
	s->interleave = word;
	return 0;
}

static int set_dry_run(struct policy_settings *s, const char *value,
		       struct policy_error *error)
{
	unsigned int word;

	if (parse_word(value, bool_names, 2, &word))
		return policy_fail(error, "dry-run = %.64s: neither yes nor no", value);
	s->dry_run = word;
	return 0;
}

static void print_amount(struct policy_amount amount, char *buf, size_t size)
{
	if (!amount.relative)
		snprintf(buf, size, "%" PRIu64, amount.value);
	else if (amount.value % 100)
		snprintf(buf, size, "%" PRIu64 ".%02" PRIu64 "%%", amount.value / 100,
			 amount.value % 100);
	else
		snprintf(buf, size, "%" PRIu64 "%%", amount.value / 100);
}

static void print_min(const struct policy_settings *s, char *buf, size_t size)
{
	print_amount(s->fast_min, buf, size);
}

static void print_max(const struct policy_settings *s, char *buf, size_t size)
{
	print_amount(s->fast_max, buf, size);
}

static void print_weight(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%" PRIu32, s->weight);
}

static void print_write_weight(const struct policy_settings *s, char *buf, size_t size)
{
	if (s->write_weight)
		snprintf(buf, size, "%u", s->write_weight);
	else
		snprintf(buf, size, "auto");
}

static void print_tier(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%s", tier_names[s->tier]);
}

static void print_rate(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%" PRIu64, s->rate_bytes);
}

static void print_huge(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%s", huge_names[s->huge]);
}

static void print_numab(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%s", numab_names[s->numa_balancing]);
}

static void print_interleave(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%s", bool_names[s->interleave]);
}

static void print_dry_run(const struct policy_settings *s, char *buf, size_t size)
{
	snprintf(buf, size, "%s", bool_names[s->dry_run]);
}

static const struct setting {
	const char *key;
	int (*set)(struct policy_settings *s, const char *value,
		   struct policy_error *error);
	void (*print)(const struct policy_settings *s, char *buf, size_t size);
} settings[] = {
	{ "tier", set_tier, print_tier },
	{ "fast-min", set_min, print_min },
	{ "fast-max", set_max, print_max },
	{ "weight", set_weight, print_weight },
	{ "write-weight", set_write_weight, print_write_weight },
	{ "rate", set_rate, print_rate },
	{ "huge", set_huge, print_huge },
	{ "numa-balancing", set_numab, print_numab },
	{ "interleave", set_interleave, print_interleave },
	{ "dry-run", set_dry_run, print_dry_run },
};

#define N_SETTINGS (sizeof(settings) / sizeof(*settings))

struct policy_settings policy_defaults(void)
{
	return (struct policy_settings){
		.fast_max = { .relative = true, .value = ALL },
		.weight = 100,
		.write_weight = 1,
	};
}

int setting_parse(struct policy *policy, const char *key, const char *value,
		  struct policy_error *error)
{
	for (size_t i = 0; i < N_SETTINGS; i++) {
		int err;

		if (strcmp(settings[i].key, key))
			continue;
		if (policy->given & 1u << i)
			return policy_fail(error, "%s: given twice in policy %s", key,
					   policy->name);
		err = settings[i].set(&policy->settings, value, error);
		if (!err)
			policy->given |= 1u << i;
		return err;
	}
	return -ENOENT;
}

bool setting_is(const char *key)
{
	for (size_t i = 0; i < N_SETTINGS; i++) {
		if (!strcmp(settings[i].key, key))
			return true;
	}
	return false;
}

const char *policy_setting(const struct policy *policy, size_t index, char *buf,
			   size_t size)
{
	if (index >= N_SETTINGS)
		return NULL;
	settings[index].print(&policy->settings, buf, size);
	return settings[index].key;
}

uint64_t policy_bytes(struct policy_amount amount, uint64_t resident_bytes)
{
	if (!amount.relative)
		return amount.value;
	return (uint64_t)((unsigned __int128)resident_bytes * amount.value / ALL);
}
