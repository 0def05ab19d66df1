/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setting.h -- the words and numbers that policies are written in. Private to core. */
#ifndef RAMIFY_CORE_SETTING_H
#define RAMIFY_CORE_SETTING_H

#include "policy.h"

#include <stdarg.h>

/** Set the reason; file and line are the caller's. Bytes that do not print become '?'.
 *  Returns -EINVAL. */
int policy_fail(struct policy_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** "2G", "1.5GiB", "500MB", "4096". -EINVAL, -ERANGE. */
int parse_size(const char *text, uint64_t *ret_bytes);
/** A size, or "12.5%". */
int parse_amount(const char *text, struct policy_amount *ret_amount);
/** Decimal, no sign, at most @max. */
int parse_number(const char *text, uint64_t max, uint64_t *ret_number);
int parse_tier(const char *text, enum policy_tier *ret_tier);

/** A key that may be given once. -ENOENT: it is none. Else -EINVAL, with @error set. */
int setting_parse(struct policy *policy, const char *key, const char *value,
		  struct policy_error *error);

bool setting_is(const char *key);
bool match_is(const char *key);

/** @key=@value as a match. -ENOENT: the key is none. */
int match_parse(const char *key, const char *value, struct policy_match *ret_match,
		struct policy_error *error);
int mapping_parse(const char *value, struct policy_mapping *ret_mapping,
		  struct policy_error *error);

#endif
