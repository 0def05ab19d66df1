// SPDX-License-Identifier: GPL-2.0-or-later
/* entry_fuzz.c -- files of what memory is for. */

#include "entry.h"

#include "text.h"

/* What is taken is what we would write, and reads the same again. */
static void again(struct ramify *ctx, const struct entry *first)
{
	struct entry second;
	char *once, *twice;

	must(!entry_format(first, &once));
	must(!entry_parse(ctx, "x.conf", once, &second));
	must(!entry_format(&second, &twice));
	must(!strcmp(once, twice));
	free(once);
	free(twice);
	entry_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ramify *ctx;
	char *text = text_of(data, size);
	struct entry entry;

	if (!ctx)
		must(!ramify_new(NULL, &ctx));
	if (!entry_parse(ctx, "x.conf", text, &entry)) {
		again(ctx, &entry);
		entry_clear(&entry);
	}
	free(text);
	return 0;
}
