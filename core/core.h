/* SPDX-License-Identifier: GPL-2.0-or-later */
/* core.h -- what decides which pages belong in which tier: policies, heat, shares, plans. */
#ifndef RAMIFY_CORE_CORE_H
#define RAMIFY_CORE_CORE_H

/*
 * A static library that knows libc only: no clock, no file, no log, no globals, one
 * thread at a time. Functions return 0 or a negative errno; outputs come last, named
 * ret_*, and are untouched on failure. doc/design/planning.md has the reasons.
 *
 * The daemon's round, once a period:
 *
 *	for each space:	  sampler -> heat_look_begin(), heat_fold()..., heat_look_end()
 *	once:		  plan_make(heat, tiers as they are now) -> moves in order
 *	for each move:	  move_pages() -> heat_moved(), heat_failed()
 */
#include "heat.h"
#include "overlay.h"
#include "plan.h"
#include "policy.h"
#include "scope.h"
#include "share.h"

#endif
