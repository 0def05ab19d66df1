/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loop.h -- the daemon's life: signals, timers, the service manager; rounds in between. */
#ifndef RAMIFYD_LOOP_H
#define RAMIFYD_LOOP_H

#include "config.h"

/** Until it is told to end. @path is read again on SIGHUP; @config is taken over. */
int loop_run(const char *path, bool optional, const char *socket, const struct config *config);

/** Is a configuration right for this machine? @error is set if not. */
int loop_check(const struct config *config, struct policy_error *error);

#endif
