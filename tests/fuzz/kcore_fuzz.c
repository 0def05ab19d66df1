// SPDX-License-Identifier: GPL-2.0-or-later
/* kcore_fuzz.c -- the head of /proc/kcore. */

#include "daemon/kcore.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct kcore k;

	must(copy != NULL);
	memcpy(copy, data, size);
	if (!kcore_parse(&k, copy, size))
		must(k.n > 0 && k.n <= KCORE_SEGMENTS_MAX);
	free(copy);
	return 0;
}
