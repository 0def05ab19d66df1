// SPDX-License-Identifier: LGPL-2.1-or-later
/* text.c -- a text handed to inih line by line, with the lines counted. */

#include "text.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* As fgets(). Without the blanks before it, or inih takes it for more of the value before. */
char *ini_text_line(char *buf, int size, void *stream)
{
	struct ini_text *text = stream;
	size_t len;

	if (!*text->rest || text->too_long)
		return NULL;
	text->line++;
	len = strcspn(text->rest, "\n");
	for (; len && isblank((unsigned char)*text->rest); len--)
		text->rest++;
	text->too_long = len + 2 > (size_t)size;
	if (text->too_long)
		return NULL;
	if (*text->rest == '[')
		text->section_line = text->line;
	memcpy(buf, text->rest, len);
	buf[len] = '\n';
	buf[len + 1] = '\0';
	text->rest += len + (text->rest[len] == '\n');
	return buf;
}
