// SPDX-License-Identifier: GPL-2.0-or-later
/* split.c -- some are split and observed; more only where that has shown something. */

#include "split.h"

/* Looks after which a split page has shown where its heat is. */
#define OBSERVED_LOOKS 16
/* One in so many is split at a time: to try, and when it has proved right. */
#define PART_TRY 32
#define PART_PROVEN 4
/* Of 255 squared. */
#define ROUNDING 8

struct survey {
	const struct cut *cut;
	unsigned int level; /* that the share cuts */
	struct picked *picked; /* NULL: only count */
	struct heat_space *space;
	uint64_t huge; /* at that level or above */
	uint64_t observed; /* not yet long enough */
	uint64_t uneven, even;
	uint64_t joined; /* by the kernel, and uneven */
	uint64_t every, n; /* of the huge ones this is split */
	int err;
};

struct chunk_heat {
	unsigned int level; /* the share's */
	unsigned int hot, pages;
	uint64_t sum, squares; /* of slow averages */
	unsigned int ranks; /* one bit each */
	struct stretch first;
};

static void count_hot(void *arg, const struct stretch *s)
{
	struct chunk_heat *heat = arg;

	if (!heat->pages)
		heat->first = *s;
	heat->pages += s->end - s->first;
	heat->ranks |= 1u << s->rank;
	heat->sum += (uint64_t)(s->end - s->first) * (s->cell & 255);
	heat->squares += (uint64_t)(s->end - s->first) * (s->cell & 255) * (s->cell & 255);
	if (s->level >= heat->level)
		heat->hot += s->end - s->first;
}

static void add(struct survey *v, uint64_t number, const struct chunk_heat *heat,
		enum plan_kind kind, enum plan_reason reason)
{
	struct plan_move move = {
		.space = v->space,
		.start = chunk_address(number),
		.n_pages = HEAT_CHUNK_PAGES,
		.kind = (uint8_t)kind,
		.reason = (uint8_t)reason,
		.from = (uint8_t)heat->first.rank,
		.to = (uint8_t)heat->first.rank,
		.level = (uint8_t)heat->first.level,
		.huge = kind == PLAN_SPLIT,
		.dry_run = v->cut->tenant->settings.dry_run,
	};

	v->err = picked_add(v->picked, &move);
}

static void look_at_huge(struct survey *v, uint64_t number, const struct chunk_heat *heat)
{
	if (heat->hot < heat->pages)
		return;
	v->huge++;
	if (v->picked && v->every && v->huge % v->every == 0)
		add(v, number, heat, PLAN_SPLIT, PLAN_OBSERVE);
}

/*
 * Most of its pages are hot, and differ no more than equal ones do by chance: by p (1 - p) / 63, see
 * pay.c, and twice that after the first looks; and by rounding.
 */
static bool is_even(const struct chunk_heat *heat)
{
	uint64_t n = heat->pages, sum = heat->sum;
	uint64_t chance = 5 * sum * (255 * n - sum) / (2 * 63) + ROUNDING * n * n;

	return 2 * heat->hot > heat->pages && n * heat->squares - sum * sum <= chance;
}

/* What is known goes on to be true, or to be found out. */
static bool is_due(const struct chunk *chunk, const struct chunk_heat *heat)
{
	return heat->hot && (chunk->seen < OBSERVED_LOOKS || !is_even(heat));
}

static void look_at_joined(struct survey *v, uint64_t number, const struct chunk *chunk,
			   const struct chunk_heat *heat)
{
	if (!is_due(chunk, heat))
		return;
	v->joined++;
	if (v->picked)
		add(v, number, heat, PLAN_SPLIT, PLAN_REJOINED);
}

/* It is joined only where all of it is there, in one tier. */
static void look_at_split(struct survey *v, uint64_t number, const struct chunk *chunk,
			  const struct chunk_heat *heat)
{
	if (chunk->seen < OBSERVED_LOOKS) {
		v->observed++;
		return;
	}
	if (!is_even(heat)) {
		v->uneven += !!heat->hot;
		return;
	}
	v->even++;
	if (v->picked && heat->pages == HEAT_CHUNK_PAGES &&
	    !(heat->ranks & (heat->ranks - 1)))
		add(v, number, heat, PLAN_JOIN, PLAN_OBSERVE);
}

static struct chunk_heat heat_of(const struct heat_space *space, uint64_t number,
				 const struct chunk *chunk, unsigned int level)
{
	struct chunk_heat heat = { .level = level };
	const struct run *run;
	struct runs buf;
	unsigned int n = chunk_view(chunk, &buf, &run);

	space_stretches(space, number, run, n, count_hot, &heat);
	return heat;
}

bool split_again(const struct heat_space *space, uint64_t number,
		 const struct chunk *chunk, unsigned int level)
{
	struct chunk_heat heat = heat_of(space, number, chunk, level);

	return is_due(chunk, &heat);
}

static void look_at_chunk(struct survey *v, const struct chunk *chunk, uint64_t number)
{
	struct chunk_heat heat;

	if (!(chunk->flags & (CHUNK_HUGE | CHUNK_SPLIT)) ||
	    chunk->hold_until > v->cut->tenant->heat->round)
		return;
	heat = heat_of(v->space, number, chunk, v->level);
	if (chunk->flags & CHUNK_HUGE && chunk->flags & CHUNK_JOINED)
		look_at_joined(v, number, chunk, &heat);
	else if (chunk->flags & CHUNK_HUGE)
		look_at_huge(v, number, &heat);
	else
		look_at_split(v, number, chunk, &heat);
}

static void look_at_all(struct survey *v)
{
	v->huge = v->observed = v->uneven = v->even = v->joined = 0;
	for (v->space = v->cut->tenant->spaces; v->space; v->space = v->space->next) {
		for (size_t i = 0; i < v->space->n_groups && !v->err; i++) {
			const struct group *group = v->space->groups[i];

			for (uint32_t bits = group->have; bits && !v->err;
			     bits &= bits - 1) {
				unsigned int bit = (unsigned int)__builtin_ctz(bits);

				look_at_chunk(v, &group->chunks[group_index(group, bit)],
					      group->number * GROUP_CHUNKS + bit);
			}
		}
	}
}

/* Nothing at first but a few; more when these have proved uneven; none while they are observed. */
static uint64_t every_which(const struct survey *v)
{
	if (v->uneven > v->even)
		return v->huge < PART_PROVEN ? 1 : PART_PROVEN;
	if (v->observed || v->even ||
	    v->cut->tenant->split_after > v->cut->tenant->heat->round)
		return 0;
	return v->huge < PART_TRY ? v->huge : PART_TRY;
}

int split_moves(const struct cut *cut, unsigned int level, struct picked *picked)
{
	struct survey v = { .cut = cut, .level = level };

	look_at_all(&v);
	v.every = every_which(&v);
	if (!v.every && !v.even && !v.joined)
		return 0;
	v.picked = picked;
	look_at_all(&v);
	return v.err;
}
