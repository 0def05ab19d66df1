// SPDX-License-Identifier: LGPL-2.1-or-later
/* destroy.c -- a device's memory goes back to its region. */

#include <errno.h>
#include <string.h>

#include "context.h"
#include "divide.h"
#include "idle_target.h"
#include "partition.h"
#include "reshape.h"

int ramify_destroy(struct ramify *ctx, const char *device, bool force)
{
	struct idle_target idle;
	struct op op = { .ctx = ctx };
	int err;

	reshape_finish(&op, NULL, NULL);
	err = idle_target_open(ctx, device, force, &idle);
	if (err)
		return err;
	if (idle.target.dev->namespace_name)
		err = partition_drop(ctx, idle.target.dev->namespace_name);
	else
		err = divide_drop(&op, idle.target.dev->name);
	idle_target_close(&idle);
	return err;
}
