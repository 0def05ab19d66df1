// SPDX-License-Identifier: GPL-2.0-or-later
/* batch.c -- first down, then up, never more than half of what is free above the mark. */

#include "batch.h"

#include <string.h>

/*
 * Moves wait in queues by what they do: demotions to the slowest tier first, as they make
 * room at the bottom; in a queue the coldest is demoted first, the hottest promoted first.
 */
#define N_QUEUES (2 * HEAT_RANKS_MAX + 3)
#define QUEUE_REJOINED (N_QUEUES - 3)
#define QUEUE_OBSERVE (N_QUEUES - 2)
#define QUEUE_DRY (N_QUEUES - 1)
#define N_KEYS (N_QUEUES * HEAT_LEVELS)

struct queue {
	size_t next, end;
};

struct batching {
	const struct plan_input *input;
	struct cut *cuts;
	struct plan_move *sorted;
	struct queue queues[N_QUEUES];
	int64_t spare[HEAT_RANKS_MAX]; /* pages that are free above the mark */
	struct plan_move *out;
	size_t n, max;
	size_t waiting; /* at most, in all queues */
	uint32_t batch;
};

static unsigned int queue_of(const struct plan_move *move)
{
	if (move->dry_run)
		return QUEUE_DRY;
	if (move->reason == PLAN_REJOINED)
		return QUEUE_REJOINED;
	if (move->reason == PLAN_OBSERVE)
		return QUEUE_OBSERVE;
	if (move->kind == PLAN_DEMOTE)
		return HEAT_RANKS_MAX - 1 - move->to;
	return HEAT_RANKS_MAX + move->to;
}

static unsigned int key_of(const struct plan_move *move)
{
	unsigned int level =
		move->kind == PLAN_DEMOTE ? move->level : HEAT_LEVELS - 1u - move->level;

	return queue_of(move) * HEAT_LEVELS + level;
}

/* By key; what has the same one stays in order. */
static void sort_moves(struct batching *b, const struct plan_move *moves, size_t n,
		       struct plan_move *buf)
{
	size_t at[N_KEYS + 1] = { 0 };

	for (size_t i = 0; i < n; i++)
		at[key_of(&moves[i]) + 1]++;
	for (unsigned int key = 0; key < N_KEYS; key++)
		at[key + 1] += at[key];
	for (unsigned int i = 0; i < N_QUEUES; i++) {
		b->queues[i].next = at[i * HEAT_LEVELS];
		b->queues[i].end = at[(i + 1) * HEAT_LEVELS];
	}
	for (size_t i = 0; i < n; i++)
		buf[at[key_of(&moves[i])]++] = moves[i];
	b->sorted = buf;
}

/* Of the boundaries between two ranks, for the move's tenant. */
static struct cut *cuts_of(const struct batching *b, const struct plan_move *move)
{
	return &b->cuts[heat_space_tenant(move->space)->index * (b->input->n_tiers - 1)];
}

static void take(struct batching *b, const struct plan_move *move)
{
	struct cut *cuts = cuts_of(b, move);

	for (unsigned int i = move->to; i < move->from; i++)
		cuts[i].room -= move->n_pages;
	for (unsigned int i = move->from; i < move->to; i++)
		cuts[i].room += move->n_pages;
	b->spare[move->from] += move->n_pages;
	b->spare[move->to] -= move->n_pages;
	b->out[b->n] = *move;
	b->out[b->n++].batch = b->batch;
}

/* As long as there is room below, at most @pages in all. */
static void demote(struct batching *b, int64_t pages)
{
	for (unsigned int i = 0; i < HEAT_RANKS_MAX; i++) {
		struct queue *queue = &b->queues[i];
		unsigned int to = HEAT_RANKS_MAX - 1 - i;

		while (queue->next < queue->end && pages > 0 &&
		       b->spare[to] >= b->sorted[queue->next].n_pages) {
			pages -= b->sorted[queue->next].n_pages;
			take(b, &b->sorted[queue->next++]);
			b->waiting--;
		}
	}
}

/* Pages of a promotion that may go now: a huge page as a whole or not at all. */
static int64_t fitting(const struct batching *b, const struct plan_move *move,
		       int64_t pages)
{
	const struct cut *cuts = cuts_of(b, move);

	for (unsigned int i = move->to; i < move->from && i + 1 < b->input->n_tiers; i++) {
		if (cuts[i].room < pages)
			pages = cuts[i].room;
	}
	if (pages >= move->n_pages)
		return move->n_pages;
	/* A cut makes one more. */
	if (pages <= 0 || move->huge || b->n + b->waiting >= b->max)
		return 0;
	return pages;
}

/* @pages of it, from the first; what remains waits with none or more. */
static void promote_part(struct batching *b, struct plan_move *move, int64_t pages)
{
	struct plan_move part = *move;

	part.n_pages = (uint16_t)pages;
	take(b, &part);
	move->start += (uint64_t)pages * HEAT_PAGE;
	move->n_pages = (uint16_t)(move->n_pages - pages);
	b->waiting -= !move->n_pages;
}

/* What has gone leaves no gap between what waits. */
static void close_gaps(struct batching *b, struct queue *queue, size_t end)
{
	size_t to = end;

	for (size_t i = end; i-- > queue->next;) {
		if (b->sorted[i].n_pages)
			b->sorted[--to] = b->sorted[i];
	}
	queue->next = to;
}

/* Free memory is read once for a batch; who has no room in its share waits for its own
 * demotions. */
static void promote(struct batching *b)
{
	int64_t half[HEAT_RANKS_MAX];

	for (unsigned int to = 0; to < HEAT_RANKS_MAX; to++)
		half[to] = b->spare[to] / 2;
	for (unsigned int to = 0; to < HEAT_RANKS_MAX; to++) {
		struct queue *queue = &b->queues[HEAT_RANKS_MAX + to];
		size_t i;

		for (i = queue->next; i < queue->end && half[to] > 0; i++) {
			int64_t pages = fitting(b, &b->sorted[i], half[to]);

			if (pages)
				promote_part(b, &b->sorted[i], pages);
			half[to] -= pages;
		}
		close_gaps(b, queue, i);
	}
}

static void begin(struct batching *b)
{
	for (unsigned int rank = 0; rank < b->input->n_tiers; rank++) {
		const struct plan_tier *tier = &b->input->tiers[rank];

		b->spare[rank] = (int64_t)(tier->free_bytes / HEAT_PAGE) -
				 (int64_t)(tier->high_bytes / HEAT_PAGE);
	}
}

/* What needs no room. A huge page that moves is split after that. */
static void append(struct batching *b, unsigned int i)
{
	struct queue *queue = &b->queues[i];

	while (queue->next < queue->end) {
		b->out[b->n] = b->sorted[queue->next++];
		b->out[b->n++].batch = b->batch;
		b->waiting--;
	}
}

size_t batch_order(const struct plan_input *input, uint64_t batch_pages, struct cut *cuts,
		   struct plan_move *moves, size_t n, size_t max, struct plan_move *buf)
{
	struct batching b = { .input = input, .cuts = cuts, .out = moves, .max = max };
	size_t before;

	b.waiting = n;
	begin(&b);
	sort_moves(&b, moves, n, buf);
	append(&b, QUEUE_REJOINED);
	do {
		before = b.n;
		demote(&b, (int64_t)batch_pages);
		promote(&b);
		b.batch++;
	} while (b.n > before);
	append(&b, QUEUE_OBSERVE);
	append(&b, QUEUE_DRY);
	return b.n;
}
