/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demotion.h -- whether the kernel demotes, rather than swaps out, what it reclaims in fast memory. */
#ifndef RAMIFYD_DEMOTION_H
#define RAMIFYD_DEMOTION_H

#include <stdbool.h>

/** 1, 0; -ENOENT the kernel cannot. */
int demotion_read(void);
/** On, until demotion_restore(). A negative errno. */
int demotion_on(void);
/** As it was before demotion_on(); nothing if it was not called. */
int demotion_restore(void);
/** Is there any swap space? */
bool demotion_saves(void);

#endif
