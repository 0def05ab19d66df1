// SPDX-License-Identifier: GPL-2.0-or-later
/* log.c -- what the daemon says: to the journal where it is started by one, else to standard error. */

/* Where in our sources it was said is no matter of the journal's. */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-journal.h>

#define LINE_MAX 2048

static void to_stderr(const char *level, const char *line)
{
	fprintf(stderr, "%s%s\n", getenv("JOURNAL_STREAM") ? level : "ramifyd: ", line);
}

void log_line(const char *level, const char *format, ...)
{
	char line[LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	to_stderr(level, line);
}

void log_event(const char *event, const char *level, const char *format, ...)
{
	char line[LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* A level is "<6>". */
	if (!getenv("JOURNAL_STREAM") ||
	    sd_journal_send("MESSAGE_ID=%s", event, "PRIORITY=%c", level[1], "MESSAGE=%s", line, NULL))
		to_stderr(level, line);
}
