// SPDX-License-Identifier: GPL-2.0-or-later
/* intent_fuzz.c -- namespace labels: anybody's text, or ours. */

#include "intent.h"

#include <stdio.h>

#include "crc32.h"
#include "text.h"

/* What is taken for ours is what we would write. */
static void read_label(const char *text)
{
	char label[INTENT_LABEL_SIZE];
	struct intent intent;

	if (intent_from_label(text, "uuid", &intent))
		return;
	intent_to_label(&intent, "uuid", label);
	must(strcmp(label, text) == 0);
}

/* As it is, and with a right check sum behind it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *summed = malloc(size + 16);
	uint32_t crc = crc32_update(crc32_update(0, data, size), "uuid", 4);

	must(summed != NULL);
	read_label(text);
	memcpy(summed, data, size);
	sprintf(summed + size, "%08x", crc);
	read_label(summed);
	free(summed);
	free(text);
	return 0;
}
