// SPDX-License-Identifier: GPL-2.0-or-later
/* kmem.bpf.c -- copies memory of the kernel to where the daemon sees it: its side is kmem_bpf.c. */

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "kmem_size.h"

/* In memory that the daemon maps. What is wanted, by the daemon: */
__u64 kmem_addrs[KMEM_OBJECTS];
__u32 kmem_n;
__u32 kmem_bytes;
/* What it gets. */
__u64 kmem_objects[KMEM_OBJECTS][KMEM_OBJECT_BYTES / sizeof(__u64)];

SEC("syscall")
int kmem_copy(void *none)
{
	__u32 bytes = kmem_bytes;
	long err = 0;

	if (bytes > KMEM_OBJECT_BYTES)
		return 1;
	for (__u32 i = 0; i < KMEM_OBJECTS && i < kmem_n && !err; i++)
		err = bpf_probe_read_kernel(kmem_objects[i], bytes, (void *)kmem_addrs[i]);
	return err != 0;
}

/* The task that is asked for, by who asks. */
__u64 kmem_task_addr;

struct bpf_iter__task {
	void *meta;
	void *task;	/* NULL at the end */
};

SEC("iter/task")
int kmem_task(struct bpf_iter__task *at)
{
	void *task = at->task;

	if (task)
		kmem_task_addr = (__u64)task;
	return 0;
}

/* bpf_probe_read_kernel is for such programs alone. */
char kmem_license[] SEC("license") = "GPL";
