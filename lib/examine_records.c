// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_records.c -- files about memory and tiers that nobody can act upon. */

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

/* What waits to be moved into the label has to differ from it. */
static int tell_shadowed(struct examination *ex, const struct ramify_device *dev,
			 const struct purpose *purpose)
{
	char where[320];

	if (purpose->shadowed == RAMIFY_USE_NONE || purpose->entry->to_label ||
	    purpose->shadowed == purpose->intent.use)
		return 0;
	purpose_where(purpose, where, sizeof(where));
	return finding_add(ex, RAMIFY_WARN, "records",
			   "ramify keep --as, which leaves one record, or remove that file",
			   "%s is recorded twice: its label says %s, and does not hold; %s says %s",
			   dev->name, ramify_use_name(purpose->shadowed), where,
			   ramify_use_name(purpose->intent.use));
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
		return tell_shadowed(ex, dev, &purpose);
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

int examine_tiers(struct examination *ex)
{
	struct ramify_placements *placements;
	int err = ramify_placements_read(ex->ctx, ex->sys, &placements);

	if (err)
		return err == -ENOMEM ? err :
		       finding_add(ex, RAMIFY_BAD, "tiers", "edit it as ramify-measure(1) says",
				   "none of the file holds: %s", ex->ctx->message);
	ramify_placements_free(placements);
	return 0;
}
