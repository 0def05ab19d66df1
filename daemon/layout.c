// SPDX-License-Identifier: GPL-2.0-or-later
/* layout.c -- where members are in the kernel's structs, by its BTF. */

#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "layout.h"

#define MEMBERS_MAX 8
#define NESTED_MAX 4

static bool find(const struct btf *btf, uint32_t id, const char *name, uint32_t base, int depth,
		 uint32_t *ret_offset)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	const struct btf_member *m;

	if (!t || !btf_is_composite(t) || depth == NESTED_MAX)
		return false;
	m = btf_members(t);
	for (uint32_t i = 0; i < btf_vlen(t); i++, m++) {
		uint32_t at = base + btf_member_bit_offset(t, i) / 8;
		const char *this = btf__name_by_offset(btf, m->name_off);

		if (this && !strcmp(this, name)) {
			*ret_offset = at;
			return true;
		}
		/* A struct without a name is only there for its members. */
		if (this && !this[0] && find(btf, m->type, name, at, depth + 1, ret_offset))
			return true;
	}
	return false;
}

int layout_read(struct member *members, size_t n)
{
	struct btf *btf = btf__load_vmlinux_btf();
	uint32_t offsets[MEMBERS_MAX];
	int err = 0;

	if (!btf)
		return errno ? -errno : -ENOENT;
	for (size_t i = 0; i < n && i < MEMBERS_MAX && !err; i++) {
		int id = btf__find_by_name_kind(btf, members[i].type, BTF_KIND_STRUCT);

		if (id < 0 || !find(btf, (uint32_t)id, members[i].name, 0, 0, &offsets[i]))
			err = -ENOENT;
	}
	btf__free(btf);
	for (size_t i = 0; i < n && !err; i++)
		members[i].offset = offsets[i];
	return err;
}
