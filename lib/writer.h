/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* writer.h -- writes that may block, made by a thread that can be cancelled. */
#ifndef RAMIFY_LIB_WRITER_H
#define RAMIFY_LIB_WRITER_H

#include <stddef.h>

#include "ramify.h"

struct write_job {
	char path[256];		/* below the root, no leading slash */
	const char *text;
};

/* Called about ten times a second and after each write; @done: jobs that are done.
 * A result other than 0 cancels the writer. */
typedef int (*writer_tick_fn)(void *arg, size_t done);

/*
 * Makes the writes in order and stops at the first that fails. The thread dies with
 * its process, and no other signal reaches it. Returns the failed write's errno, or
 * what @tick returned; *ret_done is set in every case.
 *
 * A cancellation does not end a wait in the kernel that no signal ends: this then waits too.
 */
int writer_run(struct ramify *ctx, const struct write_job *jobs, size_t n, writer_tick_fn tick,
	       void *arg, size_t *ret_done);

#endif
