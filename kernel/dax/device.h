/* SPDX-License-Identifier: GPL-2.0-only */
/* device.h -- DAX devices that are bound to us, and requests to bind or let go. */
#ifndef RAMIFY_DEVICE_H
#define RAMIFY_DEVICE_H

#include <linux/device.h>

struct dev_dax;

/* The driver's operations: without an armed request a device is not ours. */
int device_probe_dax(struct dev_dax *dax);
void device_remove_dax(struct dev_dax *dax);

/* What was written to "add" and "release". Negative errno. */
int device_add_request(struct device_driver *drv, const char *text);
int device_release_request(struct device_driver *drv, const char *text);

#endif
