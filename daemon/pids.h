/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pids.h -- which PIDs there are, and which are new. */
#ifndef RAMIFYD_PIDS_H
#define RAMIFYD_PIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Where it goes on: the last PID that had been given out at the last call, and at the one before. */
struct pids_mark {
	pid_t last[2];		/* 0: not known */
};

/**
 * The text of /proc/loadavg ends with the last PID that was given out, and the next ones are above it. So those since
 * then are few, and /proc need not be listed. -EPROTO: that is not such a text.
 */
int pids_last(const char *loadavg, pid_t *ret_last);

/**
 * PIDs given out since the call before the last one, as one that is new may not be to be found yet: of threads too, and
 * of what has gone already. Or @ret_all that there are: if @all is wanted, and where it is less work or PIDs have begun
 * anew. In order; *ret_pids is to be freed. On failure @mark is as before.
 */
int pids_read(struct pids_mark *mark, bool all, pid_t **ret_pids, size_t *ret_n, bool *ret_all);

#endif
