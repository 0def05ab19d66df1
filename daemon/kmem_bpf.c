// SPDX-License-Identifier: GPL-2.0-or-later
/* kmem_bpf.c -- the kernel's memory, copied by a BPF program that runs in the call. */

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kmem.bpf.skel.h"
#include "kmem.h"

static struct kmem_bpf *program;

static int bpf_open(const char **ret_why)
{
	/* What it prints is for who writes BPF programs. */
	libbpf_print_fn_t print = libbpf_set_print(NULL);
	int err;

	program = kmem_bpf__open_and_load();
	err = program ? 0 : -errno;
	libbpf_set_print(print);
	if (err == -EPERM || err == -EACCES)
		*ret_why = "BPF programs may not be loaded (not root, or no CAP_BPF and CAP_PERFMON)";
	else if (err)
		*ret_why = "the kernel does not take a BPF program that reads its memory (lockdown?)";
	return err;
}

static void bpf_close(void)
{
	kmem_bpf__destroy(program);
	program = NULL;
}

static int bpf_read(const uint64_t *addrs, size_t n, size_t bytes, const void **ret_objects)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int err;

	memcpy(program->bss->kmem_addrs, addrs, n * sizeof(addrs[0]));
	program->bss->kmem_n = (uint32_t)n;
	program->bss->kmem_bytes = (uint32_t)bytes;
	err = bpf_prog_test_run_opts(bpf_program__fd(program->progs.kmem_copy), &run);
	if (err)
		return err;
	if (run.retval)
		return -EFAULT;
	*ret_objects = program->bss->kmem_objects;
	return 0;
}

/* Reading what the program writes of each task, which is nothing, runs it. */
static int run_for(const struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link)), err = 0;
	char none;

	if (fd < 0)
		return -errno;
	if (read(fd, &none, 1) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int bpf_task(pid_t pid, uint64_t *ret_task)
{
	union bpf_iter_link_info one = { .task.tid = (uint32_t)pid };
	LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &one, .link_info_len = sizeof(one));
	struct bpf_link *link = bpf_program__attach_iter(program->progs.kmem_task, &options);
	int err;

	if (!link)
		return -errno;
	program->bss->kmem_task_addr = 0;
	err = run_for(link);
	bpf_link__destroy(link);
	if (err)
		return err;
	if (!program->bss->kmem_task_addr)
		return -ESRCH;
	*ret_task = program->bss->kmem_task_addr;
	return 0;
}

const struct kmem kmem_bpf = {
	.open = bpf_open, .close = bpf_close, .read = bpf_read, .task = bpf_task,
};

int kmem_read(const struct kmem *kmem, uint64_t addr, void *buf, size_t bytes)
{
	const void *object;
	int err = kmem->read(&addr, 1, bytes, &object);

	if (!err)
		memcpy(buf, object, bytes);
	return err;
}
