// SPDX-License-Identifier: GPL-2.0-or-later
/* live.c -- the configuration that holds: what files say, and what was set live over it. */

#include "live.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "sample.h"
#include "tiers.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

int live_check(const struct config *config, struct policy_error *error)
{
	static struct tiers tiers;	/* large */
	struct policy_facts facts = { .sees_writes = sample_sees_writes(config->sampler) };

	tiers_configure(&tiers, config);
	if (!tiers_refresh(&tiers)) {
		for (unsigned int node = 0; node < tiers.n_nodes; node++) {
			if (tiers.ranks[node] <= tiers.fast_rank)
				facts.capacity_bytes += tiers.now.nodes[node].managed_bytes;
		}
	}
	return policies_check(&config->policies, &facts, error);
}

/* CONFIG_ANON_VMA_NAME, tried on a page of our own. */
static bool kernel_names_memory(void)
{
	void *page = mmap(NULL, HEAT_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool works;

	if (page == MAP_FAILED)
		return false;
	works = !prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, page, HEAT_PAGE, "ramify");
	munmap(page, HEAT_PAGE);
	return works;
}

static const struct policy_mapping *find_named(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_mappings; i++) {
		if (policy->mappings[i].what == POLICY_ANON && policy->mappings[i].glob)
			return &policy->mappings[i];
	}
	return NULL;
}

static void note_named(const struct policy *policy, live_note *note)
{
	const struct policy_mapping *mapping = find_named(policy);
	char text[512];

	if (!mapping)
		return;
	snprintf(text, sizeof(text),
		 "%.200s:%u: policy %s: anon:%.100s matches nothing, as this kernel gives "
		 "anonymous memory no names (CONFIG_ANON_VMA_NAME)",
		 policy->file, policy->line, policy->name, mapping->glob);
	note(text);
}

static bool user_is_missing(const struct policy_match *match)
{
	if (match->numeric || (match->key != POLICY_USER && match->key != POLICY_RUN))
		return false;
	return strcmp(match->text, "*") && !getpwnam(match->text);
}

/* They may come later, as from a directory server. */
static void note_users(const struct policy *policy, live_note *note)
{
	for (size_t i = 0; i < policy->n_matches; i++) {
		const struct policy_match *match = &policy->matches[i];
		char text[512], value[POLICY_TEXT_MAX + 1], where[256] = "set live";

		if (!user_is_missing(match))
			continue;
		if (match->line)
			snprintf(where, sizeof(where), "%.200s:%u", policy->file, match->line);
		snprintf(text, sizeof(text),
			 "%s: policy %s: %s = %.64s: there is no such user now; until there is, this "
			 "line matches nothing",
			 where, policy->name, policy_match_text(match, value, sizeof(value)), match->text);
		note(text);
	}
}

void live_notes(const struct config *config, live_note *note)
{
	bool named = kernel_names_memory();

	for (size_t i = 0; i < config->policies.n; i++) {
		if (!named)
			note_named(&config->policies.items[i], note);
		note_users(&config->policies.items[i], note);
	}
}

static int make(const struct config *files, const struct overlays *overlays,
		struct config *ret_config, struct policy_error *error)
{
	struct config config = *files;
	int err = overlays_lay(overlays, &files->policies, &config.policies, error);

	if (err)
		return err;
	err = live_check(&config, error);
	if (err)
		config_free(&config);
	else
		*ret_config = config;
	return err;
}

int live_files(struct live *live, struct config *files, struct config *ret_config,
	       struct policy_error *error)
{
	int err = make(files, &live->overlays, ret_config, error);

	if (err)
		return err;
	config_free(&live->files);
	live->files = *files;
	return 0;
}

int live_overlays(struct live *live, struct overlays *overlays, struct config *ret_config,
		  struct policy_error *error)
{
	int err = make(&live->files, overlays, ret_config, error);

	if (err)
		return err;
	overlays_free(&live->overlays);
	live->overlays = *overlays;
	return 0;
}

void live_exit(struct live *live)
{
	config_free(&live->files);
	overlays_free(&live->overlays);
}
