// SPDX-License-Identifier: LGPL-2.1-or-later
/* idle.c -- soft-reserved regions that appear with a device of no size. */

#include "idle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "dir.h"

#define DEVICE_DIR "sys/bus/dax/devices/"

static int read_size(struct ramify *ctx, const char *device, const char *name, uint64_t *ret_bytes)
{
	char path[160];

	snprintf(path, sizeof(path), DEVICE_DIR "%s/%s", device, name);
	return attr_read_u64(ctx, path, ret_bytes);
}

static bool is_first(const char *device)
{
	const char *dot = strrchr(device, '.');

	return dot && strcmp(dot, ".0") == 0;
}

static bool region_is_whole(struct ramify *ctx, const char *device, uint64_t *ret_bytes)
{
	uint64_t available;

	return !read_size(ctx, device, "../dax_region/size", ret_bytes) &&
	       !read_size(ctx, device, "../dax_region/available_size", &available) &&
	       available == *ret_bytes;
}

enum idle idle_look(struct ramify *ctx, const char *device, uint64_t *ret_bytes)
{
	uint64_t bytes;

	/* Names of another form, and devices of a size, are somebody else's to judge. */
	if (strlen(device) > 64 || !dir_is_pair(device, "dax") ||
	    read_size(ctx, device, "size", &bytes) < 0 || bytes)
		return IDLE_NOT;
	if (!is_first(device) || !region_is_whole(ctx, device, ret_bytes))
		return IDLE_EMPTY;
	return IDLE_WHOLE;
}

int idle_fill(struct ramify *ctx, const char *device, uint64_t bytes)
{
	char path[160], text[32];
	int err;

	snprintf(path, sizeof(path), DEVICE_DIR "%s/size", device);
	snprintf(text, sizeof(text), "%" PRIu64, bytes);
	err = attr_write(ctx, path, text);
	if (err)
		return fail(ctx, err, "%s cannot get the memory of its region: %s", device,
			    strerror(-err));
	return 0;
}
