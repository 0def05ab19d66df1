/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* owner.h -- who owns a raw device's node, in words: "user:group". */
#ifndef RAMIFY_LIB_OWNER_H
#define RAMIFY_LIB_OWNER_H

#include <stddef.h>
#include <stdint.h>

#define OWNER_MAX 72

/* USER[:GROUP], names or numbers; without GROUP the group is UINT32_MAX: not said.
 * -ENOENT no such user or group; -EINVAL. */
int owner_parse(const char *text, uint32_t *ret_uid, uint32_t *ret_gid);
void owner_format(uint32_t uid, uint32_t gid, char buf[OWNER_MAX]);

/* Gives the node of a DAX device to its owner, and has udev do so again should it set the
 * node up anew. UINT32_MAX and 0: root's, as without a word. */
struct ramify;
int owner_set(struct ramify *ctx, const char *dax, uint32_t uid, uint32_t gid,
	      unsigned int perms);

#endif
