/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmem.h -- the kernel's own memory, read by a BPF program or through /proc/kcore. */
#ifndef RAMIFYD_KMEM_H
#define RAMIFYD_KMEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kmem_size.h"

/* A way to read it; one of each for all of the program, so never two reads at once. */
struct kmem {
	/** Until close. Negative: it does not work here, for the reason in ret_why, for people. */
	int (*open)(const char **ret_why);
	void (*close)(void);
	/**
	 * @n objects, at most KMEM_OBJECTS, of @bytes each, at most KMEM_OBJECT_BYTES. The i-th is
	 * then at *ret_objects + i * KMEM_OBJECT_BYTES, until the next call. -EFAULT: one of
	 * them is not memory. What is read may change meanwhile.
	 */
	int (*read)(const uint64_t *addrs, size_t n, size_t bytes, const void **ret_objects);
	/** Where the task_struct of @pid is; NULL: it cannot tell. -ESRCH. */
	int (*task)(pid_t pid, uint64_t *ret_task);
};

/** Quicker: some thousand instructions for a page table. Needs CAP_BPF and CAP_PERFMON. */
extern const struct kmem kmem_bpf;
/** Needs CAP_SYS_RAWIO. */
extern const struct kmem kmem_kcore;

/** A single object. */
int kmem_read(const struct kmem *kmem, uint64_t addr, void *buf, size_t bytes);

#endif
