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

/* Whose driver makes it RAM; FALLBACK: kmem where ours is not there for this kernel. */
enum intent_driver { INTENT_DRIVER_OURS, INTENT_DRIVER_STOCK, INTENT_DRIVER_FALLBACK };

/* Ranges to leave out are a list, and no part of it: they are kept in a file only. */
struct intent {
	enum ramify_use use;
	enum ramify_zone zone;		/* movable, kernel, or unknown */
	enum ramify_memmap memmap;
	enum intent_driver driver;
	int node;			/* -1: the device's own */
	int64_t adistance;		/* -1: the kernel's */
	unsigned int ratio;		/* 0: the default */
	bool scrub;			/* zero it before it becomes RAM */
	bool volatile_data;		/* the mark: it held RAM, and was not scrubbed since */
	uint64_t size_mib;		/* of the device that it was written for; 0: not said */
	uint32_t uid, gid;		/* owner of a raw device; UINT32_MAX: nobody named */
	unsigned int perms;		/* of its node in /dev, such as 0660; 0: not said */
};
#define INTENT_NONE { .node = -1, .adistance = -1, .uid = UINT32_MAX, .gid = UINT32_MAX }

/* Has each value a place in a label? */
bool intent_fits_label(const struct intent *intent);

/* "ramify1:", fields of fixed width, a CRC over these and @uuid: a label that a tool
 * copied to another namespace is not taken for that one's. */
void intent_to_label(const struct intent *intent, const char *uuid, char label[INTENT_LABEL_SIZE]);

/* -ENOENT empty; -EEXIST somebody else's text; -EBADMSG ours, but damaged, of a later
 * version, or of another namespace. */
int intent_from_label(const char *label, const char *uuid, struct intent *ret_intent);

#endif
