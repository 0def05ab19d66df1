/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* ramify.h -- the contract between ramify.ko and user space: its sysfs files. */
#ifndef RAMIFY_UAPI_H
#define RAMIFY_UAPI_H

/*
 * Raised by one when a file below changes its meaning. Tools refuse a module with
 * another number: a half-understood request could cost data.
 */
#define RAMIFY_ABI 1

#define RAMIFY_DRIVER "ramify"

/*
 * /sys/bus/dax/drivers/ramify/
 *
 * add (root, write)
 *	"DEVICE [OPTION=VALUE]...", at most 4095 bytes, one request a write, all or
 *	nothing. The device must be bound to no driver. Returns when the memory is
 *	added with all its blocks offline and may go online in the zone asked for.
 *	The kernel's log names the option or the range that was at fault.
 *
 *	node=N		NUMA node to add to; default the device's own target node
 *	zone=Z		movable (default), kernel, or none: no block may go online
 *	memmap=M	where struct pages live: dram (default) or device
 *	adistance=N	abstract distance of the node's memory tier
 *	scrub=S		0 (default); 1: zero all of the device first; only: zero it
 *			and let it go, without making it RAM
 *	skip=S-E[,S-E]	physical ranges (inclusive, hex with 0x or decimal) to leave
 *			out, with the memory blocks that they touch
 *
 *	EINVAL wrong or contradictory option, or a range to leave out of which
 *	nothing is in the device; ENXIO no such DAX device; ENODEV no
 *	valid node, or no whole memory block; EBUSY bound to a driver, or part of the
 *	range is somebody else's; E2BIG cut into more ranges than the files below
 *	can list; EOPNOTSUPP memmap=device without
 *	memory_hotplug.memmap_on_memory=1; EINTR killed: rolled back; others as the
 *	kernel's memory hot-plug gave them.
 *
 * release (root, write)
 *	"DEVICE", or "START-END" of held memory as the file "held" prints it. Every
 *	block must be offline: else EBUSY, the log names the block, and nothing was
 *	removed. Then removes, scrubs, and unbinds. EINTR: killed while scrubbing;
 *	what was removed stays removed and claimed, a second release resumes.
 *
 * held (root, read)
 *	A line for each piece of memory that outlived its device:
 *	"START-END[,START-END]... state=S node=N zone=Z memmap=M added=BYTES
 *	online=BYTES scrub=BYTES scrubbed=BYTES"; START-END are the ranges added.
 *	No line is cut. What a page does not hold is told by a last line "more=N":
 *	N pieces that will be seen when some of the others are released.
 *
 * version (read)
 *	"ABI RELEASE", such as "1 0.1.0".
 *
 * /sys/bus/dax/devices/DEVICE/ramify/, while bound (all read)
 *
 * state		adding, offline, partial, online, removing or scrubbing; pollable
 * node			NUMA node
 * zone			movable, kernel or none
 * memmap		device or dram
 * adistance		of the memory type that was asked for, empty where ignored
 * ranges		a line "START-END" for each range added (hex, inclusive); for root,
 *			as physical addresses are elsewhere
 * added_bytes		bytes added as memory
 * online_bytes		of these, bytes in memory blocks that are online
 * lost_align_bytes	lost because only whole memory blocks can be added
 * lost_skip_bytes	lost to ranges left out, and the rest of their blocks
 * scrub_bytes		bytes that the current scrub covers, 0 when there is none
 * scrubbed_bytes	of these, bytes that are zero already
 */
#define RAMIFY_SYSFS_DRIVER "bus/dax/drivers/" RAMIFY_DRIVER
#define RAMIFY_REQUEST_MAX 4095
/* Bytes of all "START-END" of a device, each with what separates it from the next. */
#define RAMIFY_RANGES_MAX 3840

#endif
