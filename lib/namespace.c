// SPDX-License-Identifier: LGPL-2.1-or-later
/* namespace.c -- namespaces of persistent memory: their labels, found and rewritten. */

#include "namespace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "ndbus.h"

#define ND_DIR "sys/bus/nd/devices/"

static int nd_attr(struct ramify *ctx, const char *device, const char *attr, char *buf,
		   size_t size)
{
	char path[160];

	snprintf(path, sizeof(path), ND_DIR "%s/%s", device, attr);
	return attr_read(ctx, path, buf, size);
}

/* Without labels the kernel shows neither file. */
static int label_uuid(struct ramify *ctx, const char *name, char uuid[IDENTITY_SIZE])
{
	char alt_name[INTENT_LABEL_SIZE + 2];
	int err = nd_attr(ctx, name, "alt_name", alt_name, sizeof(alt_name));

	if (!err)
		err = nd_attr(ctx, name, "uuid", uuid, IDENTITY_SIZE);
	return err || !*uuid ? -EOPNOTSUPP : 0;
}

bool namespace_has_label(struct ramify *ctx, const char *name)
{
	char uuid[IDENTITY_SIZE];

	return !label_uuid(ctx, name, uuid);
}

int namespace_read_intent(struct ramify *ctx, const char *name, struct intent *ret_intent)
{
	char label[INTENT_LABEL_SIZE + 2], uuid[IDENTITY_SIZE];
	int err = label_uuid(ctx, name, uuid);

	if (!err)
		err = nd_attr(ctx, name, "alt_name", label, sizeof(label));
	return err ? err : intent_from_label(label, uuid, ret_intent);
}

static int label_text(struct ramify *ctx, const char *name, const struct intent *intent,
		      char label[INTENT_LABEL_SIZE])
{
	char uuid[IDENTITY_SIZE];
	int err = label_uuid(ctx, name, uuid);

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

/* The devdax over the namespace: dax0.1 of the nd bus, whose file "namespace" names it. */
static int devdax_uuid(struct ramify *ctx, const char *name, char uuid[IDENTITY_SIZE])
{
	char holder[64], under[64];
	int err = nd_attr(ctx, name, "holder", holder, sizeof(holder));

	if (err || strncmp(holder, "dax", 3) != 0)
		return -ENOENT;
	err = nd_attr(ctx, holder, "namespace", under, sizeof(under));
	if (err || strcmp(under, name) != 0)
		return -ENOENT;
	err = nd_attr(ctx, holder, "uuid", uuid, IDENTITY_SIZE);
	return err || !*uuid ? -ENOENT : 0;
}

int namespace_identity(struct ramify *ctx, const char *name, char identity[IDENTITY_SIZE])
{
	char uuid[IDENTITY_SIZE];
	int err = label_uuid(ctx, name, uuid);

	if (err)
		err = devdax_uuid(ctx, name, uuid);
	if (err)
		return err;
	if ((size_t)snprintf(identity, IDENTITY_SIZE, "uuid-%s", uuid) >= IDENTITY_SIZE)
		return -EBADMSG;
	return 0;
}
