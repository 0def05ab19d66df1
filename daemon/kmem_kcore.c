// SPDX-License-Identifier: GPL-2.0-or-later
/* kmem_kcore.c -- the kernel's memory, by a read of /proc/kcore for each object. */

#include <errno.h>

#include "kcore.h"
#include "kmem.h"

static struct kcore kcore;

static int open_kcore(const char **ret_why)
{
	int err = kcore_open(&kcore);

	if (err == -EPERM || err == -EACCES)
		*ret_why = "/proc/kcore may not be read (lockdown, or not root)";
	else if (err)
		*ret_why = "/proc/kcore is not as expected";
	return err;
}

static void close_kcore(void)
{
	kcore_close(&kcore);
}

static int read_kcore(const uint64_t *addrs, size_t n, size_t bytes, const void **ret_objects)
{
	static uint64_t objects[KMEM_OBJECTS][KMEM_OBJECT_BYTES / sizeof(uint64_t)];
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = kcore_read(&kcore, addrs[i], objects[i], bytes);
	if (!err)
		*ret_objects = objects;
	return err;
}

const struct kmem kmem_kcore = {.open = open_kcore, .close = close_kcore, .read = read_kcore};
