/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ramify.h -- libramify: memory that is not ordinary DRAM, as seen and as changed. */
#ifndef RAMIFY_H
#define RAMIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Conventions: functions return 0 or a negative errno; outputs come last, named
 * ret_*, and are untouched on failure. The library prints nothing and keeps no
 * globals; a context serves one thread at a time. Strings and structs reached
 * through a snapshot live as long as it. Structs are only ever made by the library
 * unless said otherwise, and may grow at their end.
 */

/** A value that the system does not tell. */
#define RAMIFY_UNKNOWN UINT64_MAX

struct ramify;		/* a context: a root directory and the last failure's message */
struct ramify_system;	/* a snapshot of nodes, regions and devices */

/** @root: directory that holds sys, proc, dev, etc and var; NULL for "/".
 *  -ENOMEM, -ENAMETOOLONG. */
int ramify_new(const char *root, struct ramify **ret_ctx);
void ramify_free(struct ramify *ctx);

/** What failed last, on what, the state that the memory is now in, and what to do:
 *  a line or several without the final newline; "" if nothing failed. */
const char *ramify_message(const struct ramify *ctx);

/* ---- what is there ---- */

enum ramify_source { RAMIFY_PMEM, RAMIFY_SOFT_RESERVED, RAMIFY_CXL };
enum ramify_mode { RAMIFY_MODE_RAM, RAMIFY_MODE_RAW, RAMIFY_MODE_IDLE, RAMIFY_MODE_HELD };
enum ramify_state {
	RAMIFY_STATE_IDLE, RAMIFY_STATE_ADDING, RAMIFY_STATE_OFFLINE, RAMIFY_STATE_PARTIAL,
	RAMIFY_STATE_ONLINE, RAMIFY_STATE_REMOVING, RAMIFY_STATE_SCRUBBING, RAMIFY_STATE_HELD,
	RAMIFY_STATE_UNKNOWN,
};
enum ramify_zone { RAMIFY_ZONE_UNKNOWN, RAMIFY_ZONE_MOVABLE, RAMIFY_ZONE_KERNEL, RAMIFY_ZONE_MIXED };
enum ramify_memmap { RAMIFY_MEMMAP_UNKNOWN, RAMIFY_MEMMAP_DRAM, RAMIFY_MEMMAP_DEVICE };

/* What a device is meant for. */
enum ramify_use { RAMIFY_USE_NONE, RAMIFY_USE_RAM, RAMIFY_USE_RAW, RAMIFY_USE_IDLE };

/** The word for a value, as the command and its JSON use it; NULL for *_UNKNOWN. */
const char *ramify_source_name(enum ramify_source source);
const char *ramify_mode_name(enum ramify_mode mode);
const char *ramify_state_name(enum ramify_state state);
const char *ramify_zone_name(enum ramify_zone zone);
const char *ramify_memmap_name(enum ramify_memmap memmap);
const char *ramify_use_name(enum ramify_use use);

/*
 * A node with memory or CPUs, or one that a region here would be added to.
 *
 * The rank is the place of its tier among those of struct ramify_placement.
 */
struct ramify_node {
	int node;
	int tier;			/* the kernel's memory tier; -1 none, or not known */
	int rank;			/* 0 is the fastest tier here; -1 no memory online */
	const char *cpus;		/* a list such as "0-3"; "" for none */
	uint64_t total_bytes, free_bytes;
	uint64_t movable_bytes;		/* present in zone Movable */
	/* From the nearest initiator, as firmware's HMAT tells: ns and 10^6 bytes/s. */
	uint64_t read_latency_ns, write_latency_ns;
	uint64_t read_bandwidth_mbps, write_bandwidth_mbps;
	bool online;
	uint64_t present_bytes;		/* total_bytes and what the kernel keeps for itself */
};

struct ramify_extent { uint64_t start, size_bytes; };

/*
 * Colour @index of @of: in a direct-mapped memory-side cache two addresses that are the same
 * modulo @span_bytes take each other's place; colour I of N is the I-th of N equal parts of
 * every span, counted from physical address 0. @of 0: none.
 */
struct ramify_color { uint32_t index, of; uint64_t span_bytes; };

struct ramify_region {
	const char *name;		/* region0, hmem.0, dax_region0 */
	enum ramify_source source;
	uint64_t start, size_bytes, available_bytes, align_bytes;
	int node;			/* target node; -1 none */
	bool persistent;
	const char *serial;		/* of the one DIMM or card behind it; NULL: none, several */
	const struct ramify_extent *bad;	/* known to be bad, by address */
	size_t n_bad;
	uint64_t bad_bytes;		/* RAMIFY_UNKNOWN: bad may not be all of them */
};

/* A DAX device, or a namespace of persistent memory that has none (fsdax, raw, ...). */
struct ramify_device {
	const char *name;		/* dax0.0, namespace0.0; "START-END" of held memory */
	const char *region;		/* its region's name; NULL for held memory */
	const char *driver;		/* NULL: none */
	const char *namespace_name;	/* NULL: not persistent memory */
	const char *namespace_mode;	/* devdax, fsdax, sector, raw; NULL */
	const char *block_device;	/* pmem0; NULL */
	const char *uuid, *serial;	/* NULL: none */
	enum ramify_mode mode;
	enum ramify_state state;
	enum ramify_zone zone;		/* of its online blocks, else the one it may go online in */
	enum ramify_memmap memmap;
	int node;			/* where its memory is or would be; -1 none */
	uint64_t size_bytes, added_bytes, online_bytes;
	uint64_t used_bytes;		/* known where the node's memory is all of this device */
	uint64_t lost_bytes;		/* lost, or that would be lost, to whole memory blocks */
	uint64_t bad_bytes;		/* of these, lost to bad or left-out ranges */
	const struct ramify_extent *extents;	/* none without privilege */
	size_t n_extents;
	const struct ramify_extent *bad;	/* bad ranges in its extents, by address */
	size_t n_bad;
	struct ramify_color color;	/* that it was created with, and has */
	enum ramify_use intent;		/* what is recorded and would be acted upon */
};

/** Reads all nodes, regions and devices under the context's root; needs no privilege.
 *  -ENOENT no sysfs there; -EBADMSG a file whose content makes no sense (named). */
int ramify_system_read(struct ramify *ctx, struct ramify_system **ret_system);
void ramify_system_free(struct ramify_system *sys);

/** Size of a memory block: the unit in which memory is added. RAMIFY_UNKNOWN if none. */
uint64_t ramify_block_bytes(const struct ramify_system *sys);

/** What could not be read, with its file and line: a list of bad memory. All else was; but what
 *  is bad or lost of devices is not known, and nothing is added until that is mended. NULL:
 *  nothing. */
const char *ramify_warning(const struct ramify_system *sys);

/** Pieces of held memory that are not among the devices: the kernel tells as many as fill a
 *  page. They are seen when some of the others are taken back. */
uint64_t ramify_held_untold(const struct ramify_system *sys);

/** The item after @prev, or the first for NULL; NULL after the last. Nodes come by
 *  number, regions by address, devices by region and address. */
const struct ramify_node *ramify_next_node(const struct ramify_system *sys,
					   const struct ramify_node *prev);
const struct ramify_region *ramify_next_region(const struct ramify_system *sys,
					       const struct ramify_region *prev);
const struct ramify_device *ramify_next_device(const struct ramify_system *sys,
					       const struct ramify_device *prev);

/** What policies call fast: memory whose tier is no slower than the slowest one with CPUs. */
bool ramify_node_is_fast(const struct ramify_system *sys, const struct ramify_node *node);

/** @name: daxX.Y, namespaceX.Y, a path in /dev, a UUID or a serial.
 *  -ENODEV none such; -ENOTUNIQ several; -ENAMETOOLONG. */
int ramify_find_device(struct ramify *ctx, const struct ramify_system *sys, const char *name,
		       const struct ramify_device **ret_device);

/* ---- make it RAM, take it back ---- */

enum ramify_phase {
	RAMIFY_PHASE_CONVERT, RAMIFY_PHASE_SCRUB, RAMIFY_PHASE_ADD, RAMIFY_PHASE_ONLINE,
	RAMIFY_PHASE_OFFLINE, RAMIFY_PHASE_REMOVE, RAMIFY_PHASE_MEASURE,
};

/** Called now and then from a long operation. @done and @total in bytes, or runs to measure. A result
 *  other than 0 asks for a roll-back; the operation then fails with -ECANCELED. */
typedef int (*ramify_progress_fn)(void *arg, enum ramify_phase phase, uint64_t done,
				  uint64_t total);

/* Filled by the caller, from RAMIFY_ADD_DEFAULTS. */
struct ramify_add_options {
	size_t size;			/* sizeof(struct ramify_add_options) */
	int node;			/* -1: the device's own */
	enum ramify_zone zone;
	enum ramify_memmap memmap;
	int64_t adistance;		/* -1: the kernel's */
	unsigned int ratio;		/* most movable bytes a kernel-usable byte; 0: the default, 16 */
	bool scrub;			/* zero it first */
	bool force;			/* overrides the data guard, and nothing else */
	bool stock;			/* use the stock kmem driver */
	bool resume;			/* put back what an interrupted remove took offline */
	const struct ramify_extent *skip;
	size_t n_skip;
	bool keep;			/* record it as the intended use, as ramify_keep() does */
};
#define RAMIFY_ADD_DEFAULTS { .size = sizeof(struct ramify_add_options), .node = -1, \
	.zone = RAMIFY_ZONE_MOVABLE, .memmap = RAMIFY_MEMMAP_DRAM, .adistance = -1 }

/* What an add will do, found out without changing anything. */
struct ramify_add_plan {
	const char *device;
	uint64_t size_bytes, added_bytes;
	uint64_t lost_align_bytes, lost_skip_bytes;
	uint64_t memmap_bytes;		/* for struct pages, on the device or in DRAM */
	uint64_t kernel_bytes, movable_bytes;	/* online after the add, on the whole machine */
	int node;
	enum ramify_zone zone;
	enum ramify_memmap memmap;
	bool convert;			/* an empty fsdax or raw namespace becomes devdax first */
	const char *warning;		/* "" or lines that the user should read */
	bool finish;			/* what is RAM of it already goes on to be: no more is told */
	uint64_t kept_bytes;		/* that a namespace keeps for its own description */
};

/** Every check, and no change. -EEXIST foreign data; -EBUSY mounted, claimed, mapped
 *  or already RAM; -ENODEV no valid node; -ENOSPC no whole block; -ENOMEM too little
 *  kernel memory for so much movable; -EPERM not root; -EOPNOTSUPP; the message says more. */
int ramify_add_plan(struct ramify *ctx, const char *device,
		    const struct ramify_add_options *options, struct ramify_add_plan **ret_plan);
void ramify_add_plan_free(struct ramify_add_plan *plan);

/** Plans again, then acts. On failure all is as it was, or the message says what is not. */
int ramify_add(struct ramify *ctx, const char *device, const struct ramify_add_options *options,
	       ramify_progress_fn progress, void *arg);

/* Filled by the caller, from RAMIFY_REMOVE_DEFAULTS. */
struct ramify_remove_options {
	size_t size;
	unsigned int timeout_s;		/* seconds without progress */
	unsigned int deadline_s;	/* seconds in all; 0: none */
};
#define RAMIFY_REMOVE_DEFAULTS { .size = sizeof(struct ramify_remove_options), .timeout_s = 60 }

/* What a remove will do, found out without changing anything. */
struct ramify_remove_plan {
	const char *device;
	int node;			/* -1 none */
	uint64_t added_bytes;		/* of it that are memory */
	uint64_t move_bytes;		/* in use, that go elsewhere */
	uint64_t huge_bytes;		/* of free huge pages on its node that go with it, at most */
	uint64_t zeroed_bytes;		/* by a remove that was killed before its end, at least */
};

/** -ENODEV; -EBUSY: no remove can take it back before a reboot; -ENOSPC as ramify_remove(). */
int ramify_remove_plan(struct ramify *ctx, const char *device,
		       struct ramify_remove_plan **ret_plan);
void ramify_remove_plan_free(struct ramify_remove_plan *plan);

/** Moves users' pages away, takes the blocks offline, removes, scrubs, and leaves the
 *  device with the driver that it had before. -EBUSY something is in the way (named);
 *  -ENOSPC its used pages fit nowhere else; -ETIMEDOUT; -ECANCELED. Until the last block
 *  is offline every failure puts all back; after that it only goes forward. */
int ramify_remove(struct ramify *ctx, const char *device,
		  const struct ramify_remove_options *options, ramify_progress_fn progress,
		  void *arg);

/* ---- remember ---- */

/* Filled by the caller, from RAMIFY_KEEP_DEFAULTS. */
struct ramify_keep_options {
	size_t size;
	enum ramify_use use;		/* NONE: as it is used now */
	const struct ramify_add_options *add;	/* for use RAM; NULL: as it is now, else defaults */
	bool fallback;			/* kmem, where our driver is not there for the kernel */
	bool in_etc;			/* in a file, even if there is a label for it */
	uint32_t uid, gid;		/* for use RAW; UINT32_MAX: not said */
	unsigned int perms;		/* for use RAW; 0: not said */
};
#define RAMIFY_KEEP_DEFAULTS { .size = sizeof(struct ramify_keep_options), \
	.uid = UINT32_MAX, .gid = UINT32_MAX }

/* Where it was recorded, and what. */
struct ramify_kept {
	char device[64];
	char where[320];		/* "its label", or a path */
	char note[320];			/* "", or what else should be known */
	enum ramify_use use;
	enum ramify_zone zone;
};

/** Records what a device is for: in its label, else in a file of /etc/ramify/memory.d, where
 *  the label is in use till the next apply moves it. What is refused for RAM later is
 *  refused now. -ENOTUNIQ two files are about it already. */
int ramify_keep(struct ramify *ctx, const char *device, const struct ramify_keep_options *options,
		struct ramify_kept *ret_kept);

/** @device may also be the UUID or the file's name of what is not there now. Nothing changes
 *  for what is in use. -ENOENT nothing is recorded. */
int ramify_forget(struct ramify *ctx, const char *device, struct ramify_kept *ret_kept);

/* Called for each device that something was done or refused for: @err 0 and what was done,
 * or an error's number and its message, which holds for records without a device too. */
typedef void (*ramify_settled_fn)(void *arg, const char *device, int err, const char *text);

/** Records what daxctl's configuration files say about devices that are there: calls @told
 *  for each section. The first failure is returned, after all are served. */
int ramify_keep_from_daxctl(struct ramify *ctx, ramify_settled_fn told, void *arg);

struct ramify_apply_options {
	size_t size;
	const char *device;		/* NULL: all */
	bool dry_run;
	bool once;			/* leave alone what was settled since it appeared */
	ramify_settled_fn settled;	/* may be NULL */
};
#define RAMIFY_APPLY_DEFAULTS { .size = sizeof(struct ramify_apply_options) }

/** For devices as they appear: zeroes memory whose mark says that it holds volatile data
 *  of an earlier boot, finishes interrupted work, then does what is recorded; a device
 *  without a record goes to the driver that the stock kernel would have used. One that
 *  fails does not keep the others from it; the first failure is returned. */
int ramify_apply(struct ramify *ctx, const struct ramify_apply_options *options,
		 ramify_progress_fn progress, void *arg);

/* ---- divide a region ---- */

/* A size as people write it: 256M, 1.5G, 50%, all. */
enum ramify_size_kind { RAMIFY_SIZE_BYTES, RAMIFY_SIZE_SHARE, RAMIFY_SIZE_ALL };
struct ramify_size {
	enum ramify_size_kind kind;
	uint64_t value;			/* bytes; or millionths of the region */
};

/** K, M, G, T, P, E and KiB ... EiB are powers of 1024, kB ... EB of 1000; decimals are
 *  rounded down to a byte; "N%"; "all". -EINVAL no size; -ERANGE more than 2^64 - 1 or 100%. */
int ramify_size_parse(const char *text, struct ramify_size *ret_size);

/** "I/N", with 1 <= I <= N <= 65536; sets index and of only. -EINVAL. */
int ramify_color_parse(const char *text, struct ramify_color *ret_color);

/* Filled by the caller, from RAMIFY_CREATE_DEFAULTS. */
struct ramify_create_options {
	size_t size;			/* sizeof(struct ramify_create_options) */
	struct ramify_size amount;	/* of each device; ALL: what is left */
	uint64_t align_bytes;		/* 0: the memory block for RAM, else the region's */
	uint64_t at;			/* physical address; RAMIFY_UNKNOWN: anywhere */
	unsigned int count;		/* all of them or none */
	bool raw;			/* for direct use, with driver device_dax; else for RAM */
	struct ramify_color color;
	uint32_t uid, gid;		/* who may map it; UINT32_MAX: root */
	unsigned int perms;		/* of its node in /dev; 0: 0600 */
	bool keep;			/* record all this as the intended use, as ramify_keep() does */
	bool dry_run;
};
#define RAMIFY_CREATE_DEFAULTS { .size = sizeof(struct ramify_create_options), \
	.amount = { .kind = RAMIFY_SIZE_ALL }, .at = RAMIFY_UNKNOWN, .count = 1, \
	.uid = UINT32_MAX, .gid = UINT32_MAX }

struct ramify_created_device {
	const char *name;		/* NULL: a dry run */
	uint64_t size_bytes;
	uint64_t lost_bytes;		/* to whole memory blocks, were it RAM */
	const struct ramify_extent *extents;	/* none of a namespace in a dry run */
	size_t n_extents;
};

/* What was made, or would be. */
struct ramify_created {
	const char *region;
	const struct ramify_created_device *devices;
	size_t n_devices;
	uint64_t left_bytes;		/* of the region, for more devices */
	size_t left_pieces;
	uint64_t left_ram_bytes;	/* of these, in whole memory blocks */
};

/** Makes devices of what is left of @region: DAX devices of soft-reserved or CXL memory,
 *  namespaces in mode devdax of persistent memory with labels. -EINVAL a size, alignment,
 *  address or colour that cannot be; -ENOSPC not enough left; -EOPNOTSUPP; -EPERM; the
 *  message has the numbers, and what would do. On failure none is made. */
int ramify_create(struct ramify *ctx, const char *region,
		  const struct ramify_create_options *options, struct ramify_created **ret_created);
void ramify_created_free(struct ramify_created *created);

/** Shrinks @device from its end, or grows it by what is free. What stays of volatile memory
 *  keeps its content; persistent memory must be empty, or @force. -EBUSY unless idle, and
 *  not recorded for any use. */
int ramify_resize(struct ramify *ctx, const char *device, const struct ramify_size *amount,
		  bool force, uint64_t *ret_bytes);

/** Gives its memory back to the region. -EBUSY RAM, mapped (by whom), or recorded for a use;
 *  -EEXIST persistent memory that holds data, without @force. */
int ramify_destroy(struct ramify *ctx, const char *device, bool force);

/* ---- how fast it is ---- */

/* The median of several runs, and how far they were apart: (largest - smallest) / median. */
struct ramify_figure { double median, spread; };

/* Of a node's memory, from the nearest CPUs. Bandwidths in 10^6 bytes/s, by all of them at once;
 * what is copied counts once. */
struct ramify_speed {
	int node, initiator;		/* the node whose CPUs measured */
	unsigned int n_cpus;		/* those of it that this process may use */
	uint64_t buffer_bytes;
	uint64_t huge_bytes;		/* of these, in huge pages; others make latency larger */
	struct ramify_figure read_latency_ns;
	struct ramify_figure read_mbps, write_mbps, copy_mbps;
};

/* Filled by the caller, from RAMIFY_MEASURE_DEFAULTS. */
struct ramify_measure_options {
	size_t size;			/* sizeof(struct ramify_measure_options) */
	unsigned int seconds;		/* to measure; preparing memory comes to it */
};
#define RAMIFY_MEASURE_SECONDS_MAX 3600
#define RAMIFY_MEASURE_DEFAULTS { .size = sizeof(struct ramify_measure_options), .seconds = 4 }

/** Takes memory of @node alone: several times its CPUs' caches, 4 GiB at the most, and half of
 *  what is free at the most, so that nothing is swapped out. Progress is told in runs.
 *  -ENODEV no such node, or no memory on it; -ENOMEM too little is free; -EPERM node or CPUs are
 *  not permitted; -EIO the kernel moved the memory; -ECANCELED; the message says more. */
int ramify_measure(struct ramify *ctx, const struct ramify_system *sys, int node,
		   const struct ramify_measure_options *options, ramify_progress_fn progress,
		   void *arg, struct ramify_speed *ret_speed);

/** @figure against what is claimed: 0.3 is 30 % more; 0 where nothing is claimed. */
double ramify_deviation(const struct ramify_figure *figure, uint64_t claimed);

/** Calls @warn for each figure that is more than 25 % off what firmware claims, and for each
 *  node that is slower, by more than that, than one in a slower tier. */
typedef void (*ramify_warning_fn)(void *arg, const char *text);
void ramify_judge(const struct ramify_system *sys, const struct ramify_speed *speeds, size_t n,
		  ramify_warning_fn warn, void *arg);

/** Puts them into etc/ramify/tiers.conf, in place of what was measured before; what is set by
 *  hand there stays. -EBADMSG the file has errors (named), and is left alone. @n 0: only looks
 *  whether it has. */
int ramify_speeds_save(struct ramify *ctx, const struct ramify_speed *speeds, size_t n);

enum ramify_basis {
	RAMIFY_BASIS_HAND, RAMIFY_BASIS_MEASURED, RAMIFY_BASIS_KERNEL, RAMIFY_BASIS_HMAT,
	RAMIFY_BASIS_DISTANCE,
};

/*
 * Where a node with memory stands: by hand in etc/ramify/tiers.conf; else by what was measured;
 * else in the tier that the kernel was told, if that is none it takes by itself; else by what
 * firmware claims; else by distance. Each against the first node with CPUs of which that is known.
 */
struct ramify_placement {
	int node;
	int tier;			/* 0 is the fastest */
	enum ramify_basis basis;	/* of the tier */
	double read_latency_ns, read_mbps, write_mbps;	/* measured, else claimed; 0 not known */
	const int *demote_to;		/* nodes of slower tiers that are there, the best first */
	size_t n_demote_to;
	bool demote_by_hand;
};
struct ramify_placements;

/** -EBADMSG the file has errors (named), or lets a node demote to one that is no slower. */
int ramify_placements_read(struct ramify *ctx, const struct ramify_system *sys,
			   struct ramify_placements **ret_placements);
void ramify_placements_free(struct ramify_placements *placements);
/** By number of node; the first for NULL, NULL after the last. */
const struct ramify_placement *ramify_next_placement(const struct ramify_placements *placements,
						     const struct ramify_placement *prev);

/* ---- the daemon ---- */

/** One request to ramifyd at run/ramify/ramifyd.sock; ramifyd(8) tells what can be asked. @body is
 *  JSON, or NULL. @ret_status is HTTP's; @ret_text, the answer's body, is to be freed with free().
 *  -ENOENT, -ECONNREFUSED it does not run; -EACCES; -ETIMEDOUT, -EAGAIN it does not answer; -EPROTO. */
int ramify_ask(struct ramify *ctx, const char *method, const char *path, const char *body,
	       unsigned int *ret_status, char **ret_text);

/* ---- a program's own memory ---- */

enum ramify_advice { RAMIFY_ADVISE_AUTO, RAMIFY_ADVISE_FAST, RAMIFY_ADVISE_SLOW };

/* What of it was done. */
enum {
	RAMIFY_ADVISED_KERNEL = 1,	/* new pages begin in that tier, as long as it has room */
	RAMIFY_ADVISED_DAEMON = 2,	/* ramifyd moves the others there, and keeps all of them there */
};

/** Says where memory of the calling process belongs: @len bytes from @addr on, which is a page's
 *  address, up to the end of the last page. The last word about a page holds; AUTO takes back what
 *  was said. It holds until the process ends or executes another program, also for what is mapped
 *  there later. The kernel is told by a memory policy of the range (mbind), which threads and
 *  children inherit; the daemon over its socket, and where the process's policy says tier = auto.
 *  Neither a daemon nor slow memory is needed: @ret_done, which may be NULL, tells what was
 *  done, and ramify_message() why not all of it; "" if it was. -EINVAL; -EFAULT not all of it is
 *  mapped; -ENOMEM; then nothing was done. */
int ramify_advise(struct ramify *ctx, void *addr, size_t len, enum ramify_advice advice,
		  unsigned int *ret_done);

/* ---- what works here ---- */

enum ramify_verdict { RAMIFY_OK, RAMIFY_WARN, RAMIFY_BAD };
struct ramify_finding {
	const char *subject;		/* kernel, driver, memmap=device, auto-online, ... */
	enum ramify_verdict verdict;
	const char *text;		/* what is so */
	const char *remedy;		/* the command or boot option that mends it; "" */
};
struct ramify_findings;
const char *ramify_verdict_name(enum ramify_verdict verdict);

/** For a bug report: files of the system by @title, and for a NULL @name a line of the kernel's
 *  log, or of the journal. Changes nothing. Stops at a result other than 0, and returns it. */
typedef int (*ramify_report_fn)(void *arg, const char *title, const char *name,
				const char *content);
int ramify_report(struct ramify *ctx, ramify_report_fn fn, void *arg);

/** Looks at kernel, drivers, options, devices and nodes; changes nothing. Without privilege
 *  less is seen, which is a finding too. */
int ramify_examine(struct ramify *ctx, struct ramify_findings **ret_findings);
void ramify_findings_free(struct ramify_findings *findings);
const struct ramify_finding *ramify_next_finding(const struct ramify_findings *findings,
						 const struct ramify_finding *prev);

#ifdef __cplusplus
}
#endif
#endif
