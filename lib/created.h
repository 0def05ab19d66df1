/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* created.h -- what a create made, for its caller to keep. */
#ifndef RAMIFY_LIB_CREATED_H
#define RAMIFY_LIB_CREATED_H

#include "region.h"
#include "state.h"

/* A device that is to be made, then is there. */
struct creation_item {
	struct state_ranges pieces;
	uint64_t size_bytes;
	char name[NAME_BYTES];		/* "" not yet */
	char ns[NAME_BYTES];		/* "" not persistent */
	bool kept;			/* recorded */
};

/* @told: its numbers are taken over. */
int created_tell(const char *region, const struct creation_item *items, size_t n,
		 uint64_t block_bytes, const struct ramify_created *told,
		 struct ramify_created **ret_created);

#endif
