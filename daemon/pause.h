/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pause.h -- the kill switch: set, it stays so when the daemon ends and is started again. */
#ifndef RAMIFYD_PAUSE_H
#define RAMIFYD_PAUSE_H

#include <stdbool.h>
#include <stddef.h>

/** The file that says so: "paused", beside @socket. -ENAMETOOLONG. */
int pause_path(const char *socket, char *buf, size_t size);
bool pause_read(const char *path);
/** -errno: it is as it was. */
int pause_write(const char *path, bool paused);

#endif
