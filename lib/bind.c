// SPDX-License-Identifier: LGPL-2.1-or-later
/* bind.c -- which driver a DAX device has, and giving it another one. */

#include "bind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "context.h"
#include "dir.h"
#include "module.h"
#include "writer.h"

int bind_current(struct ramify *ctx, const char *device, char *driver, size_t size)
{
	char path[160];
	int err;

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/driver", device);
	err = link_name(ctx, path, driver, size);
	if (err == -ENOENT) {
		*driver = '\0';
		err = 0;
	}
	return err;
}

static int tick(void *arg, size_t done)
{
	return op_progress(arg, RAMIFY_PHASE_CONVERT, done, 1);
}

static int driver_write(struct op *op, const char *driver, const char *file, const char *device)
{
	struct write_job job = { .text = device };
	size_t done;
	int err;

	snprintf(job.path, sizeof(job.path), "sys/bus/dax/drivers/%s/%s", driver, file);
	err = writer_run(op->ctx, &job, 1, tick, op, &done);
	return done ? 0 : err;
}

int bind_none(struct op *op, const char *device)
{
	char driver[64];
	int err = bind_current(op->ctx, device, driver, sizeof(driver));

	if (err || !*driver)
		return err;
	err = driver_write(op, driver, "unbind", device);
	if (err)
		return fail(op->ctx, err, "%s: cannot be taken from its driver %s: %s", device,
			    driver, strerror(-err));
	return 0;
}

static bool has_driver(struct ramify *ctx, const char *device, const char *driver)
{
	char now[64];

	return !bind_current(ctx, device, now, sizeof(now)) && strcmp(now, driver) == 0;
}

/* What is in the list and has a driver is taken out. */
static void keep_unbound(struct ramify *ctx, struct dir_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!has_driver(ctx, list->names[i], ""))
			*list->names[i] = '\0';
}

/*
 * The kernel offers the driver every device without one, when it is told a name. A device that
 * is marked, and not scrubbed yet, waits without a driver: it is taken back at once. The name
 * must go too, or it would take the next device that has it.
 */
static int bind_by_name(struct op *op, const char *device, const char *driver)
{
	struct dir_list others;
	int gone, err = dir_list_read(op->ctx, "sys/bus/dax/devices", "dax", &others);

	if (err)
		return err;
	keep_unbound(op->ctx, &others);
	err = driver_write(op, driver, "new_id", device);
	for (size_t i = 0; i < others.n; i++)
		if (*others.names[i] && strcmp(others.names[i], device) != 0 &&
		    has_driver(op->ctx, others.names[i], driver))
			driver_write(op, driver, "unbind", others.names[i]);
	dir_list_free(&others);
	gone = driver_write(op, driver, "remove_id", device);
	return err ? err : gone;
}

int bind_to(struct op *op, const char *device, const char *driver)
{
	int err = module_load(op->ctx, driver);

	if (err)
		return fail(op->ctx, err, "%s: the driver %s cannot be loaded: %s", device, driver,
			    strerror(-err));
	/* Loading can have bound it. */
	if (has_driver(op->ctx, device, driver))
		return 0;
	err = driver_write(op, driver, "bind", device);
	if (err == -ENODEV)
		err = bind_by_name(op, device, driver);
	if (!err && !has_driver(op->ctx, device, driver))
		err = -ENODEV;
	if (err)
		return fail(op->ctx, err, "%s: the driver %s does not take it: %s", device, driver,
			    strerror(-err));
	return 0;
}

int bind_restore(struct op *op, const char *device, const char *driver)
{
	int err;

	if (has_driver(op->ctx, device, driver))
		return 0;
	err = bind_none(op, device);
	return err || !*driver ? err : bind_to(op, device, driver);
}

/* Since Linux 6.3 the bus knows devices whose default is RAM. */
bool bind_kmem_takes(enum ramify_source source)
{
	unsigned int major = 0, minor = 0;
	struct utsname kernel;

	if (source == RAMIFY_PMEM || uname(&kernel) < 0 ||
	    sscanf(kernel.release, "%u.%u", &major, &minor) != 2)
		return false;
	return major > 6 || (major == 6 && minor >= 3);
}

void bind_default(struct ramify *ctx, enum ramify_source source, char *driver, size_t size)
{
	bool stock;

	if (!bind_kmem_takes(source)) {
		snprintf(driver, size, DRIVER_RAW);
		return;
	}
	stock = !module_is_blacklisted(ctx, DRIVER_STOCK) && !module_load(ctx, DRIVER_STOCK);
	snprintf(driver, size, "%s", stock ? DRIVER_STOCK : "");
}
