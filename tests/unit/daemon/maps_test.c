// SPDX-License-Identifier: GPL-2.0-or-later
/* maps_test.c -- /proc/PID/maps, /proc/kallsyms, the head of /proc/kcore, and memory blocks. */

#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <cmocka.h>

#include "daemon/frames.h"
#include "daemon/kcore.h"
#include "daemon/maps.h"
#include "daemon/symbols.h"

static FILE *file_of(const char *text)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(file);
	return file;
}

static void test_maps(void **state)
{
	char text[1200];
	struct mapping m;
	FILE *file;

	/* The path of the second one is longer than a line that is read at once. */
	snprintf(text, sizeof(text),
		 "55d0c0a00000-55d0c0a21000 rw-p 00000000 00:00 0          [heap]\n"
		 "7f1b00000000-7f1b00200000 rw-s 00000000 00:0f 1035       /%0500d (deleted)\n"
		 "7f1b00200000-7f1b00201000 r--p 00000000 fe:01 7 /x\n"
		 "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]\n", 0);
	file = file_of(text);
	assert_int_equal(maps_next(file, 0, &m), 1);
	assert_int_equal(m.start, 0x55d0c0a00000);
	assert_int_equal(m.end, 0x55d0c0a21000);
	assert_int_equal(m.device, 0);
	assert_int_equal(maps_next(file, m.end, &m), 1);
	assert_int_equal(m.start, 0x7f1b00000000);
	assert_int_equal(m.device, makedev(0, 0xf));
	assert_int_equal(maps_next(file, m.end, &m), 1);
	assert_int_equal(m.device, makedev(0xfe, 1));
	assert_int_equal(maps_next(file, m.end, &m), 0);
	fclose(file);
}

static void test_maps_nonsense(void **state)
{
	const char *texts[] = {
		"x\n",
		"1000-2000 rw-p\n",
		"2000-2000 rw-p 0 00:00 0\n",
		"2000-1000 rw-p 0 00:00 0\n",
		"2001-3000 rw-p 0 00:00 0\n",
		"0-1000 rw-p 0 00:00 0\n",
	};
	struct mapping m = {.start = 7};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *file = file_of(texts[i]);

		assert_int_equal(maps_next(file, 0x1000, &m), -EPROTO);
		fclose(file);
	}
	assert_int_equal(m.start, 7);
}

static void test_symbols(void **state)
{
	struct symbol symbols[] = {{"init_task"}, {"init_task2"}, {"other", 5}};
	FILE *file = file_of("ffffffff82a13a40 D init_task\n"
			     "ffffffffc0001000 d other\t[module]\n"
			     "ffffffff82000000 T init_task23\n"
			     "rubbish\n"
			     "ffffffff82a13a48 D init_task2\n");

	symbols_read(file, symbols, 3);
	fclose(file);
	assert_int_equal(symbols[0].addr, 0xffffffff82a13a40);
	assert_int_equal(symbols[1].addr, 0xffffffff82a13a48);
	assert_int_equal(symbols[2].addr, 0);
}

struct head {
	Elf64_Ehdr file;
	Elf64_Phdr parts[2];
};

static struct head good_head(void)
{
	return (struct head){
		.file = {
			.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64},
			.e_phoff = offsetof(struct head, parts),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 2,
		},
		.parts = {
			{.p_type = PT_NOTE},
			{.p_type = PT_LOAD, .p_vaddr = 0xffff888000000000, .p_memsz = 0x1000,
			 .p_offset = 0x3000},
		},
	};
}

static void test_kcore(void **state)
{
	struct head head = good_head();
	struct kcore k;

	assert_int_equal(kcore_parse(&k, &head, sizeof(head)), 0);
	assert_int_equal(k.n, 1);
	assert_int_equal(k.segments[0].addr, 0xffff888000000000);
	assert_int_equal(k.segments[0].offset, 0x3000);
	assert_int_equal(kcore_read(&k, 0xffff888000000ff9, &head, 8), -EFAULT);
	assert_int_equal(kcore_read(&k, 0, &head, 8), -EFAULT);

	assert_int_equal(kcore_parse(&k, &head, sizeof(head) - 1), -EPROTO);
	assert_int_equal(kcore_parse(&k, &head, 3), -EPROTO);
	head.file.e_phoff = UINT64_MAX - 8;
	assert_int_equal(kcore_parse(&k, &head, sizeof(head)), -EPROTO);
	head = good_head();
	head.file.e_phentsize = 1;
	assert_int_equal(kcore_parse(&k, &head, sizeof(head)), -EPROTO);
	head = good_head();
	head.file.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(kcore_parse(&k, &head, sizeof(head)), -EPROTO);
	head = good_head();
	head.file.e_phnum = 1;
	assert_int_equal(kcore_parse(&k, &head, sizeof(head)), -EPROTO);
}

static void make(const char *top, const char *path, const char *content)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", top, path);
	if (!content) {
		assert_int_equal(mkdir(full, 0700), 0);
		return;
	}
	FILE *file = fopen(full, "w");

	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

static void test_frames(void **state)
{
	char top[] = "/tmp/ramify-frames-XXXXXX", size[64], rm[64];
	struct frames f;

	assert_non_null(mkdtemp(top));
	make(top, "block_size_bytes", "8000000\n");
	make(top, "odd", "3000\n");
	make(top, "node0", NULL);
	make(top, "node0/memory0", NULL);
	make(top, "node0/memory3", NULL);
	make(top, "node0/meminfo", "x");
	make(top, "node12", NULL);
	make(top, "node12/memory2", NULL);
	make(top, "node12/memory2000", NULL);
	make(top, "nodex", NULL);
	snprintf(size, sizeof(size), "%s/block_size_bytes", top);
	assert_int_equal(frames_read(top, size, &f), 0);
	assert_int_equal(frames_node(&f, 0), 0);
	assert_int_equal(frames_node(&f, 32768), FRAMES_NO_NODE);
	assert_int_equal(frames_node(&f, 2 * 32768 + 5), 12);
	assert_int_equal(frames_node(&f, 4 * 32768 - 1), 0);
	assert_int_equal(frames_node(&f, 2000 * 32768), 12);
	assert_int_equal(frames_node(&f, UINT64_MAX), FRAMES_NO_NODE);
	frames_free(&f);
	snprintf(size, sizeof(size), "%s/odd", top);
	assert_int_equal(frames_read(top, size, &f), -EPROTO);
	assert_int_equal(frames_read(top, "/nowhere", &f), -ENOENT);
	snprintf(rm, sizeof(rm), "rm -r %s", top);
	assert_int_equal(system(rm), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_maps_nonsense),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_kcore),
		cmocka_unit_test(test_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
