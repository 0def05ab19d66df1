/* SPDX-License-Identifier: GPL-2.0-only */
/* sysfs.h -- the files of include/uapi/ramify.h. */
#ifndef RAMIFY_SYSFS_H
#define RAMIFY_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group *ramify_driver_groups[];
extern const struct attribute_group *ramify_device_groups[];

#endif
