/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state.h -- the write-ahead record of a device that is, becomes or ceases to be RAM. */
#ifndef RAMIFY_LIB_STATE_H
#define RAMIFY_LIB_STATE_H

#include <stddef.h>

#include "ramify.h"

#define STATE_DIR "var/lib/ramify"
#define IDENTITY_SIZE 64

/* Written before the first step of the phase that it names. */
enum state_phase {
	STATE_ADDING,		/* nothing of ours was in it before: put back, or go on */
	STATE_RAM,
	STATE_OFFLINING,	/* what is in @online was online before: put back, or go on */
	STATE_RELEASING,	/* everything is offline: only forward */
	STATE_RESHAPING,	/* idle, and about to have @extents; a record of reshape.h */
};

/* Where "holds volatile data" is written down. */
enum state_mark { STATE_MARK_NONE, STATE_MARK_FILE, STATE_MARK_LABEL };

struct state_ranges {
	struct ramify_extent *items;
	size_t n;
};

struct state {
	char identity[IDENTITY_SIZE];	/* names the file; see target_identify() */
	char device[IDENTITY_SIZE];	/* its name then, for messages */
	char boot[IDENTITY_SIZE];	/* the kernel's boot id: phases end with the boot */
	char driver[IDENTITY_SIZE];	/* that it had before; "" none */
	enum state_phase phase;
	enum state_mark mark;
	enum ramify_zone zone;		/* movable or kernel */
	struct state_ranges extents;	/* of the device */
	struct state_ranges online;	/* memory to bring online again, in whole blocks */
};

/* Appends, joining a range to the last one where they touch. -ENOMEM. */
int ranges_append(struct state_ranges *ranges, uint64_t start, uint64_t size_bytes);
void ranges_clear(struct state_ranges *ranges);

/* Strict: every line as state_format() writes it, the check sum right. -EBADMSG, -ENOMEM. */
int state_parse(const char *text, size_t len, struct state *ret_state);
int state_format(const struct state *state, char **ret_text);
/* Frees what it points to, not @state itself. */
void state_clear(struct state *state);

/* -ENOENT no record; -EBADMSG damaged (named in the message). */
int state_load(struct ramify *ctx, const char *identity, struct state *ret_state);
/* Durable when it returns: after a power cut the old or the new content is there. */
int state_store(struct ramify *ctx, const struct state *state);
/* Whether a record could be written now: tried out, with a file that goes away again. */
int state_check(struct ramify *ctx);
/* 0 too if there was none. */
int state_remove(struct ramify *ctx, const char *identity);

/* Calls @fn for each record that can be read; stops at a result other than 0 and
 * returns it. */
typedef int (*state_fn)(void *arg, const struct state *state);
int state_each(struct ramify *ctx, state_fn fn, void *arg);

/* This boot's id. */
int state_boot(struct ramify *ctx, char boot[IDENTITY_SIZE]);

#endif
