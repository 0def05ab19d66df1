// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_kernel.c -- what the kernel supports, and how it was told to behave. */

#include <stdio.h>
#include <string.h>

#include "findings.h"
#include "installed.h"
#include "module.h"
#include "value.h"

int examine_release(struct examination *ex)
{
	bool tested = ex->major == 6 && (ex->minor == 1 || ex->minor == 12);
	bool too_old = ex->major < 6 || (ex->major == 6 && ex->minor < 1);
	const char *newer = "apt install linux-image-amd64";

	if (!ex->major)
		return finding_add(ex, RAMIFY_WARN, "kernel", "",
				   "the kernel's version is not known");
	if (too_old)
		return finding_add(ex, RAMIFY_BAD, "kernel", newer,
				   "Linux %s is too old: 6.1 is the oldest that will do",
				   ex->release);
	if (!tested)
		return finding_add(ex, RAMIFY_WARN, "kernel", newer,
				   "Linux %s is not one that ramify is tested on: 6.1 and 6.12",
				   ex->release);
	return finding_add(ex, RAMIFY_OK, "kernel", "", "Linux %s", ex->release);
}

int examine_hotplug(struct examination *ex)
{
	uint64_t block_bytes = ramify_block_bytes(ex->sys);

	if (block_bytes == RAMIFY_UNKNOWN)
		return finding_add(ex, RAMIFY_BAD, "hot-plug", "apt install linux-image-amd64",
				   "this kernel cannot add memory: it is built without memory hot-plug");
	return finding_add(ex, RAMIFY_OK, "hot-plug", "",
			   "memory is added in whole blocks of %llu MiB",
			   (unsigned long long)(block_bytes >> 20));
}

int examine_memmap(struct examination *ex)
{
	char value[16];
	int err = value_text(ex->ctx, "sys/module/memory_hotplug/parameters", "memmap_on_memory",
			     value, sizeof(value));

	if (err)
		return err;
	if (!strcmp(value, "Y") || !strcmp(value, "force"))
		return finding_add(ex, RAMIFY_OK, "memmap", "",
				   "struct pages can lie on the device itself (--memmap device)");
	return finding_add(ex, RAMIFY_WARN, "memmap",
			   "boot with memory_hotplug.memmap_on_memory=1",
			   "struct pages of added memory lie in DRAM, 16 MiB for each GiB: --memmap device is not to be had");
}

int examine_auto_online(struct examination *ex)
{
	struct installed ours;
	char value[32];
	int err = value_text(ex->ctx, "sys/devices/system/memory", "auto_online_blocks", value,
			     sizeof(value));

	if (!err)
		err = installed_find(ex->ctx, ex->release, "ramify", &ours);
	if (err || !*value)
		return err;
	if (!strcmp(value, "offline") || !strcmp(value, "online_movable"))
		return finding_add(ex, RAMIFY_OK, "auto-online", "",
				   "new memory blocks: %s", value);
	if (ours.found || module_is_loaded(ex->ctx, "ramify"))
		return finding_add(ex, RAMIFY_OK, "auto-online", "",
				   "new memory blocks: %s; ramify.ko lets its own go only where they belong",
				   value);
	return finding_add(ex, RAMIFY_WARN, "auto-online",
			   "echo online_movable >/sys/devices/system/memory/auto_online_blocks, or boot with memhp_default_state=online_movable",
			   "new memory blocks: %s: what is added with --driver kmem lands in zone Normal, and may never be taken back",
			   value);
}

static bool has_tiers(const struct ramify_system *sys)
{
	const struct ramify_node *node = NULL;

	while ((node = ramify_next_node(sys, node))) {
		if (node->rank > 0)
			return true;
	}
	return false;
}

int examine_tiering(struct examination *ex)
{
	char balancing[16], demotion[16];
	int err = value_text(ex->ctx, "proc/sys/kernel", "numa_balancing", balancing,
			     sizeof(balancing));

	if (!err)
		err = value_text(ex->ctx, "sys/kernel/mm/numa", "demotion_enabled", demotion,
				 sizeof(demotion));
	if (err || !*balancing || !*demotion)
		return err;
	if (!has_tiers(ex->sys))
		return finding_add(ex, RAMIFY_OK, "tiering", "",
				   "there is one tier (numa_balancing %s, demotion %s)", balancing,
				   demotion);
	if (!strcmp(balancing, "2") && !strcmp(demotion, "true"))
		return finding_add(ex, RAMIFY_OK, "tiering", "",
				   "the kernel promotes and demotes pages between tiers");
	return finding_add(ex, RAMIFY_WARN, "tiering",
			   "echo 2 >/proc/sys/kernel/numa_balancing; echo true >/sys/kernel/mm/numa/demotion_enabled",
			   "the kernel does not move pages between tiers both ways (numa_balancing %s, demotion %s)",
			   balancing, demotion);
}
