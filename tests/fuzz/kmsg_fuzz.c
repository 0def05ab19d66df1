// SPDX-License-Identifier: GPL-2.0-or-later
/* kmsg_fuzz.c -- records of the kernel's log. */

#include "kmsg.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), said[16];

	if (!kmsg_match(text, "dax0.0", said, sizeof(said)))
		must(strlen(said) < sizeof(said) && !strchr(said, '\n'));
	free(text);
	return 0;
}
