/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layout.h -- where members are in the kernel's structs, by its BTF. */
#ifndef RAMIFYD_LAYOUT_H
#define RAMIFYD_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

struct member {
	const char *type;
	const char *name;
	uint32_t offset;	/* bytes */
};

/** -ENOENT: one is missing, and @members are as they were. Else as libbpf says. */
int layout_read(struct member *members, size_t n);

#endif
