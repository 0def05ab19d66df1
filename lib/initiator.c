// SPDX-License-Identifier: LGPL-2.1-or-later
/* initiator.c -- which CPUs are nearest to a node's memory. */

#include "initiator.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dir.h"
#include "value.h"

#define NODE_DIR "sys/devices/system/node"

/* Which of the numbers in its file is for @to: there is one for each node that is online. */
static int place_of(const struct ramify_system *sys, int to)
{
	int place = 0;

	for (size_t i = 0; i < sys->n_nodes; i++) {
		if (sys->nodes[i].node == to)
			return sys->nodes[i].online ? place : -1;
		place += sys->nodes[i].online;
	}
	return -1;
}

int initiator_distance(struct ramify *ctx, const struct ramify_system *sys, int from, int to,
		       int *ret_distance)
{
	char dir[64], path[PATH_MAX], text[ATTR_MAX], *rest = text, *word;
	int place = place_of(sys, to), err;
	uint64_t value;

	snprintf(dir, sizeof(dir), NODE_DIR "/node%d", from);
	err = value_text(ctx, dir, "distance", text, sizeof(text));
	if (!err)
		err = value_path(ctx, path, sizeof(path), dir, "distance");
	if (err)
		return err;
	*ret_distance = -1;
	while (place >= 0 && (word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		if (parse_u64(word, &value) || value > 255)
			return value_absurd(ctx, path, word);
		if (place-- == 0)
			*ret_distance = value;
	}
	return 0;
}

static bool has_cpus(const struct ramify_system *sys, uint64_t number)
{
	for (size_t i = 0; i < sys->n_nodes; i++) {
		if ((uint64_t)sys->nodes[i].node == number)
			return *sys->nodes[i].cpus;
	}
	return false;
}

/* Class 1 is about CPUs only; class 0, which is older, about whatever can start an access. */
static int find_told(struct ramify *ctx, const struct ramify_system *sys, int node, int *found)
{
	struct dir_list list;
	char path[96];
	uint64_t number;
	int err = 0;

	for (int class = 1; !err && class >= 0; class--) {
		snprintf(path, sizeof(path), NODE_DIR "/node%d/access%d/initiators", node, class);
		err = dir_list_read(ctx, path, "node", &list);
		for (size_t i = 0; !err && i < list.n && *found < 0; i++) {
			if (!dir_number(list.names[i], "node", &number) && has_cpus(sys, number))
				*found = number;
		}
		if (!err)
			dir_list_free(&list);
	}
	return err;
}

/* Where distances are not known, the first. */
static int find_near(struct ramify *ctx, const struct ramify_system *sys, int node, int *found)
{
	int best = INT_MAX;

	for (size_t i = 0; i < sys->n_nodes; i++) {
		int distance, err;

		if (!*sys->nodes[i].cpus)
			continue;
		err = initiator_distance(ctx, sys, sys->nodes[i].node, node, &distance);
		if (err)
			return err;
		if (distance < 0)
			distance = INT_MAX - 1;
		if (distance < best) {
			best = distance;
			*found = sys->nodes[i].node;
		}
	}
	return 0;
}

int initiator_find(struct ramify *ctx, const struct ramify_system *sys, int node, int *ret_node)
{
	int found = has_cpus(sys, node) ? node : -1, err = 0;

	if (found < 0)
		err = find_told(ctx, sys, node, &found);
	if (!err && found < 0)
		err = find_near(ctx, sys, node, &found);
	if (err)
		return err;
	if (found < 0)
		return fail(ctx, -ENODEV, "no node has CPUs");
	*ret_node = found;
	return 0;
}
