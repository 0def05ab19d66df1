// SPDX-License-Identifier: GPL-2.0-or-later
/* match.c -- which processes, and which of their mappings. */

#include "setting.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const key_names[] = {
	[POLICY_CGROUP] = "cgroup",   [POLICY_UNIT] = "unit",
	[POLICY_MACHINE] = "machine", [POLICY_EXE] = "exe",
	[POLICY_CMDLINE] = "cmdline", [POLICY_USER] = "user",
	[POLICY_PID] = "pid",	      [POLICY_RUN] = "run",
};
#define N_KEYS (sizeof(key_names) / sizeof(*key_names))

static const char *const what_names[] = {
	[POLICY_HEAP] = "heap",	    [POLICY_STACK] = "stack", [POLICY_ANON] = "anon",
	[POLICY_SHARED] = "shared", [POLICY_MEMFD] = "memfd", [POLICY_FILE] = "file",
	[POLICY_RANGE] = "range",
};
#define N_WHATS (sizeof(what_names) / sizeof(*what_names))

bool match_is(const char *key)
{
	for (size_t i = 0; i < N_KEYS; i++) {
		if (!strcmp(key_names[i], key))
			return true;
	}
	return false;
}

static bool is_name(const char *text)
{
	return *text && !strpbrk(text, " \t/*?[]\\");
}

static int check_match(const struct policy_match *match, struct policy_error *error)
{
	if (match->key == POLICY_CGROUP && *match->text != '/' && *match->text != '*')
		return policy_fail(
			error,
			"cgroup = %.64s: must begin with '/', as below /sys/fs/cgroup",
			match->text);
	if (match->key == POLICY_EXE && *match->text != '/' && *match->text != '*')
		return policy_fail(error, "exe = %.64s: must be an absolute path",
				   match->text);
	if (match->key == POLICY_PID && (!match->numeric || !match->id))
		return policy_fail(error, "pid = %.64s: not a PID", match->text);
	if (match->key == POLICY_RUN && !strcmp(match->text, "*"))
		return 0;
	if ((match->key == POLICY_USER || match->key == POLICY_RUN) && !match->numeric &&
	    !is_name(match->text))
		return policy_fail(error, "%s = %.64s: neither a name nor a UID",
				   key_names[match->key], match->text);
	return 0;
}

int match_parse(const char *key, const char *value, struct policy_match *ret_match,
		struct policy_error *error)
{
	struct policy_match match = { 0 };
	uint64_t id = 0;
	size_t i = 0;

	while (i < N_KEYS && strcmp(key, key_names[i]))
		i++;
	if (i == N_KEYS)
		return -ENOENT;
	match.key = i;
	match.text = strdup(value);
	if (!match.text)
		return -ENOMEM;
	if (match.key == POLICY_PID || match.key == POLICY_USER || match.key == POLICY_RUN)
		match.numeric = !parse_number(value, INT32_MAX, &id);
	match.id = (uint32_t)id;
	if (check_match(&match, error)) {
		free(match.text);
		return -EINVAL;
	}
	*ret_match = match;
	return 0;
}

/* START-END, hexadecimal, as /proc/PID/maps has them. */
static int parse_addresses(const char *text, uint64_t *ret_start, uint64_t *ret_end)
{
	uint64_t value[2] = { 0 };

	for (int i = 0; i < 2; i++) {
		const char *stop = i ? "" : "-";
		size_t digits;

		if (!strncmp(text, "0x", 2))
			text += 2;
		digits = strspn(text, "0123456789abcdefABCDEF");
		if (!digits || digits > 16 || text[digits] != *stop)
			return -EINVAL;
		value[i] = strtoull(text, NULL, 16);
		text += digits + 1;
	}
	if (value[0] >= value[1] || (value[0] | value[1]) & 4095)
		return -EINVAL;
	*ret_start = value[0];
	*ret_end = value[1];
	return 0;
}

static int find_what(const char *text, size_t len, enum policy_what *ret_what)
{
	for (size_t i = 0; i < N_WHATS; i++) {
		if (strlen(what_names[i]) == len && !strncmp(text, what_names[i], len)) {
			*ret_what = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* @what is "file:/srv/x", @glob what follows the colon, or NULL. */
static int set_what(struct policy_mapping *mapping, const char *what, const char *glob,
		    struct policy_error *error)
{
	size_t len = glob ? (size_t)(glob - what) - 1 : strlen(what);

	if (find_what(what, len, &mapping->what))
		return policy_fail(error,
				   "mapping = %.64s: not one of heap, stack, anon, anon:GLOB, "
				   "shared, shared:GLOB, memfd, memfd:GLOB, file:GLOB, "
				   "range:START-END",
				   what);
	if (glob && !*glob)
		return policy_fail(error, "mapping = %.64s: nothing follows the colon",
				   what);
	switch (mapping->what) {
	case POLICY_HEAP:
	case POLICY_STACK:
		if (glob)
			return policy_fail(error, "mapping = %.64s: has no name", what);
		return 0;
	case POLICY_RANGE:
		if (!glob || parse_addresses(glob, &mapping->start, &mapping->end))
			return policy_fail(
				error,
				"mapping = %.64s: not range:START-END in whole pages, hexadecimal",
				what);
		return 0;
	case POLICY_FILE:
		if (!glob)
			return policy_fail(error,
					   "mapping = file: which? file:GLOB, or file:*");
		break;
	default:
		break;
	}
	if (glob) {
		mapping->glob = strdup(glob);
		if (!mapping->glob)
			return -ENOMEM;
	}
	return 0;
}

/* WHAT TIER: the last word is the tier, as a path may have blanks. */
int mapping_parse(const char *value, struct policy_mapping *ret_mapping,
		  struct policy_error *error)
{
	struct policy_mapping mapping = { 0 };
	const char *last = value + strlen(value), *colon;
	char what[POLICY_TEXT_MAX + 1];
	size_t len;
	int err;

	while (last > value && last[-1] != ' ' && last[-1] != '\t')
		last--;
	for (len = (size_t)(last - value); len && strchr(" \t", value[len - 1]);)
		len--;
	if (!len || len > POLICY_TEXT_MAX)
		return policy_fail(error, "mapping = %.64s: not WHAT TIER", value);
	if (parse_tier(last, &mapping.tier))
		return policy_fail(
			error, "mapping = ... %.64s: not auto, fast, slow or leave", last);
	memcpy(what, value, len);
	what[len] = '\0';
	colon = strchr(what, ':');
	err = set_what(&mapping, what, colon ? colon + 1 : NULL, error);
	if (!err)
		*ret_mapping = mapping;
	return err;
}

const char *policy_match_text(const struct policy_match *match, char *buf, size_t size)
{
	snprintf(buf, size, "%s", match->text);
	return key_names[match->key];
}

const char *policy_mapping_text(const struct policy_mapping *mapping, char *buf,
				size_t size)
{
	const char *what = what_names[mapping->what],
		   *tier = policy_tier_name(mapping->tier);

	if (mapping->what == POLICY_RANGE)
		snprintf(buf, size, "%s:%" PRIx64 "-%" PRIx64 " %s", what, mapping->start,
			 mapping->end, tier);
	else if (mapping->glob)
		snprintf(buf, size, "%s:%s %s", what, mapping->glob, tier);
	else
		snprintf(buf, size, "%s %s", what, tier);
	return "mapping";
}

static bool text_matches(const struct policy_match *match, const char *text)
{
	return text && !fnmatch(match->text, text, 0);
}

static bool user_matches(const struct policy_match *match, int64_t uid, const char *user)
{
	if (match->numeric)
		return uid == match->id;
	return user && !strcmp(match->text, user);
}

static bool process_matches(const struct policy_match *match,
			    const struct policy_process *p)
{
	switch (match->key) {
	case POLICY_CGROUP:
		return text_matches(match, p->cgroup);
	case POLICY_UNIT:
		return text_matches(match, p->unit);
	case POLICY_MACHINE:
		return text_matches(match, p->machine);
	case POLICY_EXE:
		return text_matches(match, p->exe);
	case POLICY_CMDLINE:
		return text_matches(match, p->cmdline);
	case POLICY_USER:
		return user_matches(match, p->uid, p->user);
	case POLICY_PID:
		return p->pid == match->id;
	case POLICY_RUN:
		break;
	}
	return false;
}

/* A key that is given must match by one of its values. */
bool policy_matches(const struct policy *policy, const struct policy_process *process)
{
	uint32_t given = 0, met = 0;

	for (size_t i = 0; i < policy->n_matches; i++) {
		if (policy->matches[i].key == POLICY_RUN)
			continue;
		given |= 1u << policy->matches[i].key;
		if (process_matches(&policy->matches[i], process))
			met |= 1u << policy->matches[i].key;
	}
	return given && given == met;
}

bool policy_runs(const struct policy *policy, const struct policy_process *process)
{
	if (!process->run || strcmp(process->run, policy->name))
		return false;
	if (!process->run_uid)
		return true;
	for (size_t i = 0; i < policy->n_matches; i++) {
		const struct policy_match *match = &policy->matches[i];

		if (match->key == POLICY_RUN &&
		    (!strcmp(match->text, "*") ||
		     user_matches(match, process->run_uid, process->run_user)))
			return true;
	}
	return false;
}

unsigned int policies_keys(const struct policies *set)
{
	unsigned int keys = 0;

	for (size_t i = 0; i < set->n; i++) {
		for (size_t k = 0; k < set->items[i].n_matches; k++)
			keys |= 1u << set->items[i].matches[k].key;
	}
	return keys;
}

const struct policy *policies_find(const struct policies *set,
				   const struct policy_process *process)
{
	const struct policy *run = process->run ? policies_named(set, process->run) : NULL;

	if (run && policy_runs(run, process))
		return run;
	for (size_t i = 0; i < set->n; i++) {
		if (policy_matches(&set->items[i], process))
			return &set->items[i];
	}
	return NULL;
}

static bool vma_matches(const struct policy_mapping *mapping, const struct policy_vma *vma)
{
	if (mapping->what != vma->what)
		return false;
	return !mapping->glob || (vma->name && !fnmatch(mapping->glob, vma->name, 0));
}

/* Does a range hold @at? If not, it may yet end the answer, where it begins. */
static bool range_holds(const struct policy_mapping *mapping, uint64_t at, uint64_t *end)
{
	if (mapping->start > at && mapping->start < *end)
		*end = mapping->start;
	if (mapping->start > at || mapping->end <= at)
		return false;
	if (mapping->end < *end)
		*end = mapping->end;
	return true;
}

enum policy_tier policy_place(const struct policy *policy, const struct policy_vma *vma,
			      uint64_t start, uint64_t *ret_end)
{
	uint64_t end = vma->end;

	for (size_t i = 0; i < policy->n_mappings; i++) {
		const struct policy_mapping *mapping = &policy->mappings[i];

		if (mapping->what == POLICY_RANGE ? range_holds(mapping, start, &end) :
						    vma_matches(mapping, vma)) {
			*ret_end = end;
			return mapping->tier;
		}
	}
	*ret_end = end;
	return vma->what == POLICY_FILE ? POLICY_TIER_LEAVE : policy->settings.tier;
}
