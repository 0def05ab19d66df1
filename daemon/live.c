// SPDX-License-Identifier: GPL-2.0-or-later
/* live.c -- the configuration that holds: what files say, and what was set live over it. */

#include "live.h"


#include "sample.h"
#include "tiers.h"

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
