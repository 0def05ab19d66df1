/* SPDX-License-Identifier: GPL-2.0-or-later */
/* changes.h -- tells when files of the configuration change. */
#ifndef RAMIFYD_CHANGES_H
#define RAMIFYD_CHANGES_H

#include <systemd/sd-event.h>

/** Calls @fn, at most once in half a second, when the file at @path, or a <name>.conf in policy.d
 *  beside it, was written, came or went. Folders that are not there are not watched. */
int changes_watch(sd_event *event, const char *path, void (*fn)(void *arg), void *arg);

#endif
