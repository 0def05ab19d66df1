// SPDX-License-Identifier: GPL-2.0-or-later
/* tiersconf_fuzz.c -- tiers.conf: what can be read stays as it is when measurements are saved. */

#include "tiersconf.h"

#include "text.h"

static void must_agree(const struct tiersconf *before, const struct tiersconf *after)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct tiersconf_node *a = &before->nodes[i];
		const struct tiersconf_node *b = tiersconf_find(after, a->node);

		if (a->tier < 0 && !a->has_targets)
			continue;
		must(b && a->tier == b->tier && a->has_targets == b->has_targets);
		must(a->n_targets == b->n_targets);
		must(!memcmp(a->targets, b->targets, a->n_targets * sizeof(*a->targets)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ramify_speed speeds[] = {
		{ .node = 0, .read_latency_ns.median = 1.25 }, { .node = 7, .read_mbps.median = 3 },
	};
	struct tiersconf conf, again;
	char *text = text_of(data, size), *merged;
	struct ramify *ctx;

	must(!ramify_new("/nonexistent", &ctx) || !ramify_new(NULL, &ctx));
	if (!tiersconf_parse(ctx, "x", text, &conf)) {
		must(!tiersconf_merge(text, speeds, 2, &merged));
		must(!tiersconf_parse(ctx, "x", merged, &again));
		must_agree(&conf, &again);
		must(tiersconf_find(&again, 7)->read_mbps > 2);
		tiersconf_free(&again);
		tiersconf_free(&conf);
		free(merged);
	}
	ramify_free(ctx);
	free(text);
	return 0;
}
