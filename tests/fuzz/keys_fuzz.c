// SPDX-License-Identifier: GPL-2.0-or-later
/* keys_fuzz.c -- lines of /proc/keys. */

#include "keys.h"

#include <string.h>

#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	const char *subject = keys_subject(text);

	must(!subject || (subject > text && subject + strlen(subject) < text + size));
	free(text);
	return 0;
}
