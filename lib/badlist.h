/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* badlist.h -- memory that is bad because somebody says so, or because it was once found to be. */
#ifndef RAMIFY_LIB_BADLIST_H
#define RAMIFY_LIB_BADLIST_H

#include "badblocks.h"

#define BADLIST_ETC "etc/ramify/badmemory.conf"		/* the administrator's */
#define BADLIST_VAR "var/lib/ramify/badmemory.conf"	/* what was found at run time */

/* Section [bad], lines range = START-END, both inclusive. -EBADMSG with file and line. */
int badlist_parse(struct ramify *ctx, const char *path, const char *text,
		  struct bad_ranges *ret_bad);

/* Both files; either may be missing. Who cannot read them does not know all that is bad. */
int badlist_read(struct ramify *ctx, struct bad_ranges *ret_bad);

/* Durably adds those of @ranges that neither file has yet. */
int badlist_remember(struct ramify *ctx, const struct ramify_extent *ranges, size_t n);

#endif
