// SPDX-License-Identifier: LGPL-2.1-or-later
/* advise.c -- a program says where its own memory belongs: to the kernel, and to the daemon. */

#include <errno.h>
#include <inttypes.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "system.h"

#ifndef MPOL_PREFERRED_MANY
#define MPOL_PREFERRED_MANY 5
#endif

#define WORD (8 * sizeof(unsigned long))

struct nodes {
	unsigned long mask[1024 / WORD];
	unsigned int n;
};

static int find_nodes(struct ramify *ctx, bool fast, struct nodes *nodes)
{
	const struct ramify_node *node = NULL;
	struct ramify_system *sys;
	int err = ramify_system_read(ctx, &sys);

	if (err)
		return err;
	while ((node = ramify_next_node(sys, node))) {
		if (node->rank < 0 || node->node >= 1024 || ramify_node_is_fast(sys, node) != fast)
			continue;
		nodes->mask[(unsigned int)node->node / WORD] |= 1ul << (unsigned int)node->node % WORD;
		nodes->n++;
	}
	ramify_system_free(sys);
	return 0;
}

static int fail_range(struct ramify *ctx, int err, const void *start, size_t len)
{
	return fail(ctx, err,
		    err == -EFAULT ? "%zu bytes at %p are not all mapped" :
		    err == -EINVAL ? "%zu bytes at %p: the cpuset allows no such node" :
				     "%zu bytes at %p: the kernel takes no memory policy for them",
		    len, start);
}

/* Where new pages begin. 1: there are no such nodes here. */
static int bind(struct ramify *ctx, void *start, size_t len, enum ramify_advice advice)
{
	struct nodes nodes = { 0 };
	int err = 0;

	if (advice == RAMIFY_ADVISE_AUTO) {
		if (mbind(start, len, MPOL_DEFAULT, NULL, 0, 0))
			err = fail_range(ctx, -errno, start, len);
		return err;
	}
	err = find_nodes(ctx, advice == RAMIFY_ADVISE_FAST, &nodes);
	if (err)
		return err;
	if (!nodes.n) {
		fail(ctx, 0, "there is no slow memory here");
		return 1;
	}
	if (mbind(start, len, MPOL_PREFERRED_MANY, nodes.mask, 1024 + 1, 0))
		err = fail_range(ctx, -errno, start, len);
	return err;
}

/* ---- the daemon ---- */

static const char *const tiers[] = {
	[RAMIFY_ADVISE_AUTO] = "auto",
	[RAMIFY_ADVISE_FAST] = "fast",
	[RAMIFY_ADVISE_SLOW] = "slow",
};

/* Of {"error":"REASON"}. */
static int fail_refused(struct ramify *ctx, const char *answer)
{
	const char *reason = strstr(answer, "\"error\":");

	reason = reason ? strchr(reason + strlen("\"error\":"), '"') : NULL;
	if (!reason)
		return fail(ctx, -EPROTO, "ramifyd does not take the advice");
	return fail(ctx, -EPERM, "ramifyd does not take the advice: %.*s",
		    (int)strcspn(reason + 1, "\""), reason + 1);
}

static int tell(struct ramify *ctx, uintptr_t start, uintptr_t end, enum ramify_advice advice)
{
	unsigned int status;
	char body[128], *answer;
	int err;

	snprintf(body, sizeof(body), "{\"start\":%" PRIuPTR ",\"end\":%" PRIuPTR ",\"tier\":\"%s\"}",
		 start, end, tiers[advice]);
	err = ramify_ask(ctx, "POST", "/v1/advice", body, &status, &answer);
	if (err)
		return err;
	if (status != 200)
		err = fail_refused(ctx, answer);
	free(answer);
	return err;
}

int ramify_advise(struct ramify *ctx, void *addr, size_t len, enum ramify_advice advice,
		  unsigned int *ret_done)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)addr, end;
	unsigned int done = 0;
	int err;

	if (start % page || !len || len > UINTPTR_MAX - page - start || (int)advice < 0 ||
	    advice > RAMIFY_ADVISE_SLOW)
		return fail(ctx, -EINVAL, "%zu bytes at %p: an address of a page, a length and an "
					  "advice are wanted", len, addr);
	*ctx->message = '\0';
	end = (start + len + page - 1) / page * page;
	err = bind(ctx, addr, end - start, advice);
	if (err < 0)
		return err;
	if (!err)
		done |= RAMIFY_ADVISED_KERNEL;
	if (!tell(ctx, start, end, advice))
		done |= RAMIFY_ADVISED_DAEMON;
	if (ret_done)
		*ret_done = done;
	return 0;
}
