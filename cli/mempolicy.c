// SPDX-License-Identifier: GPL-2.0-or-later
/* mempolicy.c -- on which nodes this process, and what it starts, gets its memory. */

#include "mempolicy.h"

#include <errno.h>
#include <fcntl.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef MPOL_WEIGHTED_INTERLEAVE
#define MPOL_WEIGHTED_INTERLEAVE 6
#endif

#define NODES 1024
#define WORD (8 * sizeof(unsigned long))
#define WEIGHTS "/sys/kernel/mm/mempolicy/weighted_interleave"
#define WEIGHT_MAX 255

struct nodes {
	unsigned long mask[NODES / WORD];
	unsigned int n;
};

static void add(struct nodes *nodes, int node)
{
	nodes->mask[(unsigned int)node / WORD] |= 1ul << (unsigned int)node % WORD;
	nodes->n++;
}

static bool has(const struct nodes *nodes, unsigned int node)
{
	return nodes->mask[node / WORD] >> node % WORD & 1;
}

/* Those with memory, fast and slow ones. */
static void find_nodes(const struct ramify_system *sys, struct nodes *fast, struct nodes *slow)
{
	const struct ramify_node *node = NULL;

	while ((node = ramify_next_node(sys, node))) {
		if (node->rank >= 0 && node->node >= 0 && node->node < NODES)
			add(ramify_node_is_fast(sys, node) ? fast : slow, node->node);
	}
}

static int set(int mode, const struct nodes *nodes)
{
	return set_mempolicy(mode, nodes->mask, NODES + 1) ? -errno : 0;
}

/* A task's own policy stops NUMA balancing, unless it says that it shall not, which old kernels
 * do not know of this mode. */
static int prefer(const struct nodes *nodes, enum policy_numab balancing)
{
	int err = -EINVAL;

	if (balancing == POLICY_NUMAB_KEEP)
		err = set(MPOL_PREFERRED_MANY | MPOL_F_NUMA_BALANCING, nodes);
	return err == -EINVAL ? set(MPOL_PREFERRED_MANY, nodes) : err;
}

/* ---- in turn ---- */

static unsigned int divisor(unsigned int a, unsigned int b)
{
	return b ? divisor(b, a % b) : a;
}

void mempolicy_weights(unsigned int share, unsigned int n_fast, unsigned int n_slow,
		       unsigned int *ret_fast, unsigned int *ret_slow)
{
	unsigned int percent = (share + 50) / 100, fast, slow, common, larger;

	if (percent < 1)
		percent = 1;
	if (percent > 99)
		percent = 99;
	fast = percent * n_slow;
	slow = (100 - percent) * n_fast;
	common = divisor(fast, slow);
	fast /= common;
	slow /= common;
	larger = fast > slow ? fast : slow;
	if (larger > WEIGHT_MAX) {
		fast = (fast * WEIGHT_MAX + larger / 2) / larger;
		slow = (slow * WEIGHT_MAX + larger / 2) / larger;
	}
	*ret_fast = fast ? fast : 1;
	*ret_slow = slow ? slow : 1;
}

static int weight_read(unsigned int node, unsigned int *ret_weight)
{
	char path[128];
	FILE *file;
	int n;

	snprintf(path, sizeof(path), WEIGHTS "/node%u", node);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	n = fscanf(file, "%3u", ret_weight);
	fclose(file);
	return n == 1 ? 0 : -EBADMSG;
}

static int weight_write(unsigned int node, unsigned int weight)
{
	char path[128], text[16];
	int fd, len = snprintf(text, sizeof(text), "%u\n", weight), err = 0;

	snprintf(path, sizeof(path), WEIGHTS "/node%u", node);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)len) != len)
		err = -errno;
	close(fd);
	return err;
}

struct weights {
	const struct nodes *fast, *slow;
	unsigned int of_fast, of_slow;
};

/* Do all of them have these weights, or the one that kernels start with? */
static void compare(const struct weights *want, bool *ret_same, bool *ret_untouched)
{
	*ret_same = *ret_untouched = true;
	for (unsigned int node = 0; node < NODES; node++) {
		unsigned int weight = 0;

		if (!has(want->fast, node) && !has(want->slow, node))
			continue;
		if (weight_read(node, &weight))
			weight = 0;
		*ret_same &= weight == (has(want->fast, node) ? want->of_fast : want->of_slow);
		*ret_untouched &= weight == 1;
	}
}

/* They hold for all programs on this machine: so they are only set where nobody has. */
static void set_weights(const char *title, const struct weights *want)
{
	bool same, untouched;
	int err = 0;

	compare(want, &same, &untouched);
	if (same)
		return;
	for (unsigned int node = 0; untouched && !err && node < NODES; node++) {
		if (has(want->fast, node) || has(want->slow, node))
			err = weight_write(node,
					   has(want->fast, node) ? want->of_fast : want->of_slow);
	}
	if (err)
		fprintf(stderr, "%s: the weights in " WEIGHTS " stay as they are: %s\n", title,
			strerror(-err));
	else if (!untouched)
		fprintf(stderr,
			"%s: the weights in " WEIGHTS " stay as they are, as somebody set them; "
			"fast-max comes to %u:%u\n",
			title, want->of_fast, want->of_slow);
}

static int interleave(const char *title, const struct nodes *fast, const struct nodes *slow,
		      const struct policy_settings *settings)
{
	struct policy_amount max = settings->fast_max;
	struct weights want = { .fast = fast, .slow = slow };
	struct nodes all = *fast;
	int err;

	for (size_t i = 0; i < NODES / WORD; i++)
		all.mask[i] |= slow->mask[i];
	err = set(MPOL_WEIGHTED_INTERLEAVE, &all);
	if (err)
		return err;
	if (max.relative && max.value && max.value < 10000) {
		mempolicy_weights((unsigned int)max.value, fast->n, slow->n, &want.of_fast,
				  &want.of_slow);
		set_weights(title, &want);
	}
	return 0;
}

int mempolicy_set(const char *title, const struct ramify_system *sys, const struct policy *policy)
{
	const struct policy_settings *settings = &policy->settings;
	struct nodes fast = { 0 }, slow = { 0 };
	int err = -EINVAL;

	find_nodes(sys, &fast, &slow);
	if (!slow.n && (settings->tier == POLICY_TIER_SLOW || settings->interleave))
		fprintf(stderr, "%s: there is no slow memory here: all of its memory is fast\n",
			title);
	else if (settings->tier == POLICY_TIER_SLOW)
		return prefer(&slow, settings->numa_balancing);
	else if (settings->interleave)
		err = interleave(title, &fast, &slow, settings);
	else
		return prefer(&fast, settings->numa_balancing);
	if (err && slow.n)
		fprintf(stderr,
			"%s: this kernel has no weighted interleave: fast nodes are preferred\n",
			title);
	return err ? prefer(&fast, settings->numa_balancing) : 0;
}
