/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numab.h -- the kernel's own NUMA balancing, which moves pages too. */
#ifndef RAMIFYD_NUMAB_H
#define RAMIFYD_NUMAB_H

#include <stdbool.h>
#include <sys/types.h>

/** kernel.numa_balancing; -ENOENT the kernel has none. */
int numab_read(void);
/** Off, until numab_restore(). A negative errno, and which file it is of. */
int numab_off(const char **ret_at);
/** As it was before numab_off(); nothing if it was not called. The same errors. */
int numab_restore(const char **ret_at);

/** Does the kernel leave this process alone? It does if the process has a memory policy of its own,
 *  as `ramify run` gives it one, or if nothing is balanced at all. */
bool numab_spares(pid_t pid);
/** Of the first line of /proc/PID/numa_maps: is there a policy that stops balancing? */
bool numab_policy_stops(const char *line);

#endif
