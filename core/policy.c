// SPDX-License-Identifier: GPL-2.0-or-later
/* policy.c -- policies by their lines, and whether they hold together. */

#include "setting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Capacity is told by the length: the next power of two. */
static int grow(void **items, size_t n, size_t size)
{
	void *grown;

	if (n & (n - 1))
		return 0;
	grown = reallocarray(*items, n ? 2 * n : 1, size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	return 0;
}

static int fail_at(int err, const char *file, unsigned int line, struct policy_error *error)
{
	if (err == -ENOMEM)
		policy_fail(error, "out of memory");
	snprintf(error->file, sizeof(error->file), "%s", file);
	error->line = line;
	return err;
}

static int check_name(const char *name, struct policy_error *error)
{
	size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-_.");

	if (!*name)
		return policy_fail(error, "a policy needs a name: [policy NAME]");
	if (name[good])
		return policy_fail(
			error, "policy %.64s: names have letters, digits, '-', '_' and '.'",
			name);
	if (good > POLICY_NAME_MAX)
		return policy_fail(error, "policy %.64s...: the name is longer than %d",
				   name, POLICY_NAME_MAX);
	return 0;
}

const struct policy *policies_named(const struct policies *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++) {
		if (!strcmp(set->items[i].name, name))
			return &set->items[i];
	}
	return NULL;
}

static int check_new(const struct policies *set, const char *name,
		     struct policy_error *error)
{
	const struct policy *other;

	if (check_name(name, error))
		return -EINVAL;
	other = policies_named(set, name);
	if (other) {
		policy_fail(error, "policy %s: there is one already, %.120s:%u", name,
			    *other->file ? other->file : "set live", other->line);
		return -EEXIST;
	}
	if (set->n == POLICY_COUNT_MAX) {
		policy_fail(error, "more than %d policies", POLICY_COUNT_MAX);
		return -E2BIG;
	}
	return 0;
}

static void policy_clear(struct policy *policy)
{
	for (size_t i = 0; i < policy->n_matches; i++)
		free(policy->matches[i].text);
	for (size_t i = 0; i < policy->n_mappings; i++)
		free(policy->mappings[i].glob);
	free(policy->matches);
	free(policy->mappings);
	free(policy->name);
	free(policy->file);
}

static int add(struct policies *set, const char *name, const char *file, unsigned int line)
{
	struct policy policy = { .line = line, .settings = policy_defaults() };
	void *items = set->items;

	if (grow(&items, set->n, sizeof(*set->items)))
		return -ENOMEM;
	set->items = items;
	policy.name = strdup(name);
	policy.file = strdup(file);
	if (!policy.name || !policy.file) {
		policy_clear(&policy);
		return -ENOMEM;
	}
	set->items[set->n++] = policy;
	return 0;
}

int policies_add(struct policies *set, const char *name, const char *file,
		 unsigned int line, struct policy_error *error)
{
	int err = check_new(set, name, error);

	if (!err)
		err = add(set, name, file, line);
	return err ? fail_at(err, file, line, error) : 0;
}

static int check_text(const char *key, const char *value, struct policy_error *error)
{
	size_t len = strlen(value);

	if (!len)
		return policy_fail(error, "%.64s: no value", key);
	if (len > POLICY_TEXT_MAX)
		return policy_fail(error, "%.64s: the value is longer than %d", key,
				   POLICY_TEXT_MAX);
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)value[i] < ' ' && value[i] != '\t')
			return policy_fail(error,
					   "%.64s: the value has a control character", key);
	}
	return 0;
}

static int add_match(struct policy *policy, const struct policy_match *match,
		     struct policy_error *error)
{
	void *items = policy->matches;

	if (policy->n_matches == POLICY_ITEMS_MAX) {
		policy_fail(error, "policy %s: more than %d matches", policy->name,
			    POLICY_ITEMS_MAX);
		return -E2BIG;
	}
	if (grow(&items, policy->n_matches, sizeof(*match)))
		return -ENOMEM;
	policy->matches = items;
	policy->matches[policy->n_matches++] = *match;
	return 0;
}

static int add_mapping(struct policy *policy, const struct policy_mapping *mapping,
		       struct policy_error *error)
{
	void *items = policy->mappings;

	if (policy->n_mappings == POLICY_ITEMS_MAX) {
		policy_fail(error, "policy %s: more than %d mappings", policy->name,
			    POLICY_ITEMS_MAX);
		return -E2BIG;
	}
	if (grow(&items, policy->n_mappings, sizeof(*mapping)))
		return -ENOMEM;
	policy->mappings = items;
	policy->mappings[policy->n_mappings++] = *mapping;
	return 0;
}

static int set_match(struct policy *policy, const char *key, const char *value,
		     struct policy_error *error)
{
	struct policy_match match;
	int err;

	err = match_parse(key, value, &match, error);
	if (err)
		return err;
	err = add_match(policy, &match, error);
	if (err)
		free(match.text);
	return err;
}

static int set_mapping(struct policy *policy, const char *value, struct policy_error *error)
{
	struct policy_mapping mapping;
	int err;

	err = mapping_parse(value, &mapping, error);
	if (err)
		return err;
	err = add_mapping(policy, &mapping, error);
	if (err)
		free(mapping.glob);
	return err;
}

bool policy_takes(const char *key)
{
	return !strcmp(key, "mapping") || match_is(key) || setting_is(key);
}

static int set_any(struct policy *policy, const char *key, const char *value,
		   struct policy_error *error)
{
	int err;

	err = check_text(key, value, error);
	if (err)
		return err;
	if (!strcmp(key, "mapping"))
		return set_mapping(policy, value, error);
	err = set_match(policy, key, value, error);
	if (err == -ENOENT)
		err = setting_parse(policy, key, value, error);
	if (err == -ENOENT)
		err = policy_fail(error, "%.64s: a policy has no such setting", key);
	return err;
}

int policies_set(struct policies *set, const char *key, const char *value, const char *file,
		 unsigned int line, struct policy_error *error)
{
	struct policy *policy = set->n ? &set->items[set->n - 1] : NULL;
	size_t n;
	int err;

	if (!policy) {
		err = policy_fail(error, "%.64s: no policy begins before it", key);
		return fail_at(err, file, line, error);
	}
	n = policy->n_matches;
	err = set_any(policy, key, value, error);
	if (err)
		return fail_at(err, file, line, error);
	if (policy->n_matches > n)
		policy->matches[n].line = line;
	return 0;
}

int policies_line(struct policies *set, const char *section, const char *key,
		  const char *value, const char *file, unsigned int line,
		  struct policy_error *error)
{
	const char *name;
	int err = 0;

	if (strncmp(section, "policy", 6) || (section[6] && section[6] != ' '))
		return -ENOENT;
	name = section + 6 + strspn(section + 6, " \t");
	if (!set->n || strcmp(set->items[set->n - 1].name, name) ||
	    strcmp(set->items[set->n - 1].file, file))
		err = policies_add(set, name, file, line, error);
	return err ? err : policies_set(set, key, value, file, line, error);
}

static int check_one(const struct policy *policy, const struct policy_facts *facts,
		     struct policy_error *error)
{
	struct policy_amount min = policy->settings.fast_min,
			     max = policy->settings.fast_max;

	if (!policy->n_matches)
		return policy_fail(
			error,
			"policy %s: matches nothing: cgroup, unit, machine, exe, cmdline, user, pid or run is missing",
			policy->name);
	if (min.relative == max.relative && min.value > max.value)
		return policy_fail(error, "policy %s: fast-min is more than fast-max",
				   policy->name);
	if (policy->settings.interleave && policy->settings.tier != POLICY_TIER_AUTO)
		return policy_fail(
			error, "policy %s: interleave = yes is for tier = auto", policy->name);
	if (policy->settings.write_weight != 1 && !facts->sees_writes)
		return policy_fail(
			error,
			"policy %s: write-weight: no sampler here tells writes from reads, as ramify_scan.ko would",
			policy->name);
	return 0;
}

static int fail_policy(int err, const struct policy *policy, struct policy_error *error)
{
	return fail_at(err, policy->file, policy->line, error);
}

int policies_check(const struct policies *set, const struct policy_facts *facts,
		   struct policy_error *error)
{
	uint64_t minima = 0;

	for (size_t i = 0; i < set->n; i++) {
		const struct policy *policy = &set->items[i];
		int err = check_one(policy, facts, error);

		if (err)
			return fail_policy(err, policy, error);
		if (!policy->settings.fast_min.relative &&
		    __builtin_add_overflow(minima, policy->settings.fast_min.value,
					   &minima))
			minima = UINT64_MAX;
		if (!facts->capacity_bytes || minima <= facts->capacity_bytes)
			continue;
		err = policy_fail(error,
				  "policy %s: with its fast-min %" PRIu64
				  " MiB are guaranteed, and fast memory has %" PRIu64
				  " MiB in all",
				  policy->name, minima >> 20, facts->capacity_bytes >> 20);
		return fail_policy(err, policy, error);
	}
	return 0;
}

void policies_free(struct policies *set)
{
	for (size_t i = 0; i < set->n; i++)
		policy_clear(&set->items[i]);
	free(set->items);
	*set = (struct policies){ 0 };
}
