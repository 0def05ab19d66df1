/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.h -- do a tenant's pages go to and fro? */
#ifndef RAMIFY_CORE_WATCH_H
#define RAMIFY_CORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Some of the pages that were moved are remembered, by a hash of their address: all as long as
 * there is room, then a half, a quarter, ... One that moves the other way within
 * WATCH_ROUNDS has come back. From what is remembered the whole is told.
 */
#define WATCH_ROUNDS 32
#define WATCH_SLOTS 128

struct watch_slot {
	uint32_t key;		/* 0: empty */
	uint32_t round : 31;
	uint32_t up : 1;
};

struct watch {
	struct watch_slot *slots;	/* NULL: no move lately */
	uint8_t shift;			/* one of 2^shift pages is remembered */
	uint8_t trouble;		/* times in a row that too much came back */
	uint32_t quiet_until;		/* round */
	uint32_t until;			/* end of the time over which is being counted */
	uint32_t last;			/* round of the last move */
	uint32_t seen, back;		/* remembered pages that moved, and that came back */
	uint64_t moved_pages, bounced_pages;
	uint64_t judged_pages;	/* bounced_pages when last judged */
};

/** @pages at @key (an address or what tells it apart) moved up or down. -ENOMEM. */
int watch_move(struct watch *watch, uint64_t key, uint32_t pages, bool up, uint32_t round,
	       size_t *bytes);
/** A round is over, in which so many pages were resident. What nothing is remembered in any more is given back. */
void watch_round(struct watch *watch, uint32_t round, uint64_t resident_pages, size_t *bytes);
void watch_clear(struct watch *watch, size_t *bytes);

#endif
