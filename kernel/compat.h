/* SPDX-License-Identifier: GPL-2.0-only */
/* compat.h -- the only file that knows kernel versions. */
#ifndef RAMIFY_COMPAT_H
#define RAMIFY_COMPAT_H

#include <linux/memory.h>
#include <linux/memory-tiers.h>
#include <linux/memory_hotplug.h>
#include <linux/version.h>

/*
 * From 6.10 a DAX device goes by itself to any driver of its type. Ours is of neither
 * type, so that it binds to what it was told about and to nothing else.
 */
#ifdef HAVE_DAX_DRIVER_TYPE
#define COMPAT_DAX_TYPE .type = (enum dax_driver_type)-1,
#else
#define COMPAT_DAX_TYPE
#endif

/* Exported to modules on both, and declared in no header that they get. */
void rcu_expedite_gp(void);
void rcu_unexpedite_gp(void);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)

/* Without this the kernel would take struct pages from DRAM and not say so. */
static inline bool compat_memmap_on_device(void)
{
	return mhp_supports_memmap_on_memory();
}

/* Largest piece whose struct pages the kernel places on the device in one call. */
static inline u64 compat_memmap_unit(u64 range_bytes)
{
	return range_bytes;
}

static inline void compat_put_memory_type(struct memory_dev_type *type)
{
	put_memory_type(type);
}

static inline void compat_calc_adistance(int node, int *adistance)
{
	mt_calc_adistance(node, adistance);
}

#else

/* The check is not exported: the first add_memory() tells, by -EINVAL. */
static inline bool compat_memmap_on_device(void)
{
	return true;
}

static inline u64 compat_memmap_unit(u64 range_bytes)
{
	return memory_block_size_bytes();
}

static inline void compat_put_memory_type(struct memory_dev_type *type)
{
	destroy_memory_type(type);
}

static inline void compat_calc_adistance(int node, int *adistance)
{
}

#endif
#endif
