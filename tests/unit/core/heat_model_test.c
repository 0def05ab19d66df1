// SPDX-License-Identifier: GPL-2.0-or-later
/* heat_model_test.c -- whatever is seen: what is known agrees with a plain array of pages. */

#include "heat_world.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
