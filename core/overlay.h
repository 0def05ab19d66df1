/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay.h -- what was set live, over what files say. */
#ifndef RAMIFY_CORE_OVERLAY_H
#define RAMIFY_CORE_OVERLAY_H

#include "policy.h"

/*
 * Lines for policies by name. What an overlay has for a key takes the place of all lines that
 * the file has for it. One of a name that no file has is a policy of its own: it is tried before
 * those of files, the first set first.
 */
#define OVERLAYS_MAX 1024	/* policies */

struct overlay {
	char *name;
	struct overlay_line {
		char *key, *value;
	} *lines;
	size_t n_lines;
};

struct overlays {
	struct overlay *items;
	size_t n;
};

/** For @name, @key is @values, and nothing else; none of them: as the file says. @key, @values
 *  and @name are checked when all is laid over. -E2BIG, -ENOMEM: @set is as before. */
int overlays_set(struct overlays *set, const char *name, const char *key,
		 const char *const *values, size_t n);
/** All that was set for @name. -ENOENT: nothing. */
int overlays_drop(struct overlays *set, const char *name);
/** NULL: nothing was set for @name. */
const struct overlay *overlays_find(const struct overlays *set, const char *name);
bool overlay_has(const struct overlay *overlay, const char *key);

int overlays_copy(const struct overlays *from, struct overlays *ret_copy);
void overlays_free(struct overlays *set);

/** All policies as they hold: @files with @set over them. -EINVAL, -E2BIG, -ENOMEM; @error is
 *  set, with "" for a file if it is in what was set. */
int overlays_lay(const struct overlays *set, const struct policies *files,
		 struct policies *ret_policies, struct policy_error *error);

#endif
