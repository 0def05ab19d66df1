// SPDX-License-Identifier: GPL-2.0-or-later
/* utf8.c -- names that are bytes, as text that others can read. */

#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Not too long a form, no surrogate, no more than there is, no control character. */
static bool is_good(uint32_t code, size_t len)
{
	static const uint32_t first[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };

	return code >= first[len] && code != 0x7f && (code < 0xd800 || code > 0xdfff) &&
	       code <= 0x10ffff;
}

size_t utf8_char(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t len = *c < 0x80 ? 1 : *c < 0xc0 ? 0 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 :
		     *c < 0xf8 ? 4 : 0;
	uint32_t code = len > 1 ? *c & (0x7f >> len) : *c;

	for (size_t i = 1; i < len; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (c[i] & 0x3f);
	}
	return len && is_good(code, len) ? len : 0;
}

char *utf8_name(const char *bytes)
{
	char *name = malloc(5 * strlen(bytes) + 1), *to = name;

	if (!name)
		return NULL;
	while (*bytes) {
		size_t len = utf8_char(bytes);

		/* The sign itself too, or there would be two ways to write it. */
		if (len && strncmp(bytes, REPLACEMENT, strlen(REPLACEMENT))) {
			memcpy(to, bytes, len);
			to += len;
			bytes += len;
		} else {
			to += sprintf(to, REPLACEMENT "%02x", (unsigned char)*bytes++);
		}
	}
	*to = '\0';
	return name;
}

char *utf8_mend(char *text)
{
	for (char *c = text; *c;) {
		size_t len = utf8_char(c);

		if (!len)
			*c = '?';
		c += len ? len : 1;
	}
	return text;
}
