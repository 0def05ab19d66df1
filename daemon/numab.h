/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numab.h -- the kernel's own NUMA balancing, which moves pages too. */
#ifndef RAMIFYD_NUMAB_H
#define RAMIFYD_NUMAB_H

/** kernel.numa_balancing; -ENOENT the kernel has none. */
int numab_read(void);
/** Off, with what it was kept in /run/ramify, so that a daemon that was killed in between still
 *  restores it. */
int numab_off(void);
/** As it was before numab_off(); nothing if it was not called. */
int numab_restore(void);

#endif
