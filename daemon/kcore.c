// SPDX-License-Identifier: GPL-2.0-or-later
/* kcore.c -- the kernel's own memory, read through /proc/kcore. */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kcore.h"

int kcore_parse(struct kcore *k, const void *head, size_t n)
{
	Elf64_Ehdr file;
	Elf64_Phdr part;

	if (n < sizeof(file))
		return -EPROTO;
	memcpy(&file, head, sizeof(file));
	if (memcmp(file.e_ident, ELFMAG, SELFMAG) || file.e_ident[EI_CLASS] != ELFCLASS64 ||
	    file.e_phentsize != sizeof(part))
		return -EPROTO;
	k->n = 0;
	for (size_t i = 0; i < file.e_phnum && k->n < KCORE_SEGMENTS_MAX; i++) {
		uint64_t at = i * sizeof(part);

		if (file.e_phoff > n || at > n - file.e_phoff ||
		    sizeof(part) > n - file.e_phoff - at)
			return -EPROTO;
		memcpy(&part, (const char *)head + file.e_phoff + at, sizeof(part));
		if (part.p_type != PT_LOAD)
			continue;
		k->segments[k->n++] = (struct kcore_segment){
			.addr = part.p_vaddr,
			.bytes = part.p_memsz,
			.offset = part.p_offset,
		};
	}
	return k->n ? 0 : -EPROTO;
}

int kcore_open(struct kcore *ret_kcore)
{
	char head[sizeof(Elf64_Ehdr) + (KCORE_SEGMENTS_MAX + 1) * sizeof(Elf64_Phdr)];
	ssize_t n;
	int err;

	ret_kcore->fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (ret_kcore->fd < 0)
		return -errno;
	n = pread(ret_kcore->fd, head, sizeof(head), 0);
	err = n < 0 ? -errno : kcore_parse(ret_kcore, head, (size_t)n);
	if (err)
		kcore_close(ret_kcore);
	return err;
}

void kcore_close(struct kcore *k)
{
	close(k->fd);
	k->fd = -1;
}

int kcore_read(const struct kcore *k, uint64_t addr, void *buf, size_t n)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct kcore_segment *s = &k->segments[i];
		ssize_t got;

		if (addr < s->addr || addr - s->addr >= s->bytes || n > s->bytes - (addr - s->addr))
			continue;
		got = pread(k->fd, buf, n, (off_t)(s->offset + (addr - s->addr)));
		if (got < 0)
			return -errno;
		return (size_t)got == n ? 0 : -EFAULT;
	}
	return -EFAULT;
}
