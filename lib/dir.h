/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dir.h -- the names in a directory. */
#ifndef RAMIFY_LIB_DIR_H
#define RAMIFY_LIB_DIR_H

#include "context.h"

struct dir_list {
	char **names;			/* in the order 2, 10 */
	size_t n;
};

/* The names that begin with @prefix and a digit. A directory that is not told (value.h) is
 * empty. */
int dir_list_read(struct ramify *ctx, const char *path, const char *prefix,
		  struct dir_list *ret_list);
void dir_list_free(struct dir_list *list);

/* The number in a name that is @prefix and digits, and no more. -EINVAL. */
int dir_number(const char *name, const char *prefix, uint64_t *ret_number);

/* Is @name such as "dax0.1" for @prefix "dax"? */
bool dir_is_pair(const char *name, const char *prefix);

#endif
