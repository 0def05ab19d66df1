// SPDX-License-Identifier: GPL-2.0-or-later
/* iomem_fuzz.c -- lines of /proc/iomem. */

#include "extent.h"
#include "iomem.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct iomem_entry entry;

	if (!iomem_parse(text, &entry))
		must(extent_valid(&entry.range) && strlen(entry.name) < sizeof(entry.name));
	free(text);
	return 0;
}
