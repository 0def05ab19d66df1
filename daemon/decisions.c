// SPDX-License-Identifier: GPL-2.0-or-later
/* decisions.c -- what was planned lately, and why. */

#include "decisions.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define N_SLOTS (2 * DECISIONS_MAX)
#define PROBES 8

static struct decision decision_of(const struct plan_move *move, bool dry_run, bool paused)
{
	return (struct decision){
		.space = move->space,
		.kind = move->kind,
		.reason = move->reason,
		.from = move->from,
		.to = move->to,
		.level_min = move->level,
		.level_max = move->level,
		.dry_run = move->dry_run || dry_run,
		.paused = paused,
		.start = move->start,
		.end = move->start + (uint64_t)move->n_pages * HEAT_PAGE,
		.pages = move->n_pages,
	};
}

static bool are_one(const struct decision *a, const struct decision *b)
{
	return a->space == b->space && a->kind == b->kind && a->reason == b->reason &&
	       a->from == b->from && a->to == b->to && a->dry_run == b->dry_run &&
	       a->paused == b->paused;
}

static size_t slot_of(const struct decision *d)
{
	uint64_t key = (uintptr_t)d->space / sizeof(void *);

	key = key * 8 + d->kind;
	key = key * 16 + d->reason;
	key = key * 64 + (uint64_t)d->from * 8 + d->to;
	return (size_t)(key * 0x9e3779b97f4a7c15ULL >> 32) % N_SLOTS;
}

static void merge(struct decision *into, const struct decision *d, struct plan_move *move)
{
	move->tag = into->number;
	into->start = d->start < into->start ? d->start : into->start;
	into->end = d->end > into->end ? d->end : into->end;
	into->level_min = d->level_min < into->level_min ? d->level_min : into->level_min;
	into->level_max = d->level_max > into->level_max ? d->level_max : into->level_max;
	into->pages += d->pages;
}

static void append(struct decisions *all, const struct decision *d, struct plan_move *move)
{
	const struct process *process = heat_space_owner(move->space);
	struct decision *item = &all->items[all->n % DECISIONS_MAX];

	if (item->round == d->round && item->slot)
		all->slots[item->slot - 1] = 0;
	free(item->tenant);
	*item = *d;
	item->number = move->tag = (uint16_t)all->n++;
	item->tenant = strdup(process->tenant->name);
	item->pid = process->pid;
}

/* With the others of its kind, or by itself: also where there are too many to be found. */
static void take(struct decisions *all, struct decision *d, struct plan_move *move)
{
	struct decision *last = &all->items[(all->n - 1) % DECISIONS_MAX];
	size_t first = slot_of(d);

	if (all->n && last->round == d->round && are_one(last, d)) {
		merge(last, d, move);
		return;
	}
	for (size_t probe = 0; probe < PROBES; probe++) {
		size_t slot = (first + probe) % N_SLOTS;
		uint16_t number = all->slots[slot];

		if (!number) {
			if (!d->slot)
				d->slot = (uint16_t)(slot + 1);
		} else if (are_one(&all->items[number - 1], d)) {
			merge(&all->items[number - 1], d, move);
			return;
		}
	}
	if (d->slot)
		all->slots[d->slot - 1] = (uint16_t)(all->n % DECISIONS_MAX + 1);
	append(all, d, move);
}

void decisions_take(struct decisions *all, const struct plan *plan, uint32_t round,
		    bool dry_run, bool paused)
{
	uint64_t time_ns = clock_read_ns(CLOCK_REALTIME);

	memset(all->slots, 0, sizeof(all->slots));
	for (size_t i = 0; i < plan->n_moves; i++) {
		struct decision d = decision_of(&plan->moves[i], dry_run, paused);

		d.round = round;
		d.time_ns = time_ns;
		take(all, &d, &plan->moves[i]);
	}
}

/* A plan has no more moves than there are tags. */
struct outcome *decisions_outcome(struct decisions *all, const struct plan_move *move)
{
	struct decision *item = &all->items[move->tag % DECISIONS_MAX];

	return item->number == move->tag ? &item->outcome : NULL;
}

const struct decision *decisions_back(const struct decisions *all, size_t back)
{
	if (back >= all->n || back >= DECISIONS_MAX)
		return NULL;
	return &all->items[(all->n - 1 - back) % DECISIONS_MAX];
}

void decisions_clear(struct decisions *all)
{
	for (size_t i = 0; i < DECISIONS_MAX; i++)
		free(all->items[i].tenant);
	memset(all, 0, sizeof(*all));
}
