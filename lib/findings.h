/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* findings.h -- what an examination finds, and what it looks at. */
#ifndef RAMIFY_LIB_FINDINGS_H
#define RAMIFY_LIB_FINDINGS_H

#include "iomem.h"
#include "system.h"

struct examination {
	struct ramify *ctx;
	struct ramify_system *sys;
	struct iomem iomem;
	struct ramify_findings *findings;
	char release[128];		/* of the kernel; "" not known */
	unsigned int major, minor;
};

/* Adds a finding. @subject is a constant; @remedy is a command or a boot option, "" for none.
 * -ENOMEM. */
int finding_add(struct examination *ex, enum ramify_verdict verdict, const char *subject,
		const char *remedy, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* A check adds what it finds. Only -ENOMEM and what makes no sense (-EBADMSG) are failures. */
typedef int check_fn(struct examination *ex);

/* examine_kernel.c */
check_fn examine_release, examine_hotplug, examine_memmap, examine_auto_online,
	examine_tiering;
/* examine_signature.c */
check_fn examine_secure_boot, examine_lockdown;
/* examine_driver.c */
check_fn examine_driver, examine_scanner, examine_kmem;
/* examine_devices.c */
check_fn examine_privilege, examine_hidden, examine_unread, examine_bad_list, examine_regions, examine_devices,
	examine_ratio;
/* examine_records.c */
check_fn examine_records, examine_unfinished, examine_tiers;

#endif
