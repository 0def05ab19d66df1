// SPDX-License-Identifier: LGPL-2.1-or-later
/* reply.c -- an answer in HTTP, taken apart. */

#include "reply.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define LENGTH "content-length:"

/* "HTTP/1.x NNN ..." */
static int parse_status(const char *line, size_t len, unsigned int *ret_status)
{
	const char *digits = line + 9;

	if (len < 12 || strncmp(line, "HTTP/1.", 7) || !isdigit((unsigned char)line[7]) ||
	    line[8] != ' ')
		return -EPROTO;
	for (int i = 0; i < 3; i++) {
		if (!isdigit((unsigned char)digits[i]))
			return -EPROTO;
	}
	if (len > 12 && digits[3] != ' ')
		return -EPROTO;
	*ret_status = (unsigned int)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
				     (digits[2] - '0'));
	return 0;
}

static int parse_length(const char *text, size_t len, size_t *ret_length)
{
	size_t value = 0, digits = 0;

	for (; len && (*text == ' ' || *text == '\t'); len--)
		text++;
	for (; len && isdigit((unsigned char)*text); len--) {
		if (++digits > 15)
			return -EPROTO;
		value = 10 * value + (size_t)(*text++ - '0');
	}
	for (; len && (*text == ' ' || *text == '\t'); len--)
		text++;
	if (!digits || len)
		return -EPROTO;
	*ret_length = value;
	return 0;
}

/* The next line, which ends with CR LF, and where the one after it begins. NULL: there is none. */
static const char *next_line(const char **rest, const char *end, size_t *ret_len)
{
	const char *line = *rest;
	const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);

	if (!stop)
		return NULL;
	*ret_len = (size_t)(stop - line);
	*rest = stop + 2;
	return line;
}

int reply_parse(const char *text, size_t len, unsigned int *ret_status, const char **ret_body,
		size_t *ret_body_len)
{
	const char *end = text + len, *rest = text, *line;
	size_t line_len, length = SIZE_MAX;
	unsigned int status;
	int err;

	line = next_line(&rest, end, &line_len);
	err = line ? parse_status(line, line_len, &status) : -EPROTO;
	while (!err && (line = next_line(&rest, end, &line_len)) && line_len) {
		if (line_len > strlen(LENGTH) && !strncasecmp(line, LENGTH, strlen(LENGTH)))
			err = parse_length(line + strlen(LENGTH), line_len - strlen(LENGTH),
					   &length);
	}
	if (err || !line)
		return -EPROTO;
	if (length == SIZE_MAX)
		length = (size_t)(end - rest);
	if (length > (size_t)(end - rest))
		return -EPROTO;
	*ret_status = status;
	*ret_body = rest;
	*ret_body_len = length;
	return 0;
}
