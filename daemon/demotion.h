/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demotion.h -- whether the kernel demotes, rather than swaps out, what it reclaims in fast memory. */
#ifndef RAMIFYD_DEMOTION_H
#define RAMIFYD_DEMOTION_H

#include <stdbool.h>

/** 1, 0; -ENOENT the kernel cannot. */
int demotion_read(void);
/** On, until demotion_restore(). A negative errno, and which file it is of. */
int demotion_on(const char **ret_at);
/** As it was before demotion_on(); nothing if it was not called. The same errors. */
int demotion_restore(const char **ret_at);
/** Is there any swap space? */
bool demotion_saves(void);

#endif
