/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daxctl.h -- daxctl's configuration: devices by UUID, and what they become at boot. */
#ifndef RAMIFY_LIB_DAXCTL_H
#define RAMIFY_LIB_DAXCTL_H

#include "ramify.h"
#include "state.h"

struct daxctl_section {
	char uuid[IDENTITY_SIZE];	/* "": not said */
	bool ram;			/* else devdax */
	bool online, movable;
	unsigned int line;		/* of its heading */
};

struct daxctl_list {
	struct daxctl_section *items;
	size_t n;
};

/* The sections [reconfigure-device NAME] of a file's text; others are somebody else's.
 * -EBADMSG with file and line. */
int daxctl_parse(struct ramify *ctx, const char *path, const char *text,
		 struct daxctl_list *ret_list);
/* -ENOENT no such file. */
int daxctl_read(struct ramify *ctx, const char *path, struct daxctl_list *ret_list);
void daxctl_free(struct daxctl_list *list);

#endif
