// SPDX-License-Identifier: GPL-2.0-or-later
/* reply_fuzz.c -- answers in HTTP: what is taken lies within them. */

#include "lib/reply.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Without the NUL behind: the parser is told the length. */
	char *text = malloc(size ? size : 1);
	unsigned int status;
	const char *body;
	size_t len;

	if (!text)
		abort();
	memcpy(text, data, size);
	if (!reply_parse(text, size, &status, &body, &len)) {
		must(status < 1000);
		must(body > text && len <= size && body + len <= text + size);
	}
	free(text);
	return 0;
}
