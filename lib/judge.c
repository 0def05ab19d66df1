// SPDX-License-Identifier: LGPL-2.1-or-later
/* judge.c -- what was measured against what firmware claims, and against the order of tiers. */

#include <stdio.h>
#include <stdlib.h>

#include "system.h"

/* Firmware may be so far off, in percent. A node of a slower tier may be so much faster. */
#define TOLERANCE 25

struct judgement {
	const struct ramify_system *sys;
	ramify_warning_fn warn;
	void *arg;
};

static const struct ramify_node *node_of(const struct ramify_system *sys,
					 const struct ramify_speed *speed)
{
	for (size_t i = 0; i < sys->n_nodes; i++) {
		if (sys->nodes[i].node == speed->node)
			return &sys->nodes[i];
	}
	return NULL;
}

double ramify_deviation(const struct ramify_figure *figure, uint64_t claimed)
{
	if (claimed == RAMIFY_UNKNOWN || !claimed || figure->median <= 0)
		return 0;
	return figure->median / claimed - 1;
}

/* A latency in ns, else a bandwidth in 10^6 bytes/s. */
static void judge_figure(const struct judgement *j, int node, const char *name,
			 const struct ramify_figure *figure, uint64_t claimed, bool is_latency)
{
	double deviation = ramify_deviation(figure, claimed);
	char text[256];

	if (deviation * 100 <= TOLERANCE && deviation * 100 >= -TOLERANCE)
		return;
	if (is_latency)
		snprintf(text, sizeof(text), "node %d: %s is %.4g ns, and firmware claims %.4g ns",
			 node, name, figure->median, (double)claimed);
	else
		snprintf(text, sizeof(text),
			 "node %d: %s is %.4g GB/s, and firmware claims %.4g GB/s", node, name,
			 figure->median / 1e3, claimed / 1e3);
	j->warn(j->arg, text);
}

static void judge_node(const struct judgement *j, const struct ramify_speed *s)
{
	const struct ramify_node *node = node_of(j->sys, s);

	if (!node)
		return;
	judge_figure(j, s->node, "read latency", &s->read_latency_ns, node->read_latency_ns, true);
	judge_figure(j, s->node, "read bandwidth", &s->read_mbps, node->read_bandwidth_mbps, false);
	judge_figure(j, s->node, "write bandwidth", &s->write_mbps, node->write_bandwidth_mbps,
		     false);
}

/* Slower the larger: latency by bandwidth, as the kernel weighs what firmware tells. */
static double slowness(const struct ramify_speed *speed)
{
	double mbps = speed->read_mbps.median + speed->write_mbps.median;

	return mbps > 0 ? speed->read_latency_ns.median / mbps : 0;
}

static void judge_pair(const struct judgement *j, const struct ramify_speed *upper,
		       const struct ramify_speed *lower)
{
	const struct ramify_node *a = node_of(j->sys, upper), *b = node_of(j->sys, lower);
	double over = slowness(upper), under = slowness(lower);
	char text[320];

	if (!a || !b || a->rank < 0 || a->rank >= b->rank)
		return;
	if (under <= 0 || over * 100 <= under * (100 + TOLERANCE))
		return;
	snprintf(text, sizeof(text),
		 "node %d is in tier %d, and slower than node %d in tier %d: %.4g ns and %.4g GB/s against %.4g ns and %.4g GB/s",
		 a->node, a->rank, b->node, b->rank, upper->read_latency_ns.median,
		 upper->read_mbps.median / 1e3, lower->read_latency_ns.median,
		 lower->read_mbps.median / 1e3);
	j->warn(j->arg, text);
}

void ramify_judge(const struct ramify_system *sys, const struct ramify_speed *speeds, size_t n,
		  ramify_warning_fn warn, void *arg)
{
	struct judgement j = { sys, warn, arg };

	for (size_t i = 0; i < n; i++)
		judge_node(&j, &speeds[i]);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++)
			judge_pair(&j, &speeds[i], &speeds[k]);
	}
}
