// SPDX-License-Identifier: GPL-2.0-or-later
/* process_test.c -- what /proc tells of processes, and of free memory. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "daemon/process.h"
#include "daemon/zoneinfo.h"

static void status(void **state)
{
	struct status s;

	assert_int_equal(status_parse("Name:\tx\nUid:\t1000\t1001\t1000\t1000\n"
				      "VmLck:\t       8 kB\nVmRSS:\t    1024 kB\n"
				      "Mems_allowed:\t00000002,80000000,00000005\n", &s), 0);
	assert_int_equal(s.uid, 1001);
	assert_int_equal(s.locked_bytes, 8192);
	assert_true(s.has_memory);
	assert_true(status_node_allowed(&s, 0) && status_node_allowed(&s, 2));
	assert_true(status_node_allowed(&s, 63) && status_node_allowed(&s, 65));
	assert_false(status_node_allowed(&s, 1) || status_node_allowed(&s, 64));
	assert_false(status_node_allowed(&s, 5000));
	assert_int_equal(status_parse("Uid:\t0\t0\t0\t0\nMems_allowed:\t1\n", &s), 0);
	assert_false(s.has_memory);
	assert_int_equal(status_parse("", &s), -EPROTO);
	assert_int_equal(status_parse("Uid:\t0\t0\n", &s), -EPROTO);
	assert_int_equal(status_parse("Uid:\tx\nMems_allowed:\t1\n", &s), -EPROTO);
}

static void cgroup(void **state)
{
	char path[16];

	assert_int_equal(cgroup_parse("12:pids:/a\n0::/b/c\n", path, sizeof(path)), 0);
	assert_string_equal(path, "/b/c");
	assert_int_equal(cgroup_parse("0::/", path, sizeof(path)), 0);
	assert_string_equal(path, "/");
	assert_int_equal(cgroup_parse("1:name=systemd:/a\n", path, sizeof(path)), -ENOENT);
	assert_int_equal(cgroup_parse("0::/0123456789abcdef\n", path, sizeof(path)), -ENOENT);
}

static void cgroup_number(void **state)
{
	uint32_t number = process_cgroup(getpid());

	assert_int_not_equal(number, 0);
	assert_int_equal(process_cgroup(getpid()), number);
	assert_int_equal(process_cgroup(INT32_MAX), 0);
}

#define VMSTAT "\nnr_inactive_file 90\nnr_dirty_x 1\nnr_dirty 100\nnr_writeback 1\n" \
	       "nr_vmscan_write 6\n"

static void vmstat(void **state)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct zoneinfo_node node = { .reserved_bytes = 900 * page, .min_bytes = 1 };

	assert_int_equal(zoneinfo_parse_vmstat("nr_free_pages 950" VMSTAT, &node), 0);
	assert_int_equal(node.free_bytes, 50 * page);
	/* More is dirty than idle. */
	assert_int_equal(node.idle_file_bytes, 0);
	assert_int_equal(zoneinfo_parse_vmstat("nr_free_pages 3\nnr_inactive_file 90\nnr_dirty 2\n"
					       "nr_writeback 1\nnr_vmscan_write 7", &node), 0);
	assert_int_equal(node.free_bytes, 0);
	assert_int_equal(node.idle_file_bytes, 87 * page);
	assert_int_equal(node.written_pages, 7);
	assert_int_equal(zoneinfo_parse_vmstat("xnr_free_pages 3" VMSTAT, &node), -EPROTO);
	assert_int_equal(zoneinfo_parse_vmstat("nr_free_pages" VMSTAT, &node), -EPROTO);
	assert_int_equal(zoneinfo_parse_vmstat("nr_free_pages 950\n", &node), -EPROTO);
	assert_int_equal(zoneinfo_parse_vmstat("", &node), -EPROTO);
	assert_int_equal(node.idle_file_bytes, 87 * page);
	assert_int_equal(node.min_bytes, 1);
}

static void zoneinfo(void **state)
{
	static const char text[] =
		"Node 0, zone      DMA\n  per-node stats\n      nr_inactive_anon 5\n"
		"      nr_inactive_file 90\n      nr_dirty     7\n      nr_writeback 3\n"
		"      nr_vmscan_write 4\n"
		"  pages free     1000\n        min      1\n        high     21\n"
		"        managed  3840\n        protection: (0, 300, 400, 400, 900)\n"
		"  pagesets\n    cpu: 0\n              count:    11\n              high:  7\n"
		"              high_min: 8\n"
		"    cpu: 1\n              count:    12\n    cpu: 10\n              count:    13\n"
		"Node 0, zone   Normal\n  pages free     100\n        high     30\n"
		"        managed  5000\n        protection: (0, 0, 0, 0, 0)\n"
		"  pagesets\n    cpu: 1\n              count:    30\n"
		"Node 2, zone   Normal\n  pages free     0\n        high     5\n"
		"        managed  0\n"
		"Node 2, zone  Movable\n  pages free     50\n        high     6\n"
		"        managed  700\n        protection: (0, 0, 0, 0, 0)\n";
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	static struct zoneinfo info;

	assert_int_equal(zoneinfo_parse(text, 1, &info), 0);
	assert_int_equal(info.n_nodes, 3);
	assert_int_equal(info.nodes[0].managed_bytes, 8840 * page);
	assert_int_equal(info.nodes[0].free_bytes, 200 * page);
	assert_int_equal(info.nodes[0].high_bytes, 51 * page);
	assert_int_equal(info.nodes[0].min_bytes, 1 * page);
	assert_int_equal(info.nodes[0].reserved_bytes, 900 * page);
	assert_int_equal(info.nodes[0].idle_file_bytes, 80 * page);
	assert_int_equal(info.nodes[0].own_bytes, 42 * page);
	assert_int_equal(info.nodes[0].written_pages, 4);
	assert_int_equal(info.nodes[0].kept_bytes, 24 * page);
	assert_int_equal(info.nodes[2].own_bytes, 0);
	assert_int_equal(info.nodes[2].kept_bytes, 0);
	assert_int_equal(info.nodes[2].idle_file_bytes, 0);
	assert_int_equal(info.nodes[1].managed_bytes, 0);
	assert_int_equal(info.nodes[2].managed_bytes, 700 * page);
	assert_int_equal(info.nodes[2].high_bytes, 6 * page);
	assert_int_equal(zoneinfo_parse("Node 999, zone x\n managed 5\n", 1, &info), -EPROTO);
	assert_int_equal(zoneinfo_parse("", 1, &info), -EPROTO);
}

/* This very process. */
static void self(void **state)
{
	static struct process_facts facts;

	assert_int_equal(process_read(getpid(), 1 << POLICY_EXE | 1 << POLICY_CMDLINE, &facts), 0);
	assert_int_equal(facts.as.uid, geteuid());
	assert_non_null(strstr(facts.as.exe, "process_test"));
	assert_non_null(strstr(facts.as.cmdline, "process_test"));
	assert_null(facts.as.user);
	process_clear(&facts);
	/* What nobody asks for is not read. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(process_read(getpid(), 1 << POLICY_USER, &facts), 0);
		assert_string_equal(facts.as.user, getpwuid(geteuid())->pw_name);
		assert_null(facts.as.exe);
		assert_null(facts.as.cmdline);
		process_clear(&facts);
	}
	process_forget_users();
	assert_int_equal(process_read(0x3fffffff, 0, &facts), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status),
		cmocka_unit_test(cgroup),
		cmocka_unit_test(cgroup_number),
		cmocka_unit_test(zoneinfo),
		cmocka_unit_test(vmstat),
		cmocka_unit_test(self),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
