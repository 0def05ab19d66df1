// SPDX-License-Identifier: GPL-2.0-or-later
/* pick.c -- walks what may hold pages to move, by the levels that each group may have. */

#include "pick.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "split.h"

struct walk {
	struct cut *cuts;
	unsigned int n_cuts;
	unsigned int level; /* for what is split again */
	struct picked *picked;
	uint32_t want[HEAT_RANKS_MAX]; /* levels that move, of each rank */
	uint64_t left; /* pages to move, over all boundaries */
	/* where it is */
	struct heat_space *space;
	const struct chunk *chunk;
	bool huge; /* the chunk, when its turn comes */
	bool held; /* not now */
	uint64_t base;
	uint32_t levels[HEAT_RANKS_MAX]; /* found in the group */
	int err;
};

static uint32_t levels_from(unsigned int level)
{
	return UINT32_MAX << level;
}

static uint32_t levels_to(unsigned int level)
{
	return UINT32_MAX >> (HEAT_LEVELS - 1 - level);
}

static void want_levels(struct walk *w)
{
	for (unsigned int i = 0; i < w->n_cuts; i++) {
		const struct cut *cut = &w->cuts[i];
		uint64_t up = cut_up(cut), down = cut_down(cut);

		w->left += up + down;
		for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++) {
			if (rank <= cut->rank && down)
				w->want[rank] |= levels_to(cut->down_level);
			if (rank > cut->rank && up)
				w->want[rank] |= levels_from(cut->up_level);
		}
	}
}

int picked_add(struct picked *picked, const struct plan_move *move)
{
	size_t size = picked->size ? 2 * picked->size : 256;
	struct plan_move *moves;

	if (picked->n == picked->max) {
		picked->full = true;
		return 0;
	}
	if (picked->n == picked->size) {
		moves = reallocarray(picked->moves, size, sizeof(*moves));
		if (!moves)
			return -ENOMEM;
		picked->moves = moves;
		picked->size = size;
	}
	picked->moves[picked->n++] = *move;
	return 0;
}

/* How many of @pages may cross the boundary. */
static uint64_t goes_up(const struct cut *cut, unsigned int level, uint64_t pages)
{
	if (!cut_up(cut) || level < cut->up_level)
		return 0;
	if (level > cut->up_level)
		return pages;
	return pages < cut->up_part ? pages : cut->up_part;
}

static uint64_t goes_down(const struct cut *cut, unsigned int level, uint64_t pages)
{
	if (!cut_down(cut) || level > cut->down_level)
		return 0;
	if (level < cut->down_level)
		return pages;
	return pages < cut->down_part ? pages : cut->down_part;
}

static void use_up(struct walk *w, struct cut *cut, unsigned int level, uint64_t pages,
		   bool up)
{
	uint64_t *part = up ? &cut->up_part : &cut->down_part;

	if (level == (up ? cut->up_level : cut->down_level))
		*part -= pages < *part ? pages : *part;
	w->left -= pages < w->left ? pages : w->left;
}

/* A rank that the tenant may use: @rank, or the next one away from @from. -1: none. */
static int allowed_rank(const struct walk *w, int rank, unsigned int from)
{
	uint32_t ranks = w->cuts->tenant->ranks;
	int step = rank < (int)from ? -1 : 1;

	while (rank >= 0 && rank <= (int)w->n_cuts && !(ranks & 1u << rank))
		rank += step;
	return rank >= 0 && rank <= (int)w->n_cuts ? rank : -1;
}

static enum plan_reason reason_up(const struct cut *cut, unsigned int level)
{
	if (level == HEAT_LEVEL_FAST)
		return PLAN_DECREE;
	return level < cut->hot_level ? PLAN_MINIMUM : PLAN_HOT;
}

/* What must go is the coldest: reasons follow each other as pages are taken. */
static enum plan_reason reason_down(const struct cut *cut, unsigned int level)
{
	if (level == HEAT_LEVEL_SLOW)
		return PLAN_DECREE;
	return cut->excess ? cut->reason : PLAN_ORDER;
}

/* A huge page goes as a whole: up only if all of it may, down already if part of it must. */
static uint64_t whole_pages(const struct walk *w, const struct stretch *s, uint64_t pages,
			    bool up)
{
	if (!w->huge || !pages)
		return pages;
	if (up && pages < s->end - s->first)
		return 0;
	return s->end - s->first;
}

static void pick_pages(struct walk *w, const struct stretch *s, uint64_t pages, int to,
		       enum plan_reason reason)
{
	struct plan_move move = {
		.space = w->space,
		.start = w->base + (uint64_t)s->first * HEAT_PAGE,
		.n_pages = (uint16_t)pages,
		.kind = to < (int)s->rank ? PLAN_PROMOTE : PLAN_DEMOTE,
		.reason = (uint8_t)reason,
		.from = (uint8_t)s->rank,
		.to = (uint8_t)to,
		.level = (uint8_t)s->level,
		.huge = w->huge,
		.dry_run = w->cuts->tenant->settings.dry_run,
	};

	w->err = picked_add(w->picked, &move);
	if (w->picked->full)
		w->left = 0;
}

/* Up to the fastest tier whose share has room for it. */
static bool pick_up(struct walk *w, const struct stretch *s)
{
	for (unsigned int i = 0; i < w->n_cuts && i < s->rank; i++) {
		struct cut *cut = &w->cuts[i];
		uint64_t pages = goes_up(cut, s->level, s->end - s->first);
		int to = allowed_rank(w, (int)i, s->rank);

		pages = whole_pages(w, s, pages, true);
		if (!pages || to < 0)
			continue;
		pick_pages(w, s, pages, to, reason_up(cut, s->level));
		for (unsigned int j = i; j < s->rank && j < w->n_cuts; j++)
			use_up(w, &w->cuts[j], s->level, pages, true);
		return true;
	}
	return false;
}

/* Down past each boundary whose share has none for it. */
static void pick_down(struct walk *w, const struct stretch *s)
{
	uint64_t pages = s->end - s->first;
	unsigned int i = s->rank;
	int to;

	for (; i < w->n_cuts; i++) {
		uint64_t down = goes_down(&w->cuts[i], s->level, pages);

		if (!down)
			break;
		pages = down;
	}
	to = i > s->rank ? allowed_rank(w, (int)i, s->rank) : -1;
	if (to < 0)
		return;
	pages = whole_pages(w, s, pages, false);
	pick_pages(w, s, pages, to, reason_down(&w->cuts[s->rank], s->level));
	for (unsigned int j = s->rank; j < i; j++)
		use_up(w, &w->cuts[j], s->level, pages, false);
}

static void pick_stretch(void *arg, const struct stretch *s)
{
	struct walk *w = arg;

	w->levels[s->rank] |= 1u << s->level;
	if (!w->left || w->err || !(w->want[s->rank] & 1u << s->level))
		return;
	if (w->held)
		return;
	if (!pick_up(w, s))
		pick_down(w, s);
}

static bool may_have(const struct group *group, const uint32_t *want)
{
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++) {
		if (group->levels[rank] & want[rank])
			return true;
	}
	return false;
}

/* What the kernel joined is split again before its pages move, or is one piece from the next look on. */
static void enter(struct walk *w, const struct chunk *chunk, uint64_t number)
{
	w->chunk = chunk;
	w->base = chunk_address(number);
	w->huge = chunk->flags & CHUNK_HUGE;
	w->held = chunk->hold_until > w->cuts->tenant->heat->round;
	if (!w->huge || !(chunk->flags & CHUNK_JOINED) || w->held)
		return;
	w->held = !w->level || !split_again(w->space, number, chunk, w->level);
	w->huge = false;
}

/* All of the group is looked at, so what may be in it is known just after. */
static void walk_group(struct walk *w, struct group *group)
{
	memset(w->levels, 0, sizeof(w->levels));
	for (uint32_t bits = group->have; bits; bits &= bits - 1) {
		unsigned int bit = (unsigned int)__builtin_ctz(bits);
		uint64_t number = group->number * GROUP_CHUNKS + bit;
		const struct run *run;
		struct runs buf;
		unsigned int n;

		enter(w, &group->chunks[group_index(group, bit)], number);
		n = chunk_view(w->chunk, &buf, &run);
		space_stretches(w->space, number, run, n, pick_stretch, w);
	}
	memcpy(group->levels, w->levels, sizeof(group->levels));
}

int pick_moves(struct cut *cuts, unsigned int n_cuts, unsigned int level,
	       struct picked *picked)
{
	struct walk w = { .cuts = cuts, .n_cuts = n_cuts, .level = level, .picked = picked };

	want_levels(&w);
	for (w.space = cuts->tenant->spaces; w.space && w.left; w.space = w.space->next) {
		for (size_t i = 0; i < w.space->n_groups && w.left && !w.err; i++) {
			if (may_have(w.space->groups[i], w.want))
				walk_group(&w, w.space->groups[i]);
		}
	}
	return w.err;
}
