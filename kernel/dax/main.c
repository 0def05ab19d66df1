// SPDX-License-Identifier: GPL-2.0-only
/* main.c -- ramify.ko: makes memory on the DAX bus System RAM when told to, and only then. */

#include <linux/module.h>

#include "dax_types.h"
#include "../compat.h"
#include "device.h"
#include "gate.h"
#include "rebind.h"
#include "sysfs.h"
#include "tier.h"

static struct dax_device_driver driver = {
	.drv = {
		/* Binding goes by "add": bind and unbind would go round every check. */
		.suppress_bind_attrs = true,
		.groups = ramify_driver_groups,
		.dev_groups = ramify_device_groups,
	},
	COMPAT_DAX_TYPE
	.probe = device_probe_dax,
	.remove = device_remove_dax,
};

static int __init ramify_init(void)
{
	int err = gate_init();

	if (err)
		return err;
	err = __dax_driver_register(&driver, THIS_MODULE, KBUILD_MODNAME);
	if (err)
		goto exit_gate;
	err = rebind_init(&driver.drv);
	if (!err)
		return 0;
	dax_driver_unregister(&driver);
exit_gate:
	gate_exit();
	return err;
}

static void __exit ramify_exit(void)
{
	rebind_exit(&driver.drv);
	dax_driver_unregister(&driver);
	gate_exit();
	tier_exit();
}

module_init(ramify_init);
module_exit(ramify_exit);

MODULE_DESCRIPTION("memory on the DAX bus as System RAM, and back");
MODULE_VERSION(RAMIFY_VERSION);
MODULE_AUTHOR("the ramify authors");
MODULE_LICENSE("GPL");
