// SPDX-License-Identifier: GPL-2.0-or-later
/* damon.c -- the kernel's DAMON: a grid of regions of a process, and what was accessed in each. */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "damon.h"

#define ADMIN "/sys/kernel/mm/damon/admin/kdamonds"
#define TRACE "/sys/kernel/tracing/instances/ramify"

/* All are made at once: their number cannot change while one of them runs. */
#define SLOTS 127

static bool begun, used[SLOTS];
static int pipe_fd = -1;

/* --- files --- */

static int put_at(const char *value, const char *format, va_list args)
{
	char path[160];
	ssize_t n;
	int fd, err;

	vsnprintf(path, sizeof(path), format, args);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, value, strlen(value));
	err = n < 0 ? -errno : 0;
	close(fd);
	return err;
}

__attribute__((format(printf, 2, 3))) static int put_text(const char *value, const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = put_at(value, format, args);
	va_end(args);
	return err;
}

__attribute__((format(printf, 2, 3))) static int put(uint64_t value, const char *format, ...)
{
	char text[24];
	va_list args;
	int err;

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	va_start(args, format);
	err = put_at(text, format, args);
	va_end(args);
	return err;
}

static int get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return 0;
}

/* --- the watchers --- */

static void stop_all(void)
{
	for (unsigned int i = 0; i < SLOTS; i++)
		put_text("off", ADMIN "/%u/state", i);
}

static int take_admin(void)
{
	char count[24];
	bool ours = !access(TRACE, F_OK);
	int err = get(ADMIN "/nr_kdamonds", count, sizeof(count));

	if (err)
		return err;
	if (strtoul(count, NULL, 10) == SLOTS && ours) {
		stop_all();
		return 0;
	}
	if (strcmp(count, "0"))
		return -EBUSY;
	return put(SLOTS, ADMIN "/nr_kdamonds");
}

static int open_trace(void)
{
	int err;

	if (mkdir(TRACE, 0700) && errno != EEXIST)
		return -errno;
	err = put_text("1", TRACE "/events/damon/damon_aggregated/enable");
	if (!err)
		err = put(4096, TRACE "/buffer_size_kb");
	if (err)
		return err;
	pipe_fd = open(TRACE "/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return pipe_fd < 0 ? -errno : 0;
}

int damon_begin(void)
{
	int err;

	if (begun)
		return 0;
	err = take_admin();
	if (!err)
		err = open_trace();
	if (!err)
		begun = true;
	return err;
}

static int put_regions(unsigned int slot, const struct damon_plan *plan)
{
#define REGIONS ADMIN "/%u/contexts/0/targets/0/regions"
	int err = put(plan->n, REGIONS "/nr_regions", slot);

	for (size_t i = 0; i < plan->n && !err; i++) {
		err = put(plan->regions[i].start, REGIONS "/%zu/start", slot, i);
		if (!err)
			err = put(plan->regions[i].end, REGIONS "/%zu/end", slot, i);
	}
	return err;
}

static int put_plan(unsigned int slot, const struct damon_plan *plan)
{
#define CONTEXT ADMIN "/%u/contexts/0"
	/* As many as there are, no less and no more: then none is split or merged. */
	uint64_t n = plan->n < 3 ? 3 : plan->n;
	int err = put(1, ADMIN "/%u/contexts/nr_contexts", slot);

	if (!err)
		err = put_text("fvaddr", CONTEXT "/operations", slot);
	if (!err)
		err = put(plan->sample_us, CONTEXT "/monitoring_attrs/intervals/sample_us", slot);
	if (!err)
		err = put(plan->aggregate_us, CONTEXT "/monitoring_attrs/intervals/aggr_us", slot);
	if (!err)
		err = put(60000000, CONTEXT "/monitoring_attrs/intervals/update_us", slot);
	if (!err)
		err = put(n, CONTEXT "/monitoring_attrs/nr_regions/max", slot);
	if (!err)
		err = put(n, CONTEXT "/monitoring_attrs/nr_regions/min", slot);
	if (!err)
		err = put(1, CONTEXT "/targets/nr_targets", slot);
	if (!err)
		err = put((uint64_t)plan->pid, CONTEXT "/targets/0/pid_target", slot);
	return err ? err : put_regions(slot, plan);
}

static int kdamond_of(unsigned int slot, pid_t *ret_kdamond)
{
	char path[96], text[24];
	int err;

	snprintf(path, sizeof(path), ADMIN "/%u/pid", slot);
	err = get(path, text, sizeof(text));
	if (!err)
		*ret_kdamond = (pid_t)strtol(text, NULL, 10);
	return err;
}

int damon_start(const struct damon_plan *plan, unsigned int *ret_slot, pid_t *ret_kdamond)
{
	unsigned int slot = 0;
	pid_t kdamond;
	int err;

	while (slot < SLOTS && used[slot])
		slot++;
	if (slot == SLOTS)
		return -EBUSY;
	err = put_plan(slot, plan);
	if (!err)
		err = put_text("on", ADMIN "/%u/state", slot);
	if (!err)
		err = kdamond_of(slot, &kdamond);
	used[slot] = true;
	if (err) {
		damon_stop(slot);
		return err;
	}
	*ret_slot = slot;
	*ret_kdamond = kdamond;
	return 0;
}

/* Its regions' files go, too: they are many. */
void damon_stop(unsigned int slot)
{
	put_text("off", ADMIN "/%u/state", slot);
	put(0, ADMIN "/%u/contexts/nr_contexts", slot);
	used[slot] = false;
}

/* --- what they see --- */

/* " kdamond.0-123 [001] ..... 12.345: damon_aggregated: target_id=0 nr_regions=2 4096-8192: 3 5" */
bool damon_parse(const char *line, struct damon_event *ret_event)
{
	const char *event = strstr(line, "damon_aggregated: "), *dash;
	unsigned long long start, end;
	unsigned int accesses;
	int pid;

	if (!event || sscanf(event, "damon_aggregated: target_id=%*u nr_regions=%*u %20llu-%20llu: %9u",
			     &start, &end, &accesses) != 3)
		return false;
	/* The name before it may have dashes of its own. */
	for (dash = event; dash > line && *dash != '['; dash--)
		;
	while (dash > line && *dash != '-')
		dash--;
	if (dash == line || sscanf(dash, "-%9d", &pid) != 1 || pid <= 0 || start >= end)
		return false;
	*ret_event = (struct damon_event){
		.kdamond = pid,
		.start = start,
		.end = end,
		.accesses = accesses,
	};
	return true;
}

/* Whole lines; what is left of the last one moves to the front. */
static size_t split_lines(char *text, size_t n, void (*seen)(const struct damon_event *event))
{
	struct damon_event event;
	char *line = text, *newline;

	while ((newline = memchr(line, '\n', n - (size_t)(line - text)))) {
		*newline = '\0';
		if (damon_parse(line, &event))
			seen(&event);
		line = newline + 1;
	}
	n -= (size_t)(line - text);
	memmove(text, line, n);
	return n;
}

int damon_events(void (*seen)(const struct damon_event *event))
{
	static char text[16 << 10];
	static size_t n;

	for (;;) {
		ssize_t got = read(pipe_fd, text + n, sizeof(text) - n);

		if (got < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (got == 0)
			return 0;
		n = split_lines(text, n + (size_t)got, seen);
		/* No line is that long. */
		if (n == sizeof(text))
			n = 0;
	}
}
