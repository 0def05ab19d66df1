/* SPDX-License-Identifier: GPL-2.0-only */
/* scrub.h -- zeroes what a holding has claimed, while it is not memory. */
#ifndef RAMIFY_SCRUB_H
#define RAMIFY_SCRUB_H

#include "holding.h"

/* Zeroes on from where the last call stopped. -EINTR (only if @killable), -ENOMEM. */
int scrub_continue(struct holding *h, bool killable);
void scrub_begin(struct holding *h);
void scrub_end(struct holding *h);

#endif
