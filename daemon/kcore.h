/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kcore.h -- the kernel's own memory, read through /proc/kcore. */
#ifndef RAMIFYD_KCORE_H
#define RAMIFYD_KCORE_H

#include <stddef.h>
#include <stdint.h>

#define KCORE_SEGMENTS_MAX 256

struct kcore {
	int fd;
	size_t n;
	struct kcore_segment {
		uint64_t addr, bytes, offset;
	} segments[KCORE_SEGMENTS_MAX];
};

int kcore_open(struct kcore *ret_kcore);
void kcore_close(struct kcore *kcore);
/** -EFAULT: no segment has all of it. */
int kcore_read(const struct kcore *kcore, uint64_t addr, void *buf, size_t n);

/** The segments in the head of an ELF file. -EPROTO: it is not one of 64 bits. */
int kcore_parse(struct kcore *kcore, const void *head, size_t n);

#endif
