// SPDX-License-Identifier: LGPL-2.1-or-later
/* namespace.c -- namespaces of persistent memory: their labels and identities, found. */

#include "namespace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "context.h"

#define ND_DIR "sys/bus/nd/devices/"

static int nd_attr(struct ramify *ctx, const char *device, const char *attr, char *buf,
		   size_t size)
{
	char path[160];

	snprintf(path, sizeof(path), ND_DIR "%s/%s", device, attr);
	return attr_read(ctx, path, buf, size);
}

/* Without labels the kernel shows neither file. */
int namespace_label_uuid(struct ramify *ctx, const char *name, char uuid[IDENTITY_SIZE])
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

	return !namespace_label_uuid(ctx, name, uuid);
}

int namespace_read_intent(struct ramify *ctx, const char *name, struct intent *ret_intent)
{
	char label[INTENT_LABEL_SIZE + 2], uuid[IDENTITY_SIZE];
	int err = namespace_label_uuid(ctx, name, uuid);

	if (!err)
		err = nd_attr(ctx, name, "alt_name", label, sizeof(label));
	return err ? err : intent_from_label(label, uuid, ret_intent);
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
	int err = namespace_label_uuid(ctx, name, uuid);

	if (err)
		err = devdax_uuid(ctx, name, uuid);
	if (err)
		return err;
	if ((size_t)snprintf(identity, IDENTITY_SIZE, "uuid-%s", uuid) >= IDENTITY_SIZE)
		return -EBADMSG;
	return 0;
}
