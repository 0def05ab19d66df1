// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_records.c -- records of what memory is for that nobody can act upon. */

#include <errno.h>

#include "findings.h"
#include "purpose.h"

struct bad_files {
	struct examination *ex;
	int err;
};

static void tell_bad(void *arg, const char *file, int err)
{
	struct bad_files *bad = arg;

	if (!bad->err)
		bad->err = finding_add(bad->ex, RAMIFY_BAD, "records",
				       "edit it as ramify-keep(1) says, or remove it", "%s",
				       bad->ex->ctx->message);
}

static int examine_purpose(struct examination *ex, const struct ramify_device *dev,
			   const struct entry_list *entries)
{
	struct purpose purpose;
	struct target target = {
		.sys = ex->sys, .dev = dev,
		.region = dev->region ? system_region(ex->sys, dev->region) : NULL,
	};

	if (!purpose_find(ex->ctx, &target, entries, &purpose))
		return 0;
	return finding_add(ex, RAMIFY_WARN, "records", "", "%s", ex->ctx->message);
}

int examine_records(struct examination *ex)
{
	const struct ramify_device *dev = NULL;
	struct bad_files bad = { .ex = ex };
	struct entry_list entries;
	int err = entries_read(ex->ctx, tell_bad, &bad, &entries);

	if (err)
		return err == -ENOMEM ? err : finding_add(ex, RAMIFY_BAD, "records",
							  "sudo ramify doctor", "%s",
							  ex->ctx->message);
	err = bad.err;
	while (!err && (dev = ramify_next_device(ex->sys, dev)))
		err = examine_purpose(ex, dev, &entries);
	entries_free(&entries);
	return err;
}
