/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module.h -- kernel modules: is one there, load one. */
#ifndef RAMIFY_LIB_MODULE_H
#define RAMIFY_LIB_MODULE_H

#include "ramify.h"

/* Loads @name and what it needs; 0 too if it is there. -ENOENT no such module for this
 * kernel; -EPERM not allowed. */
int module_load(struct ramify *ctx, const char *name);

bool module_is_loaded(struct ramify *ctx, const char *name);

/* By modprobe.d or the kernel's command line, which hold for loading by alias only. */
bool module_is_blacklisted(struct ramify *ctx, const char *name);

#endif
