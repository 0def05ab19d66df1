// SPDX-License-Identifier: GPL-2.0-or-later
/* sample_damon.c -- accesses by the kernel's DAMON, on a grid of 2 MiB: guests' own ones, too. */

#include <errno.h>
#include <fcntl.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "damon.h"
#include "maps.h"
#include "pidfd.h"
#include "runs.h"

#define CHUNK_BYTES (HEAT_CHUNK_PAGES * (uint64_t)HEAT_PAGE)
/* Each is looked at once a sample, and costs its files in sysfs: larger memory, larger cells. */
#define CELLS_MAX 8192
#define SAMPLES 20
/* A sample takes a kernel thread about 2 us a cell, of which 1 % of a core is to come. */
#define SAMPLE_US_MIN 5000
#define SAMPLE_US_CELL 200

struct sample {
	struct sample *next;
	pid_t pid;
	int pidfd;
	unsigned int slot;
	pid_t kdamond;
	unsigned int shift;	/* of a cell's size */
	size_t n;
	struct damon_region *cells;
	uint8_t *rates;
	bool told;		/* a rate since the last look */
};

static struct sample *samples;
static struct runs runs;

static int damon_probe(const char **ret_why)
{
	int err = damon_begin();

	switch (err) {
	case 0: break;
	case -ENOENT: *ret_why = "this kernel has no DAMON"; break;
	case -EBUSY: *ret_why = "somebody else uses DAMON"; break;
	default: *ret_why = "DAMON may not be used"; break;
	}
	return err;
}

/* --- the grid --- */

struct grid {
	struct damon_region *cells;
	size_t n;
	unsigned int shift;
};

/* The parts of mappings that are whole cells; counted only, if there is nowhere to put them. */
static int cells_of(pid_t pid, unsigned int shift, struct damon_region *cells, size_t *ret_n)
{
	uint64_t size = 1ULL << shift, after = 0;
	struct mapping m;
	char path[32];
	size_t n = 0;
	FILE *maps;
	int got;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	while ((got = maps_next(maps, after, &m)) == 1) {
		uint64_t start = (m.start + size - 1) & -size;

		for (; start + size <= m.end && (!cells || n < *ret_n); start += size) {
			if (cells)
				cells[n] = (struct damon_region){start, start + size};
			n++;
		}
		after = m.end;
	}
	fclose(maps);
	if (got < 0)
		return got;
	*ret_n = n;
	return 0;
}

static int grid_of(pid_t pid, struct grid *ret_grid)
{
	struct grid g = {.shift = 21};
	int err;

	while (!(err = cells_of(pid, g.shift, NULL, &g.n)) && g.n > CELLS_MAX)
		g.shift++;
	if (err)
		return err;
	g.cells = calloc(g.n ? g.n : 1, sizeof(*g.cells));
	if (!g.cells)
		return -ENOMEM;
	err = cells_of(pid, g.shift, g.cells, &g.n);
	if (err) {
		free(g.cells);
		return err;
	}
	*ret_grid = g;
	return 0;
}

static void unwatch(struct sample *s)
{
	if (s->n)
		damon_stop(s->slot);
	free(s->cells);
	free(s->rates);
	s->cells = NULL;
	s->rates = NULL;
	s->n = 0;
	s->told = false;
}

/* Takes the grid's cells over. */
static int watch(struct sample *s, struct grid *g)
{
	uint64_t sample_us = g->n * SAMPLE_US_CELL;
	struct damon_plan plan = {.pid = s->pid, .regions = g->cells, .n = g->n};
	int err = 0;

	plan.sample_us = sample_us < SAMPLE_US_MIN ? SAMPLE_US_MIN : sample_us;
	plan.aggregate_us = plan.sample_us * SAMPLES;
	s->shift = g->shift;
	s->cells = g->cells;
	s->rates = calloc(g->n ? g->n : 1, 1);
	if (!s->rates)
		err = -ENOMEM;
	else if (g->n)
		err = damon_start(&plan, &s->slot, &s->kdamond);
	if (!err)
		s->n = g->n;
	else
		unwatch(s);
	return err;
}

/* A process that maps or unmaps much gets another grid. */
static int follow(struct sample *s)
{
	struct grid g;
	int err = grid_of(s->pid, &g);

	if (err)
		return err;
	if (g.n == s->n && g.shift == s->shift &&
	    (!g.n || !memcmp(g.cells, s->cells, g.n * sizeof(*g.cells)))) {
		free(g.cells);
		return 0;
	}
	unwatch(s);
	return watch(s, &g);
}

/* --- what is told --- */

static size_t cell_at(const struct sample *s, uint64_t addr)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (s->cells[middle].end <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void seen(const struct damon_event *event)
{
	struct sample *s = samples;
	unsigned int rate = event->accesses >= SAMPLES ? 255 : event->accesses * 255 / SAMPLES;

	while (s && s->kdamond != event->kdamond)
		s = s->next;
	if (!s)
		return;
	for (size_t i = cell_at(s, event->start); i < s->n && s->cells[i].start < event->end; i++)
		s->rates[i] = (uint8_t)rate;
	s->told = true;
}

/* --- a process --- */

static void damon_close(struct sample *s)
{
	struct sample **at = &samples;

	if (!s)
		return;
	while (*at && *at != s)
		at = &(*at)->next;
	if (*at)
		*at = s->next;
	unwatch(s);
	if (s->pidfd >= 0)
		close(s->pidfd);
	free(s);
}

static int damon_open(pid_t pid, int pidfd, struct sample **ret_sample)
{
	struct sample *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->pid = pid;
	s->next = samples;
	samples = s;
	s->pidfd = fcntl(pidfd, F_DUPFD_CLOEXEC, 0);
	err = s->pidfd < 0 ? -errno : follow(s);
	if (!err)
		err = pidfd_alive(pidfd);
	if (err) {
		damon_close(s);
		return err;
	}
	*ret_sample = s;
	return 0;
}

#define BATCH 512

/* DAMON does not tell where pages are: ask for the first one of each chunk. */
static int add_chunks(const struct sample *s, uint64_t start, size_t n, uint8_t rate)
{
	void *pages[BATCH];
	int nodes[BATCH];

	for (size_t i = 0; i < n; i++) {
		uint64_t at = start + i * CHUNK_BYTES;

		/* An address in another process, which is no pointer here. */
		memcpy(&pages[i], &at, sizeof(at));
	}
	if (move_pages(s->pid, n, pages, NULL, nodes, 0))
		return -errno;
	for (size_t i = 0; i < n; i++) {
		struct heat_run run = {.state = HEAT_ABSENT};

		if (nodes[i] >= 0) {
			run = runs_present(&runs, (unsigned int)nodes[i], rate);
			if (run.state == HEAT_PRESENT)
				run.rate = rate;
		}
		runs_add(&runs, start + i * CHUNK_BYTES, start + (i + 1) * CHUNK_BYTES, &run);
	}
	return 0;
}

static int add_cell(const struct sample *s, size_t i, const struct sample_request *request)
{
	const struct damon_region *cell = &s->cells[i];
	int err = 0;

	if (cell->start < request->start || cell->end > request->end)
		return 0;
	for (uint64_t at = cell->start; at < cell->end && !err;) {
		uint64_t chunks = (cell->end - at) / CHUNK_BYTES;
		size_t n = chunks < BATCH ? chunks : BATCH;

		err = add_chunks(s, at, n, s->rates[i]);
		at += n * CHUNK_BYTES;
	}
	return err;
}

/* Nothing was told since the last look: nothing is said of any page. */
static int add_cells(struct sample *s, const struct sample_request *request)
{
	int err = 0;

	for (size_t i = 0; i < s->n && s->told && !err; i++)
		err = add_cell(s, i, request);
	s->told = false;
	return err;
}

static int damon_look(struct sample *s, const struct sample_request *request,
		      struct sample_result *ret_result)
{
	struct sample_result result = {.grade = sampler_damon.grade, .resume = request->end};
	uint64_t began = clock_cpu_ns();
	int err = pidfd_alive(s->pidfd);

	runs_begin(&runs, request);
	if (!err)
		err = damon_events(seen);
	result.grade.grain_shift = (uint8_t)s->shift;
	if (!err)
		err = add_cells(s, request);
	if (!err)
		err = runs_end(&runs);
	if (!err)
		err = follow(s);
	if (err)
		return err;
	result.cpu_ns = clock_cpu_ns() - began;
	result.present_pages = runs.present_pages;
	result.used_pages = runs.used_pages;
	*ret_result = result;
	return 0;
}

const struct sampler sampler_damon = {
	.name = "damon",
	.blind = "which of the pages in 2 MiB it was, and what is used rarely",
	.grade = {.confidence = 128, .grain_shift = 21},
	.guests = true,
	.settle_ns = 1000000000,
	.probe = damon_probe,
	.open = damon_open,
	.look = damon_look,
	.close = damon_close,
};
