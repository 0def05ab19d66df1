// SPDX-License-Identifier: GPL-2.0-or-later
/* log.c -- what the daemon says: lines to standard error, with their level where the journal reads. */

#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void log_line(const char *level, const char *format, ...)
{
	char line[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "%s%s\n", getenv("JOURNAL_STREAM") ? level : "ramifyd: ", line);
}
