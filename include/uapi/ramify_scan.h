/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* ramify_scan.h -- the contract between ramify_scan.ko and user space: its ioctls. */
#ifndef RAMIFY_SCAN_UAPI_H
#define RAMIFY_SCAN_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RAMIFY_SCAN_DEVICE "/dev/ramify_scan"

/* Raised by one when something below changes its meaning. */
#define RAMIFY_SCAN_ABI 1

/*
 * BIND, once for an open file: to the address space that process `pid` (in the caller's PID
 * namespace) has now. Needs CAP_SYS_PTRACE in the initial user namespace. A PID may be used
 * again: open a pidfd before, and see after that the process still lives.
 *
 * EPROTONOSUPPORT another `version` (the module's own is put there); EPERM; EBUSY bound already;
 * ESRCH no such process, or one without memory of its own.
 */
struct ramify_scan_bind {
	__u32 size; /* of this struct, as the caller knows it */
	__u32 version; /* RAMIFY_SCAN_ABI */
	__s32 pid;
	__u32 reserved; /* 0 */
};

/*
 * SCAN: what was accessed in [start, end) since the last scan, as runs; every accessed bit that
 * is told of is cleared. Both ends are multiples of the page size.
 *
 * Returns when all is scanned, the buffer is full, or a signal is pending: `resume` is where the
 * next call goes on, `end` if there is nothing left. One TLB flush a call makes the next scan
 * exact; so a buffer that holds a whole scan is the cheapest.
 *
 * EPROTONOSUPPORT as above; ENXIO not bound; EINVAL; ESRCH the process has exited, or executed
 * another program; EFAULT the buffer cannot be written: what was cleared before is lost.
 */
struct ramify_scan {
	__u32 size;
	__u32 version;
	__u64 start;
	__u64 end;
	__u64 flags; /* RAMIFY_SCAN_* */
	__u64 runs; /* address of an array of __u64 */
	__u64 runs_max; /* its length, at least RAMIFY_SCAN_RUNS_MIN */
	__u32 watch_every; /* watch writes in one 2 MiB of so many; 0: none */
	__u32 watch_phase; /* ... where (address / 2 MiB) modulo watch_every is this */
	/* results */
	__u64 resume;
	__u64 runs_count;
	__u64 present_pages; /* of the base size, among those looked at */
	__u64 accessed_pages; /* of these */
	__u64 tables; /* page tables of the lowest level that were read */
	__u64 slices; /* times that the mmap lock was held */
	__u64 state; /* RAMIFY_SCAN_STATE_* */
};

/* Do not trust upper levels' accessed bits: look at every page. */
#define RAMIFY_SCAN_FULL (1ULL << 0)
/* Leave the accessed bits, and do not flush. */
#define RAMIFY_SCAN_PEEK (1ULL << 1)

/* The process has second-level page tables (it runs a KVM guest): accesses through them are not seen. */
#define RAMIFY_SCAN_STATE_SECONDARY (1ULL << 0)

#define RAMIFY_SCAN_RUNS_MIN 1024

/*
 * Watching: small anonymous pages are write-protected, and their soft-dirty bit is cleared, so
 * that the next scan of the same phase tells which were written since this one. Each costs the
 * process a page fault at its first write. EOPNOTSUPP: with RAMIFY_SCAN_PEEK; or the process has
 * second-level page tables, or the kernel no soft-dirty bits. Whoever else uses soft-dirty bits
 * of that process (CRIU) is disturbed.
 */

/*
 * A run: where it begins, and what all pages are from there to where the next run begins, the
 * last to `resume`. A run of no bits but its address: nothing is mapped there.
 */
#define RAMIFY_RUN_ADDR 0x01fffffffffff000ULL
#define RAMIFY_RUN_NODE 0x00000000000003ffULL /* NUMA node, of what is present */
#define RAMIFY_RUN_ACCESSED (1ULL << 10)
#define RAMIFY_RUN_DIRTY (1ULL << 11) /* written since it was mapped, or last written back */
#define RAMIFY_RUN_PRESENT (1ULL << 57)
#define RAMIFY_RUN_HUGE (1ULL << 58) /* one accessed bit for 2 MiB */
#define RAMIFY_RUN_GIGANTIC (1ULL << 59) /* one accessed bit for 1 GiB */
#define RAMIFY_RUN_HUGETLB (1ULL << 60) /* with one of the two above */
#define RAMIFY_RUN_IDLE (1ULL << 61) /* not accessed, and therefore not looked at */
#define RAMIFY_RUN_WATCHED (1ULL << 63) /* RAMIFY_RUN_DIRTY: written since the last such scan */
#define RAMIFY_RUN_SPECIAL (1ULL << 62) /* zero pages, device memory: cannot be seen, nor moved */

#define RAMIFY_SCAN_IOC_BIND _IOWR('R', 0x51, struct ramify_scan_bind)
#define RAMIFY_SCAN_IOC_SCAN _IOWR('R', 0x52, struct ramify_scan)

#endif
