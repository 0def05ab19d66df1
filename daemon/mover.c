// SPDX-License-Identifier: GPL-2.0-or-later
/* mover.c -- carries a plan out, a short step at a time. */

#include "mover.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"
#include "pidfd.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

/* A huge page takes as long as so many small ones. */
#define HUGE_WEIGHT 32
#define NO_NODE UINT32_MAX

/* What is given to the kernel in one call, and whence it came. */
struct step {
	struct process *process;
	const struct plan_move *first;
	unsigned int node;
	uint64_t room;		/* bytes of the node for this call */
	bool shared;
	size_t n;		/* addresses */
	unsigned int weight;
	void *pages[MOVE_PAGES];
	const struct plan_move *moves[MOVE_PAGES];	/* whence each is */
	uint8_t fates[MOVE_PAGES];
};

void mover_begin(struct mover *mover, const struct plan *plan, struct tiers *tiers,
		 struct decisions *decisions)
{
	mover->plan = plan;
	mover->tiers = tiers;
	mover->decisions = decisions;
	mover->generation = tiers->generation;
	mover->at = mover->part = 0;
	mover->room_known = false;
	mover->counts = (struct move_counts){ 0 };
	mover->ns = mover->longest_ns = 0;
	for (unsigned int node = 0; node < ZONEINFO_NODES; node++)
		mover->others[node] /= 2;
	tiers_begin_plan(tiers);
}

void mover_stop(struct mover *mover)
{
	mover->plan = NULL;
}

/* ---- where to ---- */

/* Anew for a batch's promotions: its demotions have made room for them. */
static void read_room(struct mover *m, const struct plan_move *move)
{
	if (m->room_known && m->batch == move->batch && m->kind == move->kind)
		return;
	m->room_known = true;
	m->batch = move->batch;
	m->kind = move->kind;
	if (tiers_refresh(m->tiers) || m->tiers->generation != m->generation) {
		/* Nodes came or went, or nothing can be read: the next plan knows. */
		for (unsigned int node = 0; node < ZONEINFO_NODES; node++)
			m->room[node] = 0;
		return;
	}
	for (unsigned int node = 0; node < m->tiers->n_nodes; node++)
		m->room[node] = tiers_room(m->tiers, node);
}

/* Others allocate meanwhile: so free memory is read again before each call, and as much is left
 * for them as they took lately during one, twice. */
static uint64_t read_room_now(struct mover *m, unsigned int node)
{
	uint64_t room;

	if (tiers_refresh_node(m->tiers, node))
		return 0;
	room = tiers_room(m->tiers, node);
	if (room < m->room[node])
		m->room[node] = room;
	room = tiers_room_now(m->tiers, node, 2 * m->others[node]);
	return room < m->room[node] ? room : m->room[node];
}

/* The node of a tier with the most room. */
static unsigned int choose_node(const struct mover *m, const struct process *process,
				unsigned int rank)
{
	unsigned int best = NO_NODE;

	for (unsigned int node = 0; node < m->tiers->n_nodes; node++) {
		if (m->tiers->ranks[node] != rank || !m->tiers->now.nodes[node].managed_bytes ||
		    !status_node_allowed(&process->status, node))
			continue;
		if (best == NO_NODE || m->room[node] > m->room[best])
			best = node;
	}
	return best;
}

/* ---- what ---- */

static const struct plan_move *next(const struct mover *m)
{
	return &m->plan->moves[m->at];
}

static bool is_shared(const struct process *process, uint64_t address)
{
	const struct range *range = ranges_find(&process->ranges, address);

	return range && range->shared;
}

static bool fits(const struct step *step, const struct plan_move *move)
{
	const struct plan_move *first = step->first;
	unsigned int n = move->huge ? 1 : move->n_pages, weight = move->huge ? HUGE_WEIGHT : n;

	return move->kind == first->kind && move->space == first->space &&
	       move->to == first->to && move->batch == first->batch && !move->dry_run &&
	       step->n + n <= MOVE_PAGES && (!step->n || step->weight + weight <= MOVE_PAGES) &&
	       is_shared(step->process, move->start) == step->shared;
}

/* What is left of a move is not tried in this round. */
static void leave(struct mover *m, const struct step *step, const struct plan_move *move,
		  bool forbidden)
{
	struct outcome *outcome = decisions_outcome(m->decisions, move);
	struct move_counts *both[] = { &m->counts, &step->process->tenant->counts };
	unsigned int pages = move->n_pages - m->part;

	for (unsigned int k = 0; k < 2; k++)
		*(forbidden ? &both[k]->forbidden : &both[k]->put_off) += pages;
	if (outcome)
		*(forbidden ? &outcome->forbidden : &outcome->put_off) += pages;
}

static uint64_t rest_of(const struct mover *m, const struct plan_move *move)
{
	return move->start + (uint64_t)m->part * HEAT_PAGE;
}

/* How many of @pages are in the same range: the next one's may be shared otherwise. */
static unsigned int alike(const struct process *process, uint64_t start, unsigned int pages)
{
	const struct range *range = ranges_find(&process->ranges, start);
	uint64_t left = range ? (range->end - start) / HEAT_PAGE : pages;

	return left < pages ? (unsigned int)left : pages;
}

/* As much of it as there is room for now: a huge page as a whole or not at all. */
static unsigned int fitting(const struct mover *m, const struct step *step,
			    const struct plan_move *move)
{
	unsigned int pages = move->n_pages - m->part;

	if (step->room >= (uint64_t)pages * HEAT_PAGE)
		return pages;
	return move->huge ? 0 : (unsigned int)(step->room / HEAT_PAGE);
}

/* False: the rest of it is for another call. */
static bool take(struct mover *m, struct step *step, const struct plan_move *move)
{
	unsigned int pages = fitting(m, step, move), n = move->huge && pages ? 1 : pages;
	uint64_t start = rest_of(m, move);

	if (!move->huge)
		n = pages = alike(step->process, start, pages);
	step->room -= (uint64_t)pages * HEAT_PAGE;
	m->room[step->node] -= (uint64_t)pages * HEAT_PAGE;
	step->weight += move->huge ? n * HUGE_WEIGHT : n;
	for (unsigned int i = 0; i < n; i++) {
		step->pages[step->n] = (void *)(uintptr_t)(start + (uint64_t)i * HEAT_PAGE);
		step->moves[step->n++] = move;
	}
	m->part += pages;
	if (m->part < move->n_pages && step->n)
		return false;
	if (m->part < move->n_pages)
		leave(m, step, move, false);
	return true;
}

static void fill(struct mover *m, struct step *step)
{
	const struct plan_move *move = next(m);

	*step = (struct step){ .process = heat_space_owner(move->space), .first = move };
	read_room(m, move);
	step->shared = is_shared(step->process, rest_of(m, move));
	step->node = choose_node(m, step->process, move->to);
	if (step->node != NO_NODE)
		step->room = read_room_now(m, step->node);
	do {
		if (step->node == NO_NODE)
			leave(m, step, next(m), true);
		else if (!take(m, step, next(m)))
			return;
		m->part = 0;
		m->at++;
	} while (m->at < m->plan->n_moves && fits(step, next(m)));
}

/* ---- what came of it ---- */

static unsigned int pages_at(const struct step *step, size_t i)
{
	return step->moves[i]->huge ? HEAT_CHUNK_PAGES : 1;
}

static void count(struct mover *m, const struct step *step, size_t i)
{
	struct outcome *outcome = decisions_outcome(m->decisions, step->moves[i]);
	unsigned int pages = pages_at(step, i);
	bool promoted = step->first->kind == PLAN_PROMOTE;
	struct move_counts *both[] = { &m->counts, &step->process->tenant->counts };

	if (outcome)
		outcome->fates[step->fates[i]] += pages;
	for (unsigned int k = 0; k < 2; k++) {
		if (step->fates[i] != MOVE_MOVED)
			both[k]->failed[step->fates[i]] += pages;
		else if (promoted)
			both[k]->promoted += pages;
		else
			both[k]->demoted += pages;
	}
}

static uint64_t address(const struct step *step, size_t i)
{
	return (uintptr_t)step->pages[i];
}

/* Each stretch that moved; each chunk, once, of which something stayed though it is there. */
static void tell(struct mover *m, const struct step *step)
{
	struct heat_space *space = step->process->space;
	uint64_t failed = UINT64_MAX;
	size_t i, end;

	for (i = 0; i < step->n; i = end) {
		uint64_t chunk = address(step, i) / HEAT_PAGE / HEAT_CHUNK_PAGES;
		uint32_t pages = pages_at(step, i);

		count(m, step, i);
		for (end = i + 1; end < step->n && !step->moves[i]->huge &&
		     !step->moves[end]->huge && step->fates[end] == step->fates[i] &&
		     address(step, end) == address(step, i) + pages * (uint64_t)HEAT_PAGE; end++) {
			count(m, step, end);
			pages++;
		}
		if (step->fates[i] == MOVE_MOVED)
			heat_moved(space, address(step, i), pages, step->first->to);
		else if (step->fates[i] != MOVE_GONE && chunk != failed)
			heat_failed(space, address(step, i));
		if (step->fates[i] != MOVE_MOVED && step->fates[i] != MOVE_GONE)
			failed = chunk;
	}
}

static uint64_t moved_bytes(const struct step *step)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < step->n; i++) {
		if (step->fates[i] == MOVE_MOVED)
			pages += pages_at(step, i);
	}
	return pages * HEAT_PAGE;
}

/* What others took meanwhile; and the kernel's reserve, which is for them: seen to be left alone by us. */
static void see_node(struct mover *m, const struct step *step)
{
	const struct zoneinfo_node *now = &m->tiers->now.nodes[step->node];
	uint64_t before = now->free_bytes, after, *others = &m->others[step->node];

	m->calls++;
	tiers_took(m->tiers, step->node, moved_bytes(step));
	if (tiers_refresh_node(m->tiers, step->node))
		return;
	after = now->free_bytes + moved_bytes(step);
	*others /= 2;
	if (after < before && *others < before - after)
		*others = before - after;
	/* What this processor keeps for itself is told by zoneinfo alone. */
	if (now->free_bytes < now->min_bytes && !tiers_refresh(m->tiers) &&
	    tiers_pushed(m->tiers, step->node, moved_bytes(step)))
		m->calls_below_min++;
}

static void move(struct mover *m, struct step *step)
{
	uint64_t began = clock_now_ns(), took;
	int err;

	if (!step->n || pidfd_alive(step->process->pidfd))
		return;
	err = move_to(move_pages_call, step->process->pid, step->node, step->pages, step->n,
		      step->shared, step->fates);
	took = clock_now_ns() - began;
	m->ns += took;
	if (took > m->longest_ns)
		m->longest_ns = took;
	if (err)
		return;
	see_node(m, step);
	tell(m, step);
}

/* ---- huge pages, to be seen more finely or put together again ---- */

static void reshape(struct mover *m, const struct plan_move *move)
{
	struct outcome *outcome = decisions_outcome(m->decisions, move);
	struct process *process = heat_space_owner(move->space);
	bool split = move->kind == PLAN_SPLIT;
	struct iovec part = { .iov_base = (void *)(uintptr_t)move->start,
			      .iov_len = split ? HEAT_PAGE :
						 (size_t)HEAT_CHUNK_PAGES * HEAT_PAGE };
	bool failed;

	/* A hint for a part of a huge page splits it. */
	failed = syscall(SYS_process_madvise, process->pidfd, &part, 1,
			 split ? MADV_COLD : MADV_COLLAPSE, 0) < 0;
	if (outcome)
		outcome->fates[failed ? MOVE_BUSY : MOVE_MOVED] += move->n_pages;
	if (failed)
		heat_failed(move->space, move->start);
	else if (split)
		heat_split(move->space, move->start);
	else
		heat_joined(move->space, move->start);
}

bool mover_step(struct mover *m)
{
	static struct step step;
	const struct plan_move *now;

	if (!m->plan || m->at >= m->plan->n_moves)
		return false;
	now = next(m);
	if (now->dry_run) {
		m->at++;
	} else if (now->kind == PLAN_SPLIT || now->kind == PLAN_JOIN) {
		reshape(m, now);
		m->at++;
	} else {
		fill(m, &step);
		move(m, &step);
	}
	return m->at < m->plan->n_moves;
}
