// SPDX-License-Identifier: LGPL-2.1-or-later
/* relabel.c -- the label of a namespace, written anew: by libndctl, which who only reads labels need not load. */

#include <errno.h>
#include <string.h>

#include "context.h"
#include "namespace.h"
#include "ndbus.h"

static int label_text(struct ramify *ctx, const char *name, const struct intent *intent,
		      char label[INTENT_LABEL_SIZE])
{
	char uuid[IDENTITY_SIZE];
	int err = namespace_label_uuid(ctx, name, uuid);

	*label = '\0';
	if (!err && intent)
		intent_to_label(intent, uuid, label);
	return err;
}

static int write_label(struct ndbus *bus, const char *label)
{
	bool enabled = ndctl_namespace_is_active(bus->ndns);
	int err = 0, again;

	if (enabled)
		err = ndbus_disable(bus);
	if (!err)
		err = ndctl_namespace_set_alt_name(bus->ndns, label);
	again = enabled ? ndbus_enable(bus) : 0;
	return err ? err : again;
}

int namespace_write_intent(struct ramify *ctx, const char *name, const struct intent *intent)
{
	char label[INTENT_LABEL_SIZE];
	struct intent old;
	struct ndbus bus;
	int err = namespace_read_intent(ctx, name, &old);

	if (err == -EEXIST || err == -EOPNOTSUPP)
		return err;
	err = label_text(ctx, name, intent, label);
	if (!err)
		err = ndbus_open(ctx, name, &bus);
	if (err)
		return err;
	err = write_label(&bus, label);
	ndbus_close(&bus);
	if (err)
		return fail(ctx, err, "the label of %s cannot be written: %s", name,
			    strerror(-err));
	return 0;
}
