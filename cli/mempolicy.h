/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mempolicy.h -- on which nodes this process, and what it starts, gets its memory. */
#ifndef RAMIFY_CLI_MEMPOLICY_H
#define RAMIFY_CLI_MEMPOLICY_H

#include <ramify.h>

#include "core/policy.h"

/**
 * Prefer the nodes that @policy's tier means, or take them in turn. What this kernel or machine
 * cannot is told on stderr, after @title; what comes next to it is set then. -EINVAL: the
 * cpuset allows none of the nodes.
 */
int mempolicy_set(const char *title, const struct ramify_system *sys, const struct policy *policy);

/** In turns of @fast pages on each of @n_fast nodes and @slow on each of @n_slow, so that
 *  @share (of 10000) of all are on fast ones: small numbers, at most 255. */
void mempolicy_weights(unsigned int share, unsigned int n_fast, unsigned int n_slow,
		       unsigned int *ret_fast, unsigned int *ret_slow);

#endif
