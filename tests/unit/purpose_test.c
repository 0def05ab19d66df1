// SPDX-License-Identifier: GPL-2.0-or-later
/* purpose_test.c -- what holds for a device: its label, a file, or nothing as the two disagree. */

#include "purpose.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

#define LABEL "sys/bus/nd/devices/namespace0.0/alt_name"
#define UUID_PATH "sys/bus/nd/devices/namespace0.0/uuid"

struct bench {
	struct tree *tree;
	struct target target;
	struct entry_list entries;
	char uuid[IDENTITY_SIZE];
};

static void bench_open(struct bench *b, const char *name, const char *device)
{
	b->tree = tree_create(name);
	b->entries = (struct entry_list){ 0 };
	assert_int_equal(target_open(b->tree->ctx, device, &b->target), 0);
}

static void bench_close(struct bench *b)
{
	entries_free(&b->entries);
	target_close(&b->target);
	tree_destroy(b->tree);
}

static void read_uuid(struct bench *b)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/" UUID_PATH, b->tree->root);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%63s", b->uuid), 1);
	fclose(file);
}

static void write_label(struct bench *b, enum ramify_use use, uint64_t size_mib)
{
	struct intent intent = INTENT_NONE;
	char label[INTENT_LABEL_SIZE];

	intent.use = use;
	intent.size_mib = size_mib;
	intent_to_label(&intent, b->uuid, label);
	tree_write(b->tree, LABEL, label);
}

static void write_entry(struct bench *b, const char *file, const char *memory, const char *use)
{
	char path[128], text[512];

	snprintf(path, sizeof(path), ENTRY_DIR "/%s", file);
	snprintf(text, sizeof(text), "[memory]\n%s[use]\nas = %s\n", memory, use);
	tree_write(b->tree, path, text);
	entries_free(&b->entries);
	assert_int_equal(entries_read(b->tree->ctx, NULL, NULL, &b->entries), 0);
}

static void expect(struct bench *b, enum store store, enum ramify_use use)
{
	struct purpose p;
	int err = purpose_find(b->tree->ctx, &b->target, &b->entries, &p);

	if (err)
		fail_msg("%s", ramify_message(b->tree->ctx));
	assert_int_equal(p.store, store);
	assert_int_equal(p.intent.use, use);
}

static void refuses(struct bench *b, int err, const char *why)
{
	struct purpose p;

	assert_int_equal(purpose_find(b->tree->ctx, &b->target, &b->entries, &p), err);
	if (!strstr(ramify_message(b->tree->ctx), why))
		fail_msg("%s", ramify_message(b->tree->ctx));
}

static void test_label(void **state)
{
	struct bench b;

	bench_open(&b, "nvdimm-6.12", "dax0.0");
	read_uuid(&b);
	expect(&b, STORE_NONE, RAMIFY_USE_NONE);
	write_label(&b, RAMIFY_USE_RAM, b.target.dev->size_bytes >> 20);
	expect(&b, STORE_LABEL, RAMIFY_USE_RAM);
	write_label(&b, RAMIFY_USE_RAM, 1);
	refuses(&b, -ERANGE, "the label of dax0.0 is of 1 MiB");
	/* A mark alone is no use. */
	write_label(&b, RAMIFY_USE_NONE, 0);
	expect(&b, STORE_NONE, RAMIFY_USE_NONE);
	tree_write(b.tree, LABEL, "database");
	expect(&b, STORE_NONE, RAMIFY_USE_NONE);
	strcpy(b.uuid, "of another");
	write_label(&b, RAMIFY_USE_RAM, 0);
	refuses(&b, -EBADMSG, "the label of dax0.0 (namespace0.0) is damaged");
	bench_close(&b);
}

static void test_file_against_label(void **state)
{
	struct bench b;
	char memory[256], other[256];
	unsigned long long size;

	bench_open(&b, "nvdimm-6.12", "dax0.0");
	read_uuid(&b);
	size = b.target.dev->size_bytes;
	snprintf(memory, sizeof(memory), "uuid = %s\nsize = %llu\n", b.uuid, size);
	snprintf(other, sizeof(other), "uuid = %s\nsize = %llu\n", b.uuid, size / 2);
	write_label(&b, RAMIFY_USE_RAM, 0);
	write_entry(&b, "a.conf", memory, "raw");
	expect(&b, STORE_FILE, RAMIFY_USE_RAW);
	/* Nor does a damaged label keep a good file from holding. */
	tree_write(b.tree, LABEL, "ramify1:x");
	expect(&b, STORE_FILE, RAMIFY_USE_RAW);
	write_entry(&b, "b.conf", memory, "raw");
	refuses(&b, -ENOTUNIQ, "a.conf and b.conf are both about dax0.0");
	write_entry(&b, "b.conf", "uuid = another\nsize = 1\n", "raw");
	expect(&b, STORE_FILE, RAMIFY_USE_RAW);
	write_entry(&b, "a.conf", other, "raw");
	refuses(&b, -ERANGE, "a.conf is of 251 MiB, and dax0.0 has 502 MiB");
	snprintf(other, sizeof(other), "uuid = %s\nsize = %llu\nnode = 0\n", b.uuid, size);
	write_entry(&b, "a.conf", other, "raw");
	refuses(&b, -EXDEV, "of node 0, and firmware puts dax0.0 on node");
	bench_close(&b);
}

static void test_place(void **state)
{
	struct bench b;
	char memory[256];
	unsigned long long start, end;

	bench_open(&b, "soft-reserved-6.12", "dax0.0");
	start = b.target.dev->extents[0].start;
	end = start + b.target.dev->extents[0].size_bytes - 1;
	snprintf(memory, sizeof(memory), "source = soft-reserved\nrange = 0x%llx-0x%llx\n", start, end);
	write_entry(&b, "a.conf", memory, "idle");
	expect(&b, STORE_FILE, RAMIFY_USE_IDLE);
	snprintf(memory, sizeof(memory), "source = soft-reserved\nrange = 0x%llx-0x%llx\n", start,
		 end / 2 + start / 2);
	write_entry(&b, "a.conf", memory, "idle");
	refuses(&b, -ERANGE, "a.conf is of");
	snprintf(memory, sizeof(memory), "source = cxl\nrange = 0x%llx-0x%llx\n", start, end);
	write_entry(&b, "a.conf", memory, "idle");
	expect(&b, STORE_NONE, RAMIFY_USE_NONE);
	snprintf(memory, sizeof(memory), "source = soft-reserved\nrange = 0x1000-0x1fff\n");
	write_entry(&b, "a.conf", memory, "idle");
	expect(&b, STORE_NONE, RAMIFY_USE_NONE);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_label),
		cmocka_unit_test(test_file_against_label),
		cmocka_unit_test(test_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
