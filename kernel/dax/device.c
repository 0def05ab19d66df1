// SPDX-License-Identifier: GPL-2.0-only
/* device.c -- DAX devices that are bound to us, and requests to bind or let go. */

#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dax_types.h"
#include "device.h"
#include "holding.h"
#include "rebind.h"

/*
 * The one request that a probe may serve. A name in new_id lives on and would take the
 * next device of that name; this is gone with the call that set it.
 */
static struct {
	struct mutex lock;
	struct task_struct *task;
	const struct request *req;
	struct device *dev;
	struct holding *bound;		/* with a reference, set by the probe */
} armed = { .lock = __MUTEX_INITIALIZER(armed.lock) };

static int take_or_adopt(struct dev_dax *dax, const struct request *req, struct holding **ret_h)
{
	struct holding *h = holding_find_held(dax);
	int err;

	if (!h) {
		err = holding_create(dax, req, &h);
		if (err)
			return err;
		holding_get(h);		/* for the device */
	} else {
		err = holding_adopt(h, dax, req);
		if (err) {
			holding_put(h);
			return err;
		}
	}
	*ret_h = h;
	return 0;
}

int device_probe_dax(struct dev_dax *dax)
{
	struct holding *h;
	int err;

	/* Set by our own task before it called us, so no lock is needed to see it. */
	if (READ_ONCE(armed.task) != current || armed.dev != &dax->dev)
		return -ENODEV;
	err = take_or_adopt(dax, armed.req, &h);
	if (err)
		return err;
	dev_set_drvdata(&dax->dev, h);
	holding_get(h);
	armed.bound = h;
	return 0;
}

void device_remove_dax(struct dev_dax *dax)
{
	struct holding *h = dev_get_drvdata(&dax->dev);

	/* It cannot be refused: what does not go is held, and named in /proc/iomem. */
	if (holding_release(h, false))
		pr_warn("%s: the device is gone and its memory in use: held\n", h->owner);
	holding_orphan(h);
	holding_forget(h);
	dev_set_drvdata(&dax->dev, NULL);
	holding_put(h);
}

static int bind_device(struct device_driver *drv, struct device *dev, const struct request *req,
		       struct holding **ret_h)
{
	int err;

	if (mutex_lock_killable(&armed.lock))
		return -EINTR;
	armed.req = req;
	armed.dev = dev;
	armed.bound = NULL;
	WRITE_ONCE(armed.task, current);
	err = device_driver_attach(drv, dev);
	WRITE_ONCE(armed.task, NULL);
	/* The driver core may fail after the probe, and then unbinds again. */
	if (!err)
		*ret_h = armed.bound;
	else if (armed.bound)
		holding_put(armed.bound);
	mutex_unlock(&armed.lock);
	return err;
}

/* The device's holding with a reference, if the device is ours. */
static struct holding *holding_of(struct device_driver *drv, struct device *dev)
{
	struct holding *h = NULL;

	device_lock(dev);
	if (dev->driver == drv)
		h = dev_get_drvdata(dev);
	if (h)
		holding_get(h);
	device_unlock(dev);
	return h;
}

/* Under the lock, so that of two callers the second does not unbind the next driver. */
static void unbind_device(struct device_driver *drv, struct device *dev, const struct holding *h)
{
	struct holding *now;

	mutex_lock(&armed.lock);
	now = holding_of(drv, dev);
	if (now == h) {
		device_release_driver(dev);
		rebind_hasten(dev);
	}
	if (now)
		holding_put(now);
	mutex_unlock(&armed.lock);
}

static int add_device(struct device_driver *drv, const struct request *req)
{
	struct device *dev = bus_find_device_by_name(drv->bus, NULL, req->device);
	struct holding *h;
	int err;

	if (!dev) {
		pr_err("%.64s: no such DAX device\n", req->device);
		return -ENXIO;
	}
	err = bind_device(drv, dev, req, &h);
	if (err)
		goto put_device;
	err = holding_start(h);
	if (err || req->scrub == SCRUB_ONLY)
		unbind_device(drv, dev, h);
	holding_put(h);
put_device:
	put_device(dev);
	return err;
}

int device_add_request(struct device_driver *drv, const char *text)
{
	struct request req;
	int err = request_parse(text, &req);

	if (err)
		return err;
	err = add_device(drv, &req);
	request_free(&req);
	return err;
}

static int release_device(struct device_driver *drv, const char *name)
{
	struct device *dev = bus_find_device_by_name(drv->bus, NULL, name);
	struct holding *h;
	int err = -ENXIO;

	if (!dev)
		return err;
	h = holding_of(drv, dev);
	if (h) {
		err = holding_release(h, true);
		if (!err)
			unbind_device(drv, dev, h);
		holding_put(h);
	}
	put_device(dev);
	return err;
}

static int release_held(const struct range *whole)
{
	struct holding *h = holding_find_held_at(whole);
	int err;

	if (!h)
		return -ENXIO;
	err = holding_release(h, true);
	if (!err)
		holding_forget(h);
	holding_put(h);
	return err;
}

int device_release_request(struct device_driver *drv, const char *text)
{
	char *copy = kstrdup(text, GFP_KERNEL), *name;
	struct range whole;
	int err;

	if (!copy)
		return -ENOMEM;
	name = strim(copy);
	if (range_parse(name, &whole))
		err = release_device(drv, name);
	else
		err = release_held(&whole);
	if (err == -ENXIO)
		pr_err("%.64s: neither a device of ours nor memory that is held\n", name);
	kfree(copy);
	return err;
}
