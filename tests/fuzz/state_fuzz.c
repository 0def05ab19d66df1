// SPDX-License-Identifier: GPL-2.0-or-later
/* state_fuzz.c -- records: damaged, and with a right check sum over anything. */

#include "state.h"

#include <stdio.h>

#include "crc32.h"
#include "text.h"

static void parse(const char *text, size_t len)
{
	struct state state, again;
	char *written;

	if (state_parse(text, len, &state))
		return;
	/* What was read can be written and read again. */
	must(!state_format(&state, &written));
	must(!state_parse(written, strlen(written), &again));
	free(written);
	state_clear(&again);
	state_clear(&state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *summed = malloc(size + 32);

	must(summed != NULL);
	parse(text, size);
	memcpy(summed, data, size);
	sprintf(summed + size, "crc %08x\n", crc32_update(0, data, size));
	parse(summed, size + 13);
	free(summed);
	free(text);
	return 0;
}
