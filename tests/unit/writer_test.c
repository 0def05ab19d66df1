// SPDX-License-Identifier: GPL-2.0-or-later
/* writer_test.c -- writes by a thread: done in order, stopped at the first failure or on demand. */

#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"
#include "tree.h"

static int go_on(void *arg, size_t done)
{
	return 0;
}

static int stop_soon(void *arg, size_t done)
{
	int *ticks = arg;

	return ++*ticks > 2 ? -ETIMEDOUT : 0;
}

static void test_writes(void **state)
{
	struct tree *tree = *state;
	struct write_job jobs[] = { { "a", "1" }, { "none/b", "2" }, { "c", "3" } };
	char text[8];
	size_t done;

	tree_write(tree, "a", "");
	tree_write(tree, "c", "");
	assert_int_equal(writer_run(tree->ctx, jobs, 3, go_on, NULL, &done), -ENOENT);
	assert_int_equal(done, 1);
	assert_int_equal(attr_read(tree->ctx, "a", text, sizeof(text)), 0);
	assert_string_equal(text, "1");
	assert_int_equal(attr_read(tree->ctx, "c", text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_int_equal(writer_run(tree->ctx, jobs + 2, 1, go_on, NULL, &done), 0);
	assert_int_equal(done, 1);
	assert_int_equal(writer_run(tree->ctx, NULL, 0, go_on, NULL, &done), 0);
	assert_int_equal(done, 0);
}

/* Writing to a full pipe waits until a signal: as an offlining that does not end. */
static int full_pipe(const struct tree *tree)
{
	char path[128], page[4096] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/pipe", tree->root);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK);
	assert_true(fd >= 0);
	while (write(fd, page, sizeof(page)) > 0)
		;
	return fd;
}

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_stopped(void **state)
{
	struct tree *tree = *state;
	struct write_job job = { "pipe", "1" };
	int ticks = 0, fd = full_pipe(tree), open_before = open_files();
	size_t done;

	assert_int_equal(writer_run(tree->ctx, &job, 1, stop_soon, &ticks, &done), -ETIMEDOUT);
	assert_int_equal(done, 0);
	assert_int_equal(ticks, 3);
	assert_int_equal(open_files(), open_before);
	close(fd);
}

/* A Ctrl-C goes to the whole process group; the writer is not to be ended by it. */
static int interrupt_group(void *arg, size_t done)
{
	int *ticks = arg;

	if (!(*ticks)++) {
		signal(SIGINT, SIG_IGN);
		kill(0, SIGINT);
	}
	return *ticks > 3 ? -ECANCELED : 0;
}

static void test_interrupted(void **state)
{
	struct tree *tree = *state;
	struct write_job job = { "pipe", "1" };
	int ticks = 0, fd = full_pipe(tree);
	size_t done;

	setpgid(0, 0);
	assert_int_equal(writer_run(tree->ctx, &job, 1, interrupt_group, &ticks, &done), -ECANCELED);
	assert_int_equal(ticks, 4);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_writes),
		tree_test(test_stopped),
		tree_test(test_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
