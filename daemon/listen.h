/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listen.h -- where the daemon can be reached: a socket in the file system, a loopback port. */
#ifndef RAMIFYD_LISTEN_H
#define RAMIFYD_LISTEN_H

#include <stdbool.h>

/** Somebody listens at the socket @path. */
bool listen_taken(const char *path);
/** A listening socket at @path that anybody may connect to; its folder is made if it is missing.
 *  -EADDRINUSE: somebody listens there. What a daemon that is gone has left is replaced. */
int listen_unix(const char *path, int *ret_fd);
/** At a port of the machine itself, as config_loopback() takes it. */
int listen_loopback(const char *text, int *ret_fd);

#endif
