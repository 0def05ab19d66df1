/* SPDX-License-Identifier: GPL-2.0-or-later */
/* split.h -- huge pages whose heat may be in a part of them. */
#ifndef RAMIFY_CORE_SPLIT_H
#define RAMIFY_CORE_SPLIT_H

#include "pick.h"

/** Which huge pages of a tenant to split, to see where their heat is, and which to join again.
 *  -ENOMEM. */
int split_moves(const struct cut *cut, struct picked *picked);

#endif
