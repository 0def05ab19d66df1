// SPDX-License-Identifier: GPL-2.0-or-later
/* nomem_test.c -- memory runs out at each allocation in turn: what is counted stays true, and mends. */

#include <errno.h>
#include <string.h>

#include "core/core.h"

#include "random.h"

#define BASE 0x7f0000000000ull
#define CHUNKS 12
#define PAGES (CHUNKS * 512)
#define SITES_MIN 40

/* Counts down; at 0 one allocation fails. */
static long left;

static bool fails(void)
{
	return left >= 0 && left-- == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t n, size_t size);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t n, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, n, size);
}

struct world {
	struct heat *heat;
	struct heat_tenant *tenant;
	struct heat_space *space;
	struct plan plan;
	unsigned int failed;
};

/* Nothing but want of memory may be wrong. */
static void note(struct world *w, int err)
{
	assert_true(!err || err == -ENOMEM);
	w->failed += err != 0;
}

/* Every page is there, used at random: some chunks page by page, others in long runs. */
static void look(struct world *w, uint64_t *seed)
{
	static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };
	static struct heat_run runs[PAGES];
	size_t n = 0;

	for (unsigned int page = 0; page < PAGES; page += runs[n++].n_pages)
		runs[n] = (struct heat_run){
			.start = BASE + (uint64_t)page * HEAT_PAGE,
			.n_pages = page / 512 % 3 ? 1 : 256,
			.state = HEAT_PRESENT,
			.rank = page / 512 % 2,
			.rate = random_below(seed, 2) ? 255 : 0,
		};
	heat_look_begin(w->space, &exact);
	note(w, heat_fold(w->space, runs, n));
	heat_look_end(w->space);
}

static void plan(struct world *w)
{
	struct plan_tier tiers[2] = { { .free_bytes = 4 << 20 }, { .free_bytes = 1 << 30 } };
	struct plan_input input = { .tiers = tiers, .n_tiers = 2, .interval_ms = 1000 };
	int err = plan_make(w->heat, &input, &w->plan);

	note(w, err);
	if (err)
		assert_int_equal(w->plan.n_moves, 0);
	for (size_t i = 0; i < w->plan.n_moves; i++) {
		const struct plan_move *move = &w->plan.moves[i];

		note(w, heat_moved(move->space, move->start, move->n_pages, move->to));
	}
	heat_round(w->heat);
}

/* What is counted of each rank and level is what the pieces come to. */
static void expect_true_counts(const struct world *w)
{
	static struct heat_piece pieces[PAGES];
	uint64_t counts[HEAT_RANKS_MAX][HEAT_LEVELS] = { 0 };
	size_t n = heat_pieces(w->space, 0, pieces, PAGES);
	struct heat_stat stat;

	for (size_t i = 0; i < n; i++)
		counts[pieces[i].rank][pieces[i].level] += pieces[i].n_pages;
	heat_stat(w->tenant, &stat);
	assert_memory_equal(counts, stat.pages, sizeof(counts));
}

static void live(struct world *w, uint64_t *seed)
{
	for (int i = 0; i < 4; i++) {
		look(w, seed);
		expect_true_counts(w);
		plan(w);
		expect_true_counts(w);
	}
	note(w, heat_moved(w->space, BASE + 700 * HEAT_PAGE, 1000, 2));
	note(w, heat_place(w->space, BASE + 100 * HEAT_PAGE, BASE + 900 * HEAT_PAGE,
			   POLICY_TIER_SLOW));
	note(w, heat_place(w->space, BASE + 300 * HEAT_PAGE, BASE + 400 * HEAT_PAGE,
			   POLICY_TIER_LEAVE));
	expect_true_counts(w);
	look(w, seed);
	note(w, heat_forget(w->space, BASE + 600 * HEAT_PAGE, BASE + 1700 * HEAT_PAGE));
	expect_true_counts(w);
	look(w, seed);
	plan(w);
	expect_true_counts(w);
}

static void create(struct world *w)
{
	int err = heat_create(&w->heat);

	if (!err)
		err = heat_tenant_add(w->heat, w, &w->tenant);
	if (!err)
		err = heat_space_add(w->tenant, w, &w->space);
	note(w, err);
}

/* With the @n-th allocation failing. False: there are not so many. */
static bool live_with(long n, unsigned int *failed)
{
	struct world w = { 0 };
	uint64_t seed = 1;
	bool all;

	left = n;
	create(&w);
	if (w.space)
		live(&w, &seed);
	all = left >= 0;
	left = -1;
	if (w.space) {
		/* The next look has all again. */
		look(&w, &seed);
		expect_true_counts(&w);
		assert_int_equal(heat_resident_bytes(w.tenant), (uint64_t)PAGES * HEAT_PAGE);
	}
	plan_free(&w.plan);
	heat_destroy(w.heat);
	*failed += w.failed != 0;
	return !all;
}

static void test_each_allocation(void **state)
{
	unsigned int failed = 0;
	long n = 0;

	while (live_with(n, &failed))
		n++;
	assert_in_range(n, SITES_MIN, 100000);
	/* None is passed over in silence. */
	assert_int_equal(failed, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
