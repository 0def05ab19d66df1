/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shown.h -- a tenant in the figures that are shown of it. */
#ifndef RAMIFYD_SHOWN_H
#define RAMIFYD_SHOWN_H

#include "round.h"

struct shown {
	uint64_t fast_bytes, slow_bytes;	/* resident and known */
	uint64_t hot_bytes, cold_bytes;		/* the same, by heat: hot pays for its move */
	uint64_t blind_bytes;			/* that no look could see */
	uint32_t left_alone;			/* rounds */
};

struct shown shown_of(const struct round *round, const struct tenant *tenant);

#endif
