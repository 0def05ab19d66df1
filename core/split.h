/* SPDX-License-Identifier: GPL-2.0-or-later */
/* split.h -- huge pages whose heat may be in a part of them. */
#ifndef RAMIFY_CORE_SPLIT_H
#define RAMIFY_CORE_SPLIT_H

#include "pick.h"

/** Which huge pages of a tenant to split, to see where their heat is, and which to join again. @level is
 *  the share's .contested, and not 0. -ENOMEM. */
int split_moves(const struct cut *cut, unsigned int level, struct picked *picked);

/** Is a chunk, which the kernel has joined of small pages, split again by that plan? */
bool split_again(const struct heat_space *space, uint64_t number, const struct chunk *chunk,
		 unsigned int level);

#endif
