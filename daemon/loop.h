/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loop.h -- the daemon's life: signals, timers, the service manager; rounds in between. */
#ifndef RAMIFYD_LOOP_H
#define RAMIFYD_LOOP_H

#include "config.h"

/** Until it is told to end. @path is read again on SIGHUP; @socket is where it can be asked;
 *  @files, which were found to be right, are taken over. */
int loop_run(const char *path, bool optional, const char *socket, struct config *files);

#endif
