/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shown.h -- a tenant in the figures that are shown of it. */
#ifndef RAMIFYD_SHOWN_H
#define RAMIFYD_SHOWN_H

#include "round.h"

struct shown shown_of(const struct round *round, const struct tenant *tenant);

#endif
