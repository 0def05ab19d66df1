/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* journal.h -- what ramify's services said since this boot. */
#ifndef RAMIFY_LIB_JOURNAL_H
#define RAMIFY_LIB_JOURNAL_H

#include <stddef.h>

struct journal;

/*
 * The last @most entries that ramify's services wrote to the journal of the running system since
 * it booted, or that the service manager wrote about them. Takes a few seconds at most: then
 * -ETIME. Others as the journal gives them. Without a journal, or without the right to read it,
 * there are no entries.
 */
int journal_open(size_t most, struct journal **ret_journal);
void journal_close(struct journal *journal);

/* The next, the oldest first: "2026-01-31 23:59:59 WHO: TEXT" (UTC), without control characters
 * but line ends, cut at @size. 1, or 0 after the last; else as above. */
int journal_next(struct journal *journal, char *buf, size_t size);

#endif
