// SPDX-License-Identifier: GPL-2.0-only
/* rebind.c -- the next driver of a device that we let go does not wait for a grace period. */

#include <linux/notifier.h>
#include <linux/spinlock.h>

#include "../compat.h"
#include "rebind.h"

/*
 * device_dax takes the lock of memory hot-plug for writing. Right after a removal that is
 * quick; after the scrub RCU has come to rest, and its writer waits for a grace period.
 */
static struct {
	spinlock_t lock;
	const struct device *dev;	/* waits for a driver, or is gone: never followed */
	bool hastened;			/* it is being bound, and grace periods are quick */
} next = { .lock = __SPIN_LOCK_UNLOCKED(next.lock) };

static void next_begin(void)
{
	if (!next.hastened)
		rcu_expedite_gp();
	next.hastened = true;
}

static void next_end(const struct device *dev)
{
	if (next.hastened)
		rcu_unexpedite_gp();
	next.hastened = false;
	next.dev = dev;
}

void rebind_hasten(struct device *dev)
{
	spin_lock(&next.lock);
	next_end(dev);
	spin_unlock(&next.lock);
}

/* What begins to be bound always ends as bound or as not bound, both of which may come alone. */
static int rebind_notify(struct notifier_block *nb, unsigned long action, void *dev)
{
	spin_lock(&next.lock);
	if (dev == next.dev) {
		if (action == BUS_NOTIFY_BIND_DRIVER)
			next_begin();
		else if (action == BUS_NOTIFY_BOUND_DRIVER ||
			 action == BUS_NOTIFY_DRIVER_NOT_BOUND)
			next_end(NULL);
	}
	spin_unlock(&next.lock);
	return NOTIFY_DONE;
}

static struct notifier_block rebind_notifier = { .notifier_call = rebind_notify };

int rebind_init(const struct device_driver *drv)
{
	return bus_register_notifier(drv->bus, &rebind_notifier);
}

void rebind_exit(const struct device_driver *drv)
{
	bus_unregister_notifier(drv->bus, &rebind_notifier);
	next_end(NULL);
}
