// SPDX-License-Identifier: GPL-2.0-or-later
/* tenant_test.c -- processes are found as they come, go and run, without reading what stays the same. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/tenant.h"

#define PAGE 4096UL
#define ALWAYS 1000000000000ULL
#define TENANTS 64
#define TENANT_BYTES_MAX 2560

static struct heat *heat;
static struct tenants tenants;
static struct policies policies;
static struct tiers tiers;

/* A child does what it is told by a letter, and answers with it. */
struct child {
	pid_t pid;
	int fd;
};

static char *area;	/* of a child */

static void obey(char what)
{
	struct timespec begin, now;

	switch (what) {
	case 'm':
		area = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		break;
	case 'b': /* busy: longer than any clock's grain */
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
		do
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
		while (now.tv_sec == begin.tv_sec && now.tv_nsec - begin.tv_nsec < 1000000);
		break;
	}
}

static struct child child_start(void)
{
	struct child child;
	int fds[2];
	char c;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	child.pid = fork();
	assert_true(child.pid >= 0);
	child.fd = fds[0];
	if (child.pid) {
		close(fds[1]);
		return child;
	}
	close(fds[0]);
	while (read(fds[1], &c, 1) == 1) {
		obey(c);
		if (write(fds[1], &c, 1) != 1)
			break;
	}
	_exit(0);
}

/* It sleeps again afterwards, as soon as it has run for the last time. */
static void tell(const struct child *child, char what)
{
	char c = 0, state = 0, path[64];

	assert_int_equal(write(child->fd, &what, 1), 1);
	assert_int_equal(read(child->fd, &c, 1), 1);
	assert_int_equal(c, what);
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child->pid);
	while (state != 'S') {
		FILE *file = fopen(path, "re");

		assert_non_null(file);
		assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
		fclose(file);
	}
}

static void child_end(const struct child *child)
{
	close(child->fd);
	kill(child->pid, SIGKILL);
	assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
}

/* By its command line: that of this test, which its children share. */
static int setup(void **state)
{
	struct policy_error error;

	memset(&policies, 0, sizeof(policies));
	memset(&tiers, 0, sizeof(tiers));
	return policies_line(&policies, "policy t", "cmdline", "*daemon_tenant_test*", "f", 1, &error) ||
	       heat_create(&heat) || tenants_init(&tenants, heat) || tiers_refresh(&tiers);
}

static int teardown(void **state)
{
	tenants_exit(&tenants);
	heat_destroy(heat);
	policies_free(&policies);
	return 0;
}

static void refresh(void)
{
	assert_int_equal(tenants_refresh(&tenants, &policies, false, ALWAYS), 0);
}

static struct process *find(pid_t pid)
{
	for (size_t i = 0; i < tenants.n_processes; i++) {
		if (tenants.processes[i]->pid == pid)
			return tenants.processes[i];
	}
	return NULL;
}

size_t __sanitizer_get_current_allocated_bytes(void);

/* Bytes that are allocated now. */
static size_t allocated(void)
{
#ifdef __SANITIZE_ADDRESS__
	return __sanitizer_get_current_allocated_bytes();
#else
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
#endif
}

/* As a first look does; what is planned then stays, too. */
static void look_and_plan(struct plan *plan)
{
	static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };
	struct plan_tier two[2] = { { .free_bytes = 1 << 30 }, { .free_bytes = 1 << 30 } };
	struct plan_input input = { .tiers = two, .n_tiers = 2, .interval_ms = 1000 };

	for (size_t i = 0; i < tenants.n_processes; i++) {
		struct process *p = tenants.processes[i];
		struct heat_run run = { .n_pages = 64, .state = HEAT_PRESENT };

		assert_int_equal(process_refresh(&tenants, p, &tiers), 0);
		assert_true(p->ranges.n > 0);
		run.start = p->ranges.items[0].start;
		heat_look_begin(p->space, &exact);
		assert_int_equal(heat_fold(p->space, &run, 1), 0);
		heat_look_end(p->space);
	}
	assert_int_equal(plan_make(heat, &input, plan), 0);
}

static size_t range_bytes(void)
{
	size_t n = 0;

	for (size_t i = 0; i < tenants.n_processes; i++)
		n += tenants.processes[i]->ranges.size;
	return n * sizeof(struct range);
}

/* What a tenant of one process takes, besides its ranges: doc/design/daemon.md has the figure. */
static void test_memory(void **state)
{
	struct child children[TENANTS];
	struct plan plan = { 0 };
	size_t n, before, bytes;

	refresh();
	n = tenants.n_processes;
	before = allocated();
	for (int i = 0; i < TENANTS; i++)
		children[i] = child_start();
	refresh();
	refresh();
	assert_int_equal(tenants.n_processes, n + TENANTS);
	look_and_plan(&plan);
	bytes = (allocated() - before - range_bytes()) / TENANTS;
	assert_in_range(bytes, sizeof(struct tenant) + sizeof(struct process), TENANT_BYTES_MAX);
	plan_free(&plan);
	for (int i = 0; i < TENANTS; i++)
		child_end(&children[i]);
}

/* Not by listing /proc: that is done in the first round only, of these. */
static void test_come_and_go(void **state)
{
	struct child before = child_start(), after;
	size_t seen;

	refresh();
	assert_non_null(find(before.pid));
	/* Not itself. */
	assert_null(find(getpid()));
	after = child_start();
	assert_null(find(after.pid));
	refresh();
	refresh();
	assert_non_null(find(after.pid));
	assert_non_null(find(before.pid));
	seen = tenants.n_seen;
	child_end(&before);
	refresh();
	assert_null(find(before.pid));
	assert_non_null(find(after.pid));
	assert_true(tenants.n_seen < seen + 16);
	child_end(&after);
	/* What has become of it is known also where all is listed. */
	assert_int_equal(tenants_refresh(&tenants, &policies, true, 0), 0);
	assert_null(find(after.pid));
}

/* One that has ended and was not waited for has no memory. */
static void test_zombie(void **state)
{
	struct child child = child_start();
	siginfo_t info;

	refresh();
	assert_non_null(find(child.pid));
	kill(child.pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WEXITED | WNOWAIT), 0);
	refresh();
	assert_null(find(child.pid));
	child_end(&child);
}

/* What has not changed is the same process in each round, whether it runs or sleeps. */
static void test_stays(void **state)
{
	struct child sleeps = child_start(), runs = child_start();
	struct process *first, *second;

	refresh();
	first = find(sleeps.pid);
	second = find(runs.pid);
	assert_true(first && second);
	for (int i = 0; i < 200; i++) {
		tell(&runs, 'b');
		refresh();
		assert_ptr_equal(find(sleeps.pid), first);
		assert_ptr_equal(find(runs.pid), second);
	}
	child_end(&sleeps);
	child_end(&runs);
}

/* Is it a tenant's for so many rounds? */
static bool stays(const struct child *child, int rounds)
{
	while (rounds--) {
		refresh();
		if (!find(child->pid))
			return false;
	}
	return true;
}

static struct seen *seen_of(const struct child *child)
{
	for (size_t i = 0; i < tenants.n_seen; i++) {
		if (tenants.seen[i].pid == child->pid)
			return &tenants.seen[i];
	}
	fail();
	return NULL;
}

/* One that sleeps is not read again, unless it runs, or is in another cgroup. */
static void test_sleeps(void **state)
{
	struct child runs = child_start(), sleeps = child_start();
	char *pattern = policies.items[0].matches[0].text;

	/* Whenever all are listed the last ones are read again: these are others. */
	for (int i = 0; i < 65; i++) {
		struct child later = child_start();

		child_end(&later);
	}
	do
		refresh();
	while (!seen_of(&sleeps)->cgroup || !seen_of(&runs)->cgroup);
	*pattern = '-';
	seen_of(&sleeps)->sleeps = 7;
	assert_true(stays(&sleeps, 20) && find(runs.pid));
	assert_true(seen_of(&sleeps)->sleeps >= 8);
	seen_of(&sleeps)->cgroup++;
	seen_of(&sleeps)->sleeps = 7;
	assert_false(stays(&sleeps, 12));
	assert_non_null(find(runs.pid));
	tell(&runs, 'b');
	assert_false(stays(&runs, 12));
	*pattern = '*';
	child_end(&runs);
	child_end(&sleeps);
}

/* With no time at all each waits for a later round, and none is lost. */
static void test_little_time(void **state)
{
	struct child child = child_start();

	assert_int_equal(tenants_refresh(&tenants, &policies, false, 0), 0);
	assert_int_equal(tenants.n_processes, 0);
	assert_true(tenants.n_seen > 0);
	refresh();
	assert_non_null(find(child.pid));
	child_end(&child);
}

static void test_ran(void **state)
{
	struct child child = child_start();
	struct process *process;

	tell(&child, 'm');
	refresh();
	process = find(child.pid);
	assert_non_null(process);
	/* Before its mappings are known it is looked at, whatever it does. */
	assert_true(process_ran(&tenants, process));
	assert_true(process_ran(&tenants, process));
	assert_int_equal(process_refresh(&tenants, process, &tiers), 0);
	assert_false(process_ran(&tenants, process));
	assert_false(process_ran(&tenants, process));
	tell(&child, 'b');
	assert_true(process_ran(&tenants, process));
	assert_false(process_ran(&tenants, process));
	/* What shared mappings are whose is settled anew. */
	tenants.objects_stale = true;
	refresh();
	assert_true(process_ran(&tenants, process));
	child_end(&child);
}

static void test_mappings(void **state)
{
	struct child child = child_start();
	struct process *process;
	uint64_t bytes;
	int looks;

	refresh();
	process = find(child.pid);
	assert_int_equal(process_refresh(&tenants, process, &tiers), 0);
	bytes = ranges_bytes(&process->ranges);
	/* Sizes change: seen at once. */
	tell(&child, 'm');
	assert_int_equal(process_refresh(&tenants, process, &tiers), 0);
	assert_int_equal(ranges_bytes(&process->ranges), bytes + 64 * PAGE);
	/* They do not: seen after some looks; at once if it is told of. */
	process->stale = true;
	assert_int_equal(process_refresh(&tenants, process, &tiers), 0);
	ranges_free(&process->ranges);
	for (looks = 1; !process->ranges.n; looks++) {
		assert_true(looks < 100);
		assert_int_equal(process_refresh(&tenants, process, &tiers), 0);
	}
	assert_true(looks > 2);
	assert_int_equal(ranges_bytes(&process->ranges), bytes + 64 * PAGE);
	child_end(&child);
	assert_int_equal(process_refresh(&tenants, process, &tiers), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_come_and_go, setup, teardown),
		cmocka_unit_test_setup_teardown(test_zombie, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sleeps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_little_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ran, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mappings, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
