// SPDX-License-Identifier: GPL-2.0-or-later
/* backend.c -- which of QEMU's memory backends serves an access. */

#include "backend.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 128
#define RETRY_EVERY (1 << 20)	/* accesses to other memory */

static struct backend {
	char *id;
	uintptr_t host;
	uint64_t bytes;		/* 0: not there yet */
	uint64_t ram_offset;	/* in QEMU's space of all RAM */
} backends[NODES_MAX];

int backend_nodes;

int backend_name(int node, const char *id)
{
	char *copy = strdup(id);

	if (!copy)
		return -ENOMEM;
	free(backends[node].id);
	backends[node].id = copy;
	if (backend_nodes <= node)
		backend_nodes = node + 1;
	return 0;
}

/* Not in the plugin interface, but in the same program, by name. */
static void resolve(struct backend *b)
{
	void *(*by_name)(const char *) = dlsym(RTLD_DEFAULT, "qemu_ram_block_by_name");
	void *(*host)(void *) = dlsym(RTLD_DEFAULT, "qemu_ram_get_host_addr");
	uint64_t (*bytes)(void *) = dlsym(RTLD_DEFAULT, "qemu_ram_get_used_length");
	uint64_t (*offset)(void *) = dlsym(RTLD_DEFAULT, "qemu_ram_get_offset");
	char path[NAME_MAX_BYTES];
	void *block;

	if (!b->id || b->bytes || !by_name || !host || !bytes || !offset)
		return;
	snprintf(path, sizeof(path), "/objects/%s", b->id);
	block = by_name(path);
	if (!block)
		block = by_name(b->id);
	if (!block)
		return;
	b->host = (uintptr_t)host(block);
	b->ram_offset = offset(block);
	b->bytes = bytes(block);
}

/* The host's address is the second word of this struct in QEMU 4.2 to 8. */
static uintptr_t host_address(const struct qemu_plugin_hwaddr *hwaddr)
{
	uintptr_t words[2];

	memcpy(words, hwaddr, sizeof(words));
	return words[1];
}

int backend_find(const struct qemu_plugin_hwaddr *hwaddr, uint64_t *ret_offset)
{
	static uint64_t others;
	uintptr_t host = host_address(hwaddr);

	for (int node = 0; node < backend_nodes; node++) {
		if (host - backends[node].host < backends[node].bytes) {
			*ret_offset = host - backends[node].host;
			return node;
		}
	}
	if (others++ % RETRY_EVERY == 0)
		for (int node = 0; node < backend_nodes; node++)
			resolve(&backends[node]);
	*ret_offset = host & 0xffffffff;
	return NODE_OTHER;
}

/* Where a backend is mapped in the guest differs, by pieces that are aligned to more than this. */
int backend_agrees(const struct qemu_plugin_hwaddr *hwaddr, int node, uint64_t offset)
{
	uint64_t physical = qemu_plugin_hwaddr_phys_addr(hwaddr);

	return !((physical - backends[node].ram_offset - offset) & 0xfffff);
}
