/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h -- what the daemon says: lines to standard error, with their level where the journal reads. */
#ifndef RAMIFYD_LOG_H
#define RAMIFYD_LOG_H

#include <systemd/sd-daemon.h>

/** @level: SD_ERR and the like, which are texts. */
void log_line(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
