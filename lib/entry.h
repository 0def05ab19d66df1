/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* entry.h -- a file of /etc/ramify/memory.d: which memory, and what it is meant for. */
#ifndef RAMIFY_LIB_ENTRY_H
#define RAMIFY_LIB_ENTRY_H

#include "intent.h"
#include "state.h"

#define ENTRY_DIR "etc/ramify/memory.d"
#define ENTRY_SUFFIX ".conf"
#define ENTRY_NAME_SIZE 256

/*
 * The memory is named by what stays: a UUID, or its place, or for CXL the card's serial
 * number and the place within its region, which firmware may move as a whole.
 */
struct entry {
	char file[ENTRY_NAME_SIZE];	/* in ENTRY_DIR; "" not stored yet */
	char uuid[IDENTITY_SIZE];	/* "" for what has none: then the next four */
	enum ramify_source source;
	char serial[IDENTITY_SIZE];	/* "" none */
	struct ramify_extent region;	/* size 0: not said */
	struct state_ranges ranges;
	struct ramify_color color;	/* of a piece of a region; of 0: none */
	uint64_t page_bytes;		/* its device's alignment; 0: not said */
	uint64_t size_bytes;
	int node;			/* that firmware gave it; -1 none, or not said */
	struct intent intent;
	struct state_ranges skip;
	bool to_label;			/* belongs into the label, which was in use */
};

/* Strict: unknown names, values said twice, values that go with another use are refused.
 * -EBADMSG with file and line. */
int entry_parse(struct ramify *ctx, const char *file, const char *text, struct entry *ret_entry);
int entry_format(const struct entry *entry, char **ret_text);
/* Frees what it points to, not @entry itself. */
void entry_clear(struct entry *entry);

/* A name for a new one: from its identity. */
void entry_name(struct entry *entry);

/* By how much is a region elsewhere than when it was recorded? False: it is another. */
struct ramify_region;
bool entry_shift(const struct entry *entry, const struct ramify_region *region,
		 uint64_t *ret_shift);

/* Is it about this very device? 0: no; 1: yes; -ERANGE it overlaps, or is of another size;
 * -EXDEV on another node: with a message. */
struct target;
int entry_matches(struct ramify *ctx, const struct entry *entry, const struct target *target);

/* All entries of ENTRY_DIR that can be read. One that cannot is told to @bad, with the
 * message set, and left out. */
struct entry_list {
	struct entry *items;
	size_t n;
};
typedef void (*entry_bad_fn)(void *arg, const char *file, int err);
int entries_read(struct ramify *ctx, entry_bad_fn bad, void *arg, struct entry_list *ret_list);
void entries_free(struct entry_list *list);

/* Durable when it returns; a name is given to one that has none. */
int entry_store(struct ramify *ctx, struct entry *entry);
int entry_remove(struct ramify *ctx, const char *file);

#endif
