// SPDX-License-Identifier: GPL-2.0-or-later
/* daxctl_fuzz.c -- daxctl's configuration files. */

#include "daxctl.h"

#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ramify *ctx;
	char *text = text_of(data, size);
	struct daxctl_list list;

	if (!ctx)
		must(!ramify_new(NULL, &ctx));
	if (!daxctl_parse(ctx, "x", text, &list))
		daxctl_free(&list);
	free(text);
	return 0;
}
