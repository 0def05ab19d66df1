/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text.h -- a text handed to inih line by line, with the lines counted. */
#ifndef RAMIFY_INI_TEXT_H
#define RAMIFY_INI_TEXT_H

#include <stdbool.h>

struct ini_text {
	const char *rest;
	unsigned int line;		/* the one that was handed out last */
	unsigned int section_line;	/* where the last [section] began */
	bool too_long;			/* that line is, and nothing more is handed out */
};

/* For ini_parse_stream(), with a struct ini_text as its stream. */
char *ini_text_line(char *buf, int size, void *text);

#endif
