// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_driver.c -- our driver, and the stock one that wants the same devices. */

#include <stdio.h>
#include <string.h>

#include "../include/uapi/ramify.h"
#include "findings.h"
#include "installed.h"
#include "module.h"
#include "value.h"

#define DRIVER "driver"

/* The driver's file "version": "ABI RELEASE". */
static int examine_loaded(struct examination *ex)
{
	char version[64], release[32];
	unsigned int abi;
	int err = value_text(ex->ctx, "sys/" RAMIFY_SYSFS_DRIVER, "version", version,
			     sizeof(version));

	if (err)
		return err;
	if (sscanf(version, "%u %31s", &abi, release) != 2)
		return value_absurd(ex->ctx, "sys/" RAMIFY_SYSFS_DRIVER "/version", version);
	if (abi != RAMIFY_ABI)
		return finding_add(ex, RAMIFY_BAD, DRIVER,
				   "take back all memory (ramify remove), then rmmod ramify; or reboot",
				   "ramify.ko %s is loaded, and speaks another language (%u) than these tools (%u)",
				   release, abi, RAMIFY_ABI);
	if (strcmp(release, RAMIFY_VERSION) != 0)
		return finding_add(ex, RAMIFY_WARN, DRIVER,
				   "take back all memory (ramify remove), then rmmod ramify; or reboot",
				   "ramify.ko %s is loaded; the tools are %s", release,
				   RAMIFY_VERSION);
	return finding_add(ex, RAMIFY_OK, DRIVER, "", "ramify.ko %s is loaded", release);
}

int examine_driver(struct examination *ex)
{
	struct installed ours;
	char remedy[512];
	int err;

	if (module_is_loaded(ex->ctx, "ramify"))
		return examine_loaded(ex);
	err = installed_find(ex->ctx, ex->release, "ramify", &ours);
	if (err)
		return err;
	if (ours.found)
		return finding_add(ex, RAMIFY_OK, DRIVER, "",
				   "ramify.ko %s is installed, and loaded when it is needed",
				   ours.version);
	snprintf(remedy, sizeof(remedy),
		 "apt install linux-headers-%s; dkms autoinstall -k %s; until then: ramify add --driver kmem",
		 ex->release, ex->release);
	return finding_add(ex, RAMIFY_BAD, DRIVER, remedy,
			   "ramify.ko is not installed for this kernel");
}

/* Without it ramifyd looks with what the kernel has, at more cost. */
int examine_scanner(struct examination *ex)
{
	struct installed ours;
	int err;

	if (module_is_loaded(ex->ctx, "ramify_scan"))
		return finding_add(ex, RAMIFY_OK, "sampling", "",
				   "ramify_scan.ko is loaded: ramifyd looks at pages by scan");
	err = installed_find(ex->ctx, ex->release, "ramify_scan", &ours);
	if (err || !ours.found)
		return err;
	return finding_add(ex, RAMIFY_OK, "sampling", "",
			   "ramify_scan.ko is installed, and loaded when ramifyd.service starts; by hand: modprobe ramify_scan");
}

/* Appends @name to the list @text, which ends in "..." when it is full. */
static void list_name(char *text, size_t size, const char *name)
{
	size_t len = strlen(text);

	if (len + strlen(name) + sizeof(" ...") < size)
		snprintf(text + len, size - len, "%s%s", len ? " " : "", name);
	else if (len >= 3 && strcmp(text + len - 3, "...") != 0)
		snprintf(text + len, size - len, " ...");
}

/* What kmem takes unasked: devices of its type without a driver. Their type shows nowhere,
 * but is that of all memory without labels. */
static bool is_prey(const struct ramify_device *dev)
{
	return dev->mode == RAMIFY_MODE_IDLE && !dev->namespace_name;
}

static bool is_taken(const struct ramify_device *dev)
{
	return dev->driver && !strcmp(dev->driver, "kmem");
}

static void list_devices(const struct ramify_system *sys,
			 bool (*wanted)(const struct ramify_device *dev), char *text, size_t size)
{
	const struct ramify_device *dev = NULL;

	text[0] = '\0';
	while ((dev = ramify_next_device(sys, dev))) {
		if (wanted(dev))
			list_name(text, size, dev->name);
	}
}

static bool may_have_prey(const struct ramify_system *sys)
{
	const struct ramify_region *region = NULL;

	while ((region = ramify_next_region(sys, region))) {
		if (!region->persistent)
			return true;
	}
	return false;
}

#define BLACKLIST "echo blacklist kmem >/etc/modprobe.d/ramify.conf; update-initramfs -u"

static int warn_of_loaded(struct examination *ex)
{
	char taken[256], remedy[512];

	list_devices(ex->sys, is_taken, taken, sizeof(taken));
	snprintf(remedy, sizeof(remedy), "%s%s%srmmod kmem; " BLACKLIST,
		 *taken ? "ramify remove " : "", taken, *taken ? "; " : "");
	return finding_add(ex, RAMIFY_WARN, "kmem", remedy,
			   "the stock driver kmem is loaded: it makes soft-reserved and CXL memory RAM as soon as nobody else has it");
}

static int warn_of_udev(struct examination *ex)
{
	char prey[256];

	list_devices(ex->sys, is_prey, prey, sizeof(prey));
	return finding_add(ex, RAMIFY_WARN, "kmem", BLACKLIST,
			   "udev may load the stock driver kmem, which makes RAM of %s unasked",
			   *prey ? prey : "any soft-reserved or CXL memory without a driver");
}

int examine_kmem(struct examination *ex)
{
	/* Since 6.3 it takes what is of its type; before, only what it is told to. */
	bool takes = ex->major > 6 || (ex->major == 6 && ex->minor >= 3);
	bool loaded = module_is_loaded(ex->ctx, "kmem"), blacklisted;
	int err = installed_blacklisted(ex->ctx, ex->release, "kmem", &blacklisted);

	if (err)
		return err;
	if (takes && may_have_prey(ex->sys) && (loaded || !blacklisted))
		return loaded ? warn_of_loaded(ex) : warn_of_udev(ex);
	return finding_add(ex, RAMIFY_OK, "kmem", "",
			   loaded ? "the stock driver kmem is loaded, and takes nothing unasked"
			   : blacklisted ? "the stock driver kmem is not loaded by udev"
					 : "the stock driver kmem takes nothing here unasked");
}
