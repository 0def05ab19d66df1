// SPDX-License-Identifier: GPL-2.0-or-later
/* watch.c -- a sample of the pages that moved, and whether they came back. */

#include "watch.h"

#include <errno.h>
#include <stdlib.h>

/* How long is counted before it is judged; how many at least say anything. */
#define JUDGE_ROUNDS 8
#define JUDGE_PAGES 8
/* Of what is resident, less may come back: free memory goes up and down by a little everywhere. */
#define TRIFLE_SHARE 32
#define TROUBLE_MAX 8
#define PROBES 8

/* The finalizer of splitmix64; its upper half is never 0. */
static uint64_t hash(uint64_t key)
{
	key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
	key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
	return (key ^ (key >> 31)) | 1ull << 63;
}

static bool is_stale(const struct watch_slot *slot, uint32_t round)
{
	return !slot->key || round - slot->round > WATCH_ROUNDS;
}

static bool is_sampled(const struct watch *watch, uint32_t key)
{
	return !(key & ((1u << watch->shift) - 1));
}

/* Half as many from now on. */
static void thin_out(struct watch *watch)
{
	if (watch->shift < 20)
		watch->shift++;
	for (size_t i = 0; i < WATCH_SLOTS; i++) {
		if (!is_sampled(watch, watch->slots[i].key))
			watch->slots[i].key = 0;
	}
}

/* The slot of @key, or one for it; NULL: all that it could have are taken. */
static struct watch_slot *find_slot(struct watch *watch, uint64_t hashed, uint32_t round)
{
	uint32_t key = (uint32_t)(hashed >> 32);
	struct watch_slot *empty = NULL;

	for (unsigned int i = 0; i < PROBES; i++) {
		struct watch_slot *slot = &watch->slots[(hashed + i) % WATCH_SLOTS];

		if (slot->key == key)
			return slot;
		if (!empty && is_stale(slot, round))
			empty = slot;
	}
	return empty;
}

/* Is it remembered as having moved the other way? Remember it now. */
static bool came_back(struct watch *watch, uint64_t hashed, bool up, uint32_t round)
{
	struct watch_slot *slot = find_slot(watch, hashed, round);
	uint32_t key = (uint32_t)(hashed >> 32);
	bool back;

	if (!slot) {
		thin_out(watch);
		return false;
	}
	back = slot->key == key && !is_stale(slot, round) && slot->up != up;
	*slot = (struct watch_slot){ .key = key, .round = round, .up = up };
	return back;
}

int watch_move(struct watch *watch, uint64_t key, uint32_t pages, bool up, uint32_t round,
	       size_t *bytes)
{
	uint64_t hashed = hash(key);

	watch->moved_pages += pages;
	watch->last = round;
	if (!watch->slots) {
		watch->slots = calloc(WATCH_SLOTS, sizeof(*watch->slots));
		if (!watch->slots)
			return -ENOMEM;
		*bytes += WATCH_SLOTS * sizeof(*watch->slots);
	}
	if (!is_sampled(watch, (uint32_t)(hashed >> 32)))
		return 0;
	watch->seen++;
	if (came_back(watch, hashed, up, round)) {
		watch->back++;
		watch->bounced_pages += (uint64_t)pages << watch->shift;
	}
	return 0;
}

/* More than a quarter came back: leave it alone for 8, 16, ... rounds. */
static void judge(struct watch *watch, uint32_t round, uint64_t resident_pages)
{
	bool much = watch->bounced_pages - watch->judged_pages > resident_pages / TRIFLE_SHARE;

	if (much && watch->seen >= JUDGE_PAGES && 4 * watch->back > watch->seen) {
		if (watch->trouble < TROUBLE_MAX)
			watch->trouble++;
		watch->quiet_until = round + (4u << watch->trouble);
	} else if (watch->trouble) {
		watch->trouble--;
	}
	if (watch->seen < 2 * JUDGE_PAGES && watch->shift)
		watch->shift--;
	watch->seen = 0;
	watch->back = 0;
	watch->judged_pages = watch->bounced_pages;
}

static void drop_slots(struct watch *watch, size_t *bytes)
{
	if (watch->slots)
		*bytes -= WATCH_SLOTS * sizeof(*watch->slots);
	free(watch->slots);
	watch->slots = NULL;
	watch->shift = 0;
}

void watch_round(struct watch *watch, uint32_t round, uint64_t resident_pages, size_t *bytes)
{
	if (!watch->slots || round < watch->until)
		return;
	/* Not while it is left alone: it would be forgiven for what it could not do. */
	if (round >= watch->quiet_until)
		judge(watch, round, resident_pages);
	watch->until =
		(watch->quiet_until > round ? watch->quiet_until : round) + JUDGE_ROUNDS;
	if (!watch->trouble && round - watch->last > WATCH_ROUNDS)
		drop_slots(watch, bytes);
}

void watch_clear(struct watch *watch, size_t *bytes)
{
	drop_slots(watch, bytes);
	*watch = (struct watch){ 0 };
}
