/* SPDX-License-Identifier: GPL-2.0-only */
/* rebind.h -- the next driver of a device that we let go does not wait for a grace period. */
#ifndef RAMIFY_REBIND_H
#define RAMIFY_REBIND_H

#include <linux/device.h>

/* On the bus of @drv, which is registered. Negative errno. */
int rebind_init(const struct device_driver *drv);
void rebind_exit(const struct device_driver *drv);

/* From the next binding of @dev on, until that has succeeded or failed. Of two devices that
 * wait for a driver at once only the last is quick. */
void rebind_hasten(struct device *dev);

#endif
