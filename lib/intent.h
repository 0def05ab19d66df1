/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* intent.h -- what a device is meant for, and how that is written in its label. */
#ifndef RAMIFY_LIB_INTENT_H
#define RAMIFY_LIB_INTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ramify.h"

/* What a namespace label has for a name: 63 characters and a NUL. */
#define INTENT_LABEL_SIZE 64

enum intent_use { INTENT_USE_NONE, INTENT_USE_RAM, INTENT_USE_RAW };

struct intent {
	enum intent_use use;
	enum ramify_zone zone;		/* movable, kernel, or unknown */
	enum ramify_memmap memmap;
	int node;			/* -1: the device's own; below 0xffff */
	bool volatile_data;		/* the mark: it held RAM, and was not scrubbed since */
	bool lists;			/* ranges to skip or a division are in the file */
	uint32_t uid, gid;		/* owner of a raw device; UINT32_MAX: nobody named */
	unsigned int perms;		/* of its node in /dev, such as 0660 */
};
#define INTENT_NONE { .node = -1, .uid = UINT32_MAX, .gid = UINT32_MAX }

/* "ramify1:", fields of fixed width, a CRC over these and @uuid: a label that a tool
 * copied to another namespace is not taken for that one's. */
void intent_to_label(const struct intent *intent, const char *uuid, char label[INTENT_LABEL_SIZE]);

/* -ENOENT empty; -EEXIST somebody else's text; -EBADMSG ours, but damaged, of a later
 * version, or of another namespace. */
int intent_from_label(const char *label, const char *uuid, struct intent *ret_intent);

#endif
