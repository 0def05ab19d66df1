/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.h -- which chunks of a process are watched for writes, a few at a time. */
#ifndef RAMIFYD_WATCH_H
#define RAMIFYD_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One chunk in `every` is watched: in one look it is armed, the next one tells what was written
 * since then. Then it is the next ones' turn, so that all of memory is known after 2 * every looks.
 */
#define WATCH_EVERY 64		/* at the most: each page that is written costs a fault */

struct watch_turn {
	uint32_t every;		/* 0: none */
	uint32_t phase;		/* ... where the chunk's number modulo every is this */
	bool begins;		/* these are only armed: what is told of their writes is old */
};

/** Before look number @looks; one that goes on where it was cut off is the same one. @bytes are
 *  those that are managed: of little memory a larger part is watched. */
void watch_next(struct watch_turn *turn, uint32_t looks, uint64_t bytes, bool wanted);

#endif
