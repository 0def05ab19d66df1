/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tiersconf.h -- /etc/ramify/tiers.conf: tiers set by hand, and what was measured. */
#ifndef RAMIFY_LIB_TIERSCONF_H
#define RAMIFY_LIB_TIERSCONF_H

#include "context.h"

#define TIERSCONF_DIR "etc/ramify"
#define TIERSCONF_NAME "tiers.conf"
#define TIERSCONF_TIERS_MAX 64
#define TIERSCONF_TARGETS_MAX 16

/* Of one node; 0, -1 and false for what the file says nothing about. */
struct tiersconf_node {
	int node;
	int tier;
	bool has_targets;
	unsigned int targets_line;
	int targets[TIERSCONF_TARGETS_MAX];
	size_t n_targets;
	double read_latency_ns, read_mbps, write_mbps, copy_mbps;
};

struct tiersconf {
	struct tiersconf_node *nodes;
	size_t n;
};

/* Strict: -EBADMSG, with a message that names file and line. @path is for messages only. */
int tiersconf_parse(struct ramify *ctx, const char *path, const char *text,
		    struct tiersconf *ret_conf);
/* No file is an empty one. */
int tiersconf_read(struct ramify *ctx, struct tiersconf *ret_conf);
void tiersconf_free(struct tiersconf *conf);
/* NULL: the file says nothing about it. */
const struct tiersconf_node *tiersconf_find(const struct tiersconf *conf, int node);

/* @text with what was measured in the place of older measurements of the same nodes, and all
 * else as it is. -ENOMEM. */
int tiersconf_merge(const char *text, const struct ramify_speed *speeds, size_t n,
		    char **ret_text);

#endif
