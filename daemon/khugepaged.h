/* SPDX-License-Identifier: GPL-2.0-or-later */
/* khugepaged.h -- the kernel's thread that joins small pages to huge ones, for all programs. */
#ifndef RAMIFYD_KHUGEPAGED_H
#define RAMIFYD_KHUGEPAGED_H

#include <stdbool.h>

/** It sleeps, until khugepaged_restore(), but for one last time. A negative errno, and which file it is of. */
int khugepaged_off(const char **ret_at);
/** As it was before khugepaged_off(); nothing if that was not called. The same errors. */
int khugepaged_restore(const char **ret_at);
/** Does it join anything, now and then? */
bool khugepaged_works(void);

#endif
