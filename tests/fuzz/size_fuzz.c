// SPDX-License-Identifier: GPL-2.0-or-later
/* size_fuzz.c -- sizes: what is taken for one says itself again, and no share exceeds its whole. */

#include "size.h"
#include "text.h"

static void check_bytes(uint64_t bytes)
{
	char text[SIZE_TEXT_MAX];
	struct ramify_size again;
	char *blank;

	size_text(text, bytes);
	blank = strchr(text, ' ');
	if (strcmp(blank, " bytes") == 0)
		*blank = '\0';
	else
		memmove(blank, blank + 1, strlen(blank));
	must(ramify_size_parse(text, &again) == 0 && again.kind == RAMIFY_SIZE_BYTES);
	must(again.value == bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t wholes[] = { 0, 1, 4096, UINT64_C(1) << 40, UINT64_MAX };
	char *text = text_of(data, size);
	struct ramify_size got;

	if (!ramify_size_parse(text, &got)) {
		if (got.kind == RAMIFY_SIZE_BYTES)
			check_bytes(got.value);
		for (size_t i = 0; got.kind != RAMIFY_SIZE_BYTES && i < 5; i++)
			must(size_of(&got, wholes[i]) <= wholes[i]);
	}
	free(text);
	return 0;
}
