// SPDX-License-Identifier: GPL-2.0-only
/* ramify_memset.c -- for bench: how long a plain loop takes to zero a range of addresses. */

#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>

static unsigned long long start, size;
module_param(start, ullong, 0400);
module_param(size, ullong, 0400);
MODULE_PARM_DESC(size, "bytes from start, zeroed when this is loaded; multiple of 128 MiB");

static unsigned long long ns;
module_param(ns, ullong, 0400);
MODULE_PARM_DESC(ns, "what it took");

static int __init memset_init(void)
{
	ktime_t begin = ktime_get();
	u64 at, in;

	for (at = 0; at < size; at += SZ_128M) {
		void *map = memremap(start + at, SZ_128M, MEMREMAP_WB);

		if (!map)
			return -ENOMEM;
		for (in = 0; in < SZ_128M; in += SZ_2M) {
			memset(map + in, 0, SZ_2M);
			cond_resched();
		}
		memunmap(map);
	}
	ns = ktime_to_ns(ktime_sub(ktime_get(), begin));
	return 0;
}

static void __exit memset_exit(void)
{
}

module_init(memset_init);
module_exit(memset_exit);
MODULE_DESCRIPTION("a plain memset, to compare ramify's scrub with");
MODULE_LICENSE("GPL");
