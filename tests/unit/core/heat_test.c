// SPDX-License-Identifier: GPL-2.0-or-later
/* heat_test.c -- what looks tell, and what it takes to keep it. */

#include <errno.h>
#include <string.h>

#include "core/plan.h"

#include "random.h"

#define KIB4 4096ull
#define MIB2 (512 * KIB4)
#define BASE 0x7f0000000000ull
/* Of a tenant, for each rank in which it has had pages. */
#define ROW_BYTES (HEAT_LEVELS * 8 + 16)

static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };

struct world {
	struct heat *heat;
	struct heat_tenant *tenant;
	struct heat_space *space;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w || heat_create(&w->heat) || heat_tenant_add(w->heat, w, &w->tenant) ||
	    heat_space_add(w->tenant, w, &w->space))
		return -1;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	heat_destroy(w->heat);
	free(w);
	return 0;
}

static void look(struct world *w, const struct heat_run *runs, size_t n)
{
	heat_look_begin(w->space, &exact);
	assert_int_equal(heat_fold(w->space, runs, n), 0);
	heat_look_end(w->space);
}

static struct heat_run run(uint64_t start, uint32_t n_pages, enum heat_state state,
			   bool used)
{
	return (struct heat_run){
		.start = start,
		.n_pages = n_pages,
		.state = (uint8_t)state,
		.rate = used ? 255 : 0,
	};
}

static struct heat_piece piece_at(struct world *w, uint64_t address)
{
	struct heat_piece piece = { 0 };

	if (heat_pieces(w->space, address, &piece, 1) && piece.start > address)
		piece = (struct heat_piece){ 0 };
	return piece;
}

static unsigned int level_at(struct world *w, uint64_t address)
{
	return piece_at(w, address).level;
}

static uint64_t pages_at(struct world *w, unsigned int rank)
{
	struct heat_stat stat;
	uint64_t pages = 0;

	heat_stat(w->tenant, &stat);
	for (unsigned int level = 0; level < HEAT_LEVELS; level++)
		pages += stat.pages[rank][level];
	return pages;
}

static void test_present(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 10, HEAT_PRESENT, true),
		run(BASE + 20 * KIB4, 600, HEAT_PRESENT, false),
	};

	runs[1].rank = 1;
	look(w, runs, 2);
	assert_int_equal(pages_at(w, 0), 10);
	assert_int_equal(pages_at(w, 1), 600);
	assert_int_equal(heat_resident_bytes(w->tenant), 610 * KIB4);
	assert_int_equal(piece_at(w, BASE).n_pages, 10);
	assert_int_equal(piece_at(w, BASE + 12 * KIB4).n_pages, 0);
	assert_int_equal(level_at(w, BASE + 20 * KIB4), HEAT_LEVEL_COLD);
	assert_true(level_at(w, BASE) > HEAT_LEVEL_COLD);
}

/* A page used in every look is hot; one that was used once among many is not. */
static void test_habit_and_burst(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 1, HEAT_PRESENT, true),
		run(BASE + KIB4, 1, HEAT_PRESENT, false),
		run(BASE + 2 * KIB4, 510, HEAT_PRESENT, false),
	};

	for (int i = 0; i < 40; i++) {
		runs[1].rate = i == 35 ? 255 : 0;
		look(w, runs, 3);
	}
	assert_true(level_at(w, BASE) >= 18);
	assert_true(level_at(w, BASE + KIB4) <= 5);
	assert_int_equal(level_at(w, BASE + 2 * KIB4), HEAT_LEVEL_COLD);
}

/* After eight looks a page that has become hot is above one that has become cold. */
static void test_change(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 256, HEAT_PRESENT, true),
		run(BASE + 256 * KIB4, 256, HEAT_PRESENT, false),
	};

	for (int i = 0; i < 60; i++)
		look(w, runs, 2);
	runs[0].rate = 0;
	runs[1].rate = 255;
	for (int i = 0; i < 8; i++)
		look(w, runs, 2);
	assert_true(level_at(w, BASE + 256 * KIB4) > level_at(w, BASE));
}

static uint64_t warm_pages(struct world *w)
{
	struct heat_stat stat;
	uint64_t pages = 0;

	heat_stat(w->tenant, &stat);
	for (unsigned int level = HEAT_LEVEL_COLD + 1; level < HEAT_LEVELS; level++)
		pages += stat.pages[0][level];
	return pages;
}

/* Skipped as a whole, it cools as if each page had been looked at; and then it is small. */
static void test_idle(void **state)
{
	struct world *w = *state;
	struct heat_run used = run(BASE, 64 * 512, HEAT_PRESENT, true);
	struct heat_run idle = run(BASE, 64 * 512, HEAT_IDLE, false);
	size_t before = heat_size_bytes(w->heat);

	for (int i = 0; i < 40; i++)
		look(w, &used, 1);
	for (int i = 0; i < 8; i++)
		look(w, &idle, 1);
	assert_int_equal(warm_pages(w), 64 * 512);
	assert_true(level_at(w, BASE) < 17);
	for (int i = 0; i < 120; i++)
		look(w, &idle, 1);
	assert_int_equal(warm_pages(w), 0);
	assert_int_equal(pages_at(w, 0), 64 * 512);
	assert_true(heat_size_bytes(w->heat) - before <= ROW_BYTES + 64 * 24 + 2 * 120);
}

/* A process that sleeps cools as if all of it had been looked at; what was not seen stays so. */
static void test_rest(void **state)
{
	struct world *w = *state;
	struct heat_run used[] = { run(BASE, 64 * 512, HEAT_PRESENT, true),
				   run(BASE + (1ull << 40), 512, HEAT_BLIND, false) };
	struct heat_run idle = run(BASE, 64 * 512, HEAT_IDLE, false);
	uint64_t levels[2];
	struct heat_stat stat;

	for (int way = 0; way < 2; way++) {
		for (int i = 0; i < 40; i++)
			look(w, used, 2);
		for (int i = 0; i < 8; i++) {
			if (way)
				assert_int_equal(heat_rest(w->space), 0);
			else
				look(w, &idle, 1);
		}
		levels[way] = level_at(w, BASE);
	}
	assert_int_equal(levels[0], levels[1]);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.blind_pages, 512);
	for (int i = 0; i < 120; i++)
		assert_int_equal(heat_rest(w->space), 0);
	assert_int_equal(warm_pages(w), 0);
	assert_int_equal(pages_at(w, 0), 64 * 512);
}

static uint64_t wanted(struct world *w)
{
	struct plan_tier tiers[] = { { .free_bytes = 1 << 30, .read_ns = 80, .write_ns = 80 },
				     { .free_bytes = 1 << 30, .read_ns = 250, .write_ns = 250 } };
	struct plan_input input = { .tiers = tiers, .n_tiers = 2, .interval_ms = 1000 };
	struct plan plan = { 0 };
	uint64_t bytes;

	assert_int_equal(plan_make(w->heat, &input, &plan), 0);
	bytes = plan.tenants[0].wanted_bytes;
	plan_free(&plan);
	return bytes;
}

/* A tenant that rests wants nothing soon, also if looks at it are cut off, and parts are empty or cold. */
static void test_rest_in_parts(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 512, HEAT_PRESENT, true),
				   run(BASE + (1ull << 32), 512, HEAT_PRESENT, false),
				   run(BASE + (1ull << 33), 512, HEAT_ABSENT, false) };
	struct heat_look part = { .confidence = 255, .grain_shift = 12 };

	for (int i = 0; i < 40; i++)
		look(w, runs, 3);
	assert_int_equal(wanted(w), 512 * HEAT_PAGE);
	runs[0].rate = 0;
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 3; k++) {
			part.goes_on = k;
			heat_look_begin(w->space, &part);
			assert_int_equal(heat_fold(w->space, &runs[k], 1), 0);
			heat_look_end(w->space);
			if (i)
				assert_int_equal(wanted(w), 0);
		}
	}
	runs[0].rate = 255;
	look(w, runs, 3);
	assert_int_equal(wanted(w), 512 * HEAT_PAGE);
}

static void test_blind_keeps(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 512, HEAT_PRESENT, true) };
	struct heat_stat stat;
	unsigned int level;

	look(w, runs, 1);
	level = level_at(w, BASE);
	runs[0].state = HEAT_BLIND;
	for (int i = 0; i < 50; i++)
		look(w, runs, 1);
	assert_int_equal(level_at(w, BASE), level);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.blind_pages, 512);
}

static void test_absent(void **state)
{
	struct world *w = *state;
	struct heat_run used = run(BASE, 100 * 512, HEAT_PRESENT, true);
	struct heat_run gone = run(BASE + 256 * KIB4, 99 * 512, HEAT_ABSENT, false);
	size_t before = heat_size_bytes(w->heat);

	look(w, &used, 1);
	look(w, &gone, 1);
	assert_int_equal(pages_at(w, 0), 512);
	assert_int_equal(heat_forget(w->space, 0, UINT64_MAX), 0);
	assert_int_equal(pages_at(w, 0), 0);
	/* But for the room for pointers to groups. */
	assert_true(heat_size_bytes(w->heat) <= before + ROW_BYTES + 8 * 8);
}

static void test_decree(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 1024, HEAT_PRESENT, true) };
	struct policy_settings settings = policy_defaults();

	look(w, runs, 1);
	assert_int_equal(heat_place(w->space, BASE + 16 * KIB4, BASE + 32 * KIB4,
				    POLICY_TIER_SLOW),
			 0);
	assert_int_equal(heat_place(w->space, BASE + 24 * KIB4, BASE + 600 * KIB4,
				    POLICY_TIER_FAST),
			 0);
	assert_true(level_at(w, BASE) > HEAT_LEVEL_COLD);
	assert_int_equal(level_at(w, BASE + 16 * KIB4), HEAT_LEVEL_SLOW);
	assert_int_equal(level_at(w, BASE + 24 * KIB4), HEAT_LEVEL_FAST);
	assert_int_equal(level_at(w, BASE + 599 * KIB4), HEAT_LEVEL_FAST);
	assert_true(level_at(w, BASE + 600 * KIB4) < HEAT_LEVEL_FAST);

	settings.tier = POLICY_TIER_SLOW;
	heat_tenant_settings(w->tenant, &settings);
	assert_int_equal(level_at(w, BASE), HEAT_LEVEL_SLOW);
	assert_int_equal(level_at(w, BASE + 24 * KIB4), HEAT_LEVEL_FAST);
	assert_int_equal(heat_place(w->space, BASE, BASE + 512 * KIB4, POLICY_TIER_LEAVE),
			 0);
	assert_int_equal(pages_at(w, 0), 512);
	assert_int_equal(heat_place(w->space, 5, 8192, POLICY_TIER_SLOW), -EINVAL);
	assert_int_equal(heat_place(w->space, 8192, 8192, POLICY_TIER_SLOW), -EINVAL);
}

static void test_writes(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 256, HEAT_PRESENT, true),
		run(BASE + 256 * KIB4, 256, HEAT_PRESENT, true),
	};
	struct policy_settings settings = policy_defaults();

	runs[0].flags = HEAT_WRITES_KNOWN | HEAT_WRITTEN;
	runs[1].flags = HEAT_WRITES_KNOWN;
	look(w, runs, 2);
	assert_true(piece_at(w, BASE).written);
	assert_int_equal(level_at(w, BASE), level_at(w, BASE + 256 * KIB4));
	settings.write_weight = 0;
	heat_tenant_settings(w->tenant, &settings);
	heat_measured_write_weight(w->heat, 3);
	assert_int_equal(level_at(w, BASE), level_at(w, BASE + 256 * KIB4) + 4);
	/* Not known is not clean. */
	runs[0].flags = 0;
	look(w, runs, 2);
	assert_true(piece_at(w, BASE).written);
}

static void test_moved(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 1024, HEAT_PRESENT, true) };
	struct heat_stat stat;

	runs[0].rank = 1;
	look(w, runs, 1);
	assert_int_equal(heat_moved(w->space, BASE + 500 * KIB4, 24, 0), 0);
	assert_int_equal(pages_at(w, 0), 24);
	assert_int_equal(heat_moved(w->space, BASE + 500 * KIB4, 24, 1), 0);
	assert_int_equal(pages_at(w, 0), 0);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.moved_pages, 48);
	assert_int_equal(stat.bounced_pages, 24);
	/* A trifle, of 1024. */
	heat_round(w->heat);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.left_alone, 0);
	assert_int_equal(heat_moved(w->space, BASE, 64, 0), 0);
	assert_int_equal(heat_moved(w->space, BASE, 64, 1), 0);
	for (int i = 0; i < 8; i++)
		heat_round(w->heat);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.left_alone, 8);
	for (int i = 0; i < 100; i++)
		heat_round(w->heat);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.left_alone, 0);
}

/* The kernel puts small pages together: what is hot in them makes all of it hot, and it moves as one. */
static void test_becomes_huge(void **state)
{
	struct world *w = *state;
	struct heat_run runs[512], whole = run(BASE, 512, HEAT_PRESENT, true);
	unsigned int hottest;

	for (int n = 0; n < 40; n++) {
		for (uint32_t i = 0; i < 512; i++)
			runs[i] = run(BASE + i * KIB4, 1, HEAT_PRESENT, n % (1 + i % 20) == 0);
		look(w, runs, 512);
	}
	hottest = level_at(w, BASE);
	assert_true(hottest > level_at(w, BASE + 19 * KIB4));
	whole.flags = HEAT_HUGE;
	look(w, &whole, 1);
	assert_true(piece_at(w, BASE).huge);
	assert_int_equal(piece_at(w, BASE).n_pages, 512);
	assert_int_equal(level_at(w, BASE), hottest);
}

static void test_bad_runs(void **state)
{
	struct world *w = *state;
	struct heat_run good = run(BASE, 8, HEAT_PRESENT, true);
	struct heat_run bad[] = {
		run(BASE + 4 * KIB4, 8, HEAT_PRESENT, true), /* overlaps */
		run(BASE + 9 * KIB4 + 1, 8, HEAT_PRESENT, true),
		run(BASE + 9 * KIB4, 0, HEAT_PRESENT, true),
		run(1ull << 56, 8, HEAT_PRESENT, true),
		run((1ull << 56) - KIB4, 2, HEAT_PRESENT, true),
		run(UINT64_MAX & ~4095ull, 8, HEAT_PRESENT, true),
		run(BASE + 9 * KIB4, 8, 4, true),
		run(BASE + 9 * KIB4, 8, HEAT_PRESENT, true), /* rank */
		run(BASE + 9 * KIB4, 512, HEAT_PRESENT, true), /* huge */
	};

	bad[7].rank = HEAT_RANKS_MAX;
	bad[8].flags = HEAT_HUGE;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct heat_run runs[] = { good, bad[i] };

		heat_look_begin(w->space, &exact);
		assert_int_equal(heat_fold(w->space, runs, 2), -EINVAL);
		heat_look_end(w->space);
		assert_int_equal(pages_at(w, 0), 8);
	}
}

/* ---- whatever is seen: what is known agrees with a plain array of pages ---- */

#define MODEL_CHUNKS 40
#define MODEL_PAGES (MODEL_CHUNKS * 512)

struct model {
	uint8_t rank[MODEL_PAGES]; /* 255: no page */
	bool ever_used[MODEL_PAGES];
};

static uint32_t any_length(uint64_t *state)
{
	switch (random_below(state, 4)) {
	case 0:
		return 1;
	case 1:
		return 1 + (uint32_t)random_below(state, 40);
	case 2:
		return 512 * (1 + (uint32_t)random_below(state, 3));
	default:
		return 1 + (uint32_t)random_below(state, 3000);
	}
}

static void model_fold(struct model *m, const struct heat_run *r)
{
	size_t first = (r->start - BASE) / KIB4;

	for (size_t i = first; i < first + r->n_pages; i++) {
		if (r->state == HEAT_ABSENT ||
		    (r->state == HEAT_PRESENT && m->rank[i] == 255))
			m->ever_used[i] = false;
		if (r->state == HEAT_ABSENT)
			m->rank[i] = 255;
		if (r->state == HEAT_PRESENT) {
			m->rank[i] = r->rank;
			m->ever_used[i] |= r->rate;
		}
	}
	for (size_t i = first; r->flags & HEAT_HUGE && i < first + r->n_pages; i++)
		m->ever_used[i] |= memchr(&m->ever_used[i / 512 * 512], true, 512) != NULL;
}

static size_t any_runs(uint64_t *state, struct heat_run *runs, size_t max)
{
	uint64_t page = random_below(state, 700);
	size_t n = 0;

	while (n < max) {
		uint32_t length = any_length(state);
		struct heat_run r = run(BASE + page * KIB4, length, random_below(state, 4),
					random_below(state, 2));

		if (r.state == HEAT_PRESENT)
			r.rank = (uint8_t)random_below(state, HEAT_RANKS_MAX);
		if (page + length > MODEL_PAGES)
			break;
		if (r.state == HEAT_PRESENT && page % 512 == 0 && length % 512 == 0)
			r.flags = HEAT_HUGE;
		runs[n++] = r;
		page += length + (random_below(state, 3) ? 0 : random_below(state, 600));
	}
	return n;
}

/* One by one, and each page of some chunks: so many runs that they are held as a cell a page. */
static size_t scattered_runs(uint64_t *state, struct heat_run *runs, size_t max)
{
	uint64_t page = 512 * random_below(state, MODEL_CHUNKS - 2) + random_below(state, 40);
	size_t n;

	for (n = 0; n < max && page + n < MODEL_PAGES; n++) {
		enum heat_state seen = random_below(state, 8) ? HEAT_PRESENT :
							       random_below(state, 4);

		runs[n] = run(BASE + (page + n) * KIB4, 1, seen, random_below(state, 2));
		if (seen == HEAT_PRESENT)
			runs[n].rank = (uint8_t)random_below(state, 2);
	}
	return n;
}

/* Each page is in just one piece, which says of it what the model says. */
static bool pieces_agree(struct heat_space *space, const struct model *m,
			 uint64_t counts[HEAT_RANKS_MAX][HEAT_LEVELS])
{
	static struct heat_piece pieces[MODEL_PAGES];
	size_t n = heat_pieces(space, 0, pieces, MODEL_PAGES), page = 0;

	for (size_t i = 0; i < n; i++) {
		size_t first = (pieces[i].start - BASE) / KIB4;

		for (; page < first; page++) {
			if (m->rank[page] != 255)
				return false;
		}
		for (; page < first + pieces[i].n_pages; page++) {
			if (m->rank[page] != pieces[i].rank)
				return false;
			if (!m->ever_used[page] && pieces[i].level > HEAT_LEVEL_COLD)
				return false;
		}
		counts[pieces[i].rank][pieces[i].level] += pieces[i].n_pages;
	}
	for (; page < MODEL_PAGES; page++) {
		if (m->rank[page] != 255)
			return false;
	}
	return true;
}

static bool agrees(struct world *w, const struct model *m)
{
	uint64_t counts[HEAT_RANKS_MAX][HEAT_LEVELS] = { 0 };
	struct heat_stat stat;

	heat_stat(w->tenant, &stat);
	return pieces_agree(w->space, m, counts) &&
	       !memcmp(counts, stat.pages, sizeof(counts));
}

static void move_some(struct world *w, struct model *m, uint64_t *state)
{
	uint32_t first = (uint32_t)random_below(state, MODEL_PAGES - 600);
	uint32_t length = 1 + (uint32_t)random_below(state, 600);
	unsigned int rank = (unsigned int)random_below(state, HEAT_RANKS_MAX);

	assert_int_equal(heat_moved(w->space, BASE + first * KIB4, length, rank), 0);
	for (uint32_t i = first; i < first + length; i++) {
		if (m->rank[i] != 255)
			m->rank[i] = (uint8_t)rank;
	}
}

/* Up to somewhere, or up to the end of all addresses. */
static void forget_some(struct world *w, struct model *m, uint64_t *state)
{
	size_t first = random_below(state, MODEL_PAGES), end = MODEL_PAGES;
	uint64_t stop = UINT64_MAX;

	if (random_below(state, 3)) {
		end = first + random_below(state, MODEL_PAGES - first);
		stop = BASE + end * KIB4;
	}
	assert_int_equal(heat_forget(w->space, BASE + first * KIB4, stop), 0);
	for (; first < end; first++)
		m->rank[first] = 255;
}

static bool folds_agree(struct world *w, struct model *m, uint64_t *state)
{
	struct heat_run runs[1100];
	bool scattered = random_below(state, 2);
	size_t n = scattered ? scattered_runs(state, runs, 1100) : any_runs(state, runs, 64);
	size_t cut = random_below(state, n + 1);

	heat_look_begin(w->space, &exact);
	assert_int_equal(heat_fold(w->space, runs, cut), 0);
	assert_int_equal(heat_fold(w->space, runs + cut, n - cut), 0);
	heat_look_end(w->space);
	for (size_t i = 0; i < n; i++)
		model_fold(m, &runs[i]);
	if (!random_below(state, 3))
		move_some(w, m, state);
	if (!random_below(state, 8))
		forget_some(w, m, state);
	return agrees(w, m);
}

/* By decree, in parts of chunks. */
static void slow_somewhere(struct world *w, uint64_t *state)
{
	uint64_t start = BASE + random_below(state, MODEL_PAGES - 200) * KIB4;
	uint64_t end = start + (1 + random_below(state, 199)) * KIB4;

	assert_int_equal(heat_place(w->space, start, end, POLICY_TIER_SLOW), 0);
}

static bool any_looks_agree(uint64_t seed)
{
	static struct model model;
	struct world *w;
	uint64_t state = seed;
	bool good = true;
	void *made;

	memset(&model, 0, sizeof(model));
	memset(model.rank, 255, sizeof(model.rank));
	assert_int_equal(setup(&made), 0);
	w = made;
	for (int i = 0; i < 8; i++)
		slow_somewhere(w, &state);
	for (int i = 0; i < 30 && good; i++)
		good = folds_agree(w, &model, &state);
	heat_space_remove(w->space);
	good = good && heat_resident_bytes(w->tenant) == 0;
	teardown(&made);
	return good;
}

static void test_any(void **state)
{
	check_property(any_looks_agree, 60);
}

/* 0.1 % of what is tracked are 4.19 bytes a page; of these, heat may have half and a bit. */
static void test_memory(void **state)
{
	struct world *w = *state;
	static struct heat_run runs[64 * 512];
	uint64_t seed = 1;
	size_t before = heat_size_bytes(w->heat);

	for (int k = 0; k < 20; k++) {
		for (size_t i = 0; i < 64 * 512; i++)
			runs[i] = run(BASE + i * KIB4, 1, HEAT_PRESENT,
				      random_below(&seed, 2));
		look(w, runs, 64 * 512);
	}
	assert_true(heat_size_bytes(w->heat) - before <= 64 * 512 * 21 / 10);
}

/* Which pages moved is remembered as long as they can come back, and no longer. */
static void test_moves_are_forgotten(void **state)
{
	struct world *w = *state;
	struct heat_run used = run(BASE, 512, HEAT_PRESENT, true);
	size_t before;

	look(w, &used, 1);
	assert_int_equal(heat_moved(w->space, BASE, 512, 1), 0);
	heat_round(w->heat);
	before = heat_size_bytes(w->heat);
	for (int i = 0; i < 50; i++)
		heat_round(w->heat);
	assert_int_equal(before - heat_size_bytes(w->heat), 1024);
	/* As for the first time. */
	assert_int_equal(heat_moved(w->space, BASE, 512, 0), 0);
	assert_int_equal(heat_size_bytes(w->heat), before);
	assert_int_equal(pages_at(w, 0), 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_present, setup, teardown),
		cmocka_unit_test_setup_teardown(test_habit_and_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(test_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_idle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rest_in_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blind_keeps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_absent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_decree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moved, setup, teardown),
		cmocka_unit_test_setup_teardown(test_becomes_huge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_runs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moves_are_forgotten, setup, teardown),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
