// SPDX-License-Identifier: GPL-2.0-or-later
/* examine_test.c -- each finding, from trees that are made to have it. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "intent.h"
#include "lock.h"
#include "state.h"
#include "tree.h"

#define ND "sys/bus/nd/devices/namespace0.0"

static const struct ramify_finding *find(const struct ramify_findings *findings,
					 const char *subject)
{
	const struct ramify_finding *finding = NULL;

	while ((finding = ramify_next_finding(findings, finding))) {
		if (!strcmp(finding->subject, subject))
			break;
	}
	return finding;
}

/* There is such a finding, with @text in what it says or in its remedy. */
static void expect(struct tree *tree, const char *subject, enum ramify_verdict verdict,
		   const char *text)
{
	const struct ramify_finding *finding;
	struct ramify_findings *findings;

	assert_int_equal(ramify_examine(tree->ctx, &findings), 0);
	finding = find(findings, subject);
	if (!finding)
		fail_msg("nothing is said of %s", subject);
	if (finding->verdict != verdict ||
	    (!strstr(finding->text, text) && !strstr(finding->remedy, text)))
		fail_msg("%s: %s: %s -> %s", subject, ramify_verdict_name(finding->verdict),
			 finding->text, finding->remedy);
	if (finding->verdict == RAMIFY_BAD)
		assert_string_not_equal(finding->remedy, "");
	ramify_findings_free(findings);
}

static void expect_nothing(struct tree *tree, const char *subject)
{
	struct ramify_findings *findings;

	assert_int_equal(ramify_examine(tree->ctx, &findings), 0);
	assert_null(find(findings, subject));
	ramify_findings_free(findings);
}

static int set_up(void **state)
{
	*state = tree_create("soft-reserved-6.12");
	return 0;
}

static void set_release(struct tree *tree, const char *release)
{
	tree_write(tree, "proc/sys/kernel/osrelease", release);
}

static void test_kernel(void **state)
{
	expect(*state, "kernel", RAMIFY_OK, "6.12");
	set_release(*state, "6.1.0-56-amd64\n");
	expect(*state, "kernel", RAMIFY_OK, "6.1.0-56");
	set_release(*state, "6.10.1\n");
	expect(*state, "kernel", RAMIFY_WARN, "6.10.1");
	set_release(*state, "7.1\n");
	expect(*state, "kernel", RAMIFY_WARN, "7.1");
	set_release(*state, "5.10.0-30-amd64\n");
	expect(*state, "kernel", RAMIFY_BAD, "too old");
	set_release(*state, "next\n");
	expect(*state, "kernel", RAMIFY_WARN, "not known");
	expect(*state, "hot-plug", RAMIFY_OK, "128 MiB");
	tree_remove(*state, "sys/devices/system/memory/block_size_bytes");
	expect(*state, "hot-plug", RAMIFY_BAD, "cannot");
}

static void load_ramify(struct tree *tree, const char *version)
{
	tree_write(tree, "sys/module/ramify/initstate", "live\n");
	tree_write(tree, "sys/bus/dax/drivers/ramify/version", version);
}

static void test_driver(void **state)
{
	struct ramify_findings *findings = NULL;
	struct tree *tree = *state;

	expect(tree, "driver", RAMIFY_BAD, "dkms autoinstall -k 6.12");
	load_ramify(tree, "1 " RAMIFY_VERSION "\n");
	expect(tree, "driver", RAMIFY_OK, "is loaded");
	load_ramify(tree, "1 0.0.9\n");
	expect(tree, "driver", RAMIFY_WARN, "0.0.9");
	load_ramify(tree, "99 9.9\n");
	expect(tree, "driver", RAMIFY_BAD, "another language");
	load_ramify(tree, "one\n");
	assert_int_equal(ramify_examine(tree->ctx, &findings), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "ramify/version"));
	assert_null(findings);
}

static void test_kmem(void **state)
{
	struct tree *tree = *state;

	expect(tree, "kmem", RAMIFY_WARN, "RAM of dax0.0 unasked");
	tree_write(tree, "etc/modprobe.d/x.conf", "blacklist kmem\n");
	expect(tree, "kmem", RAMIFY_OK, "not loaded by udev");
	tree_write(tree, "sys/module/kmem/initstate", "live\n");
	expect(tree, "kmem", RAMIFY_WARN, "rmmod kmem");
	set_release(tree, "6.1.0-56-amd64\n");
	expect(tree, "kmem", RAMIFY_OK, "nothing unasked");
}

static void test_kmem_has_memory(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	tree_write(tree, "sys/module/kmem/initstate", "live\n");
	expect(tree, "kmem", RAMIFY_WARN, "ramify remove dax0.0 dax1.0 dax2.0; rmmod kmem");
	tree_destroy(tree);
}

static void test_lockdown(void **state)
{
	struct tree *tree = *state;

	expect(tree, "lockdown", RAMIFY_OK, "no signature");
	tree_write(tree, "sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	expect(tree, "lockdown", RAMIFY_OK, "no signature");
	tree_write(tree, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	expect(tree, "lockdown", RAMIFY_OK, "signed modules only");
	tree_remove(tree, "sys/kernel/security/lockdown");
	tree_write(tree, "sys/module/module/parameters/sig_enforce", "Y\n");
	expect(tree, "lockdown", RAMIFY_OK, "signed modules only");
}

static void test_secure_boot(void **state)
{
	const char *variable = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
	struct tree *tree = *state;

	expect_nothing(tree, "secure boot");
	tree_write_bytes(tree, variable, "\26\0\0\0\0", 5);
	expect(tree, "secure boot", RAMIFY_OK, "is off");
	expect(tree, "lockdown", RAMIFY_OK, "no signature");
	tree_write_bytes(tree, variable, "\26\0\0\0\1", 5);
	expect(tree, "secure boot", RAMIFY_OK, "is on");
	expect(tree, "lockdown", RAMIFY_OK, "signed modules only");
	/* The kernel knows better, as the checks can be off in shim. */
	tree_write(tree, "sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	expect(tree, "lockdown", RAMIFY_OK, "no signature");
	tree_write_bytes(tree, variable, "\26\0\0", 3);
	expect(tree, "secure boot", RAMIFY_WARN, "makes no sense");
}

static void test_options(void **state)
{
	struct tree *tree = *state;

	expect(tree, "memmap", RAMIFY_WARN, "memory_hotplug.memmap_on_memory=1");
	tree_write(tree, "sys/module/memory_hotplug/parameters/memmap_on_memory", "force\n");
	expect(tree, "memmap", RAMIFY_OK, "on the device");
	expect(tree, "auto-online", RAMIFY_OK, "offline");
	tree_write(tree, "sys/devices/system/memory/auto_online_blocks", "online\n");
	expect(tree, "auto-online", RAMIFY_WARN, "zone Normal");
	load_ramify(tree, "1 " RAMIFY_VERSION "\n");
	expect(tree, "auto-online", RAMIFY_OK, "online");
}

static void test_tiering(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	expect(*state, "tiering", RAMIFY_OK, "one tier");
	expect(tree, "tiering", RAMIFY_WARN, "demotion_enabled");
	tree_write(tree, "proc/sys/kernel/numa_balancing", "2\n");
	tree_write(tree, "sys/kernel/mm/numa/demotion_enabled", "true\n");
	expect(tree, "tiering", RAMIFY_OK, "promotes and demotes");
	tree_destroy(tree);
}

static void test_hidden(void **state)
{
	struct tree *tree = *state;

	expect_nothing(tree, "hidden memory");
	tree_remove(tree, "sys/bus/dax");
	expect(tree, "hidden memory", RAMIFY_WARN, "modprobe -a dax_hmem");
	expect(tree, "devices", RAMIFY_WARN, "no memory");
	tree_remove(tree, "proc/iomem");
	expect(tree, "privilege", RAMIFY_WARN, "sudo");
}

static void test_regions(void **state)
{
	struct tree *tree = tree_create("idle-region-6.12"), *held = tree_create("ours-6.12");

	expect_nothing(*state, "free memory");
	expect_nothing(tree, "hidden memory");
	expect(tree, "free memory", RAMIFY_OK, "ramify create hmem.0 --size all");
	expect(tree, "free memory", RAMIFY_OK, "1 GiB of hmem.0 belong to no device");
	expect_nothing(tree, "devices");
	expect_nothing(held, "hidden memory");
	expect(held, "held memory", RAMIFY_WARN, "ramify remove 0x180000000-0x1bfffffff");
	tree_destroy(tree);
	tree_destroy(held);
}

static void test_nodes(void **state)
{
	const char *node_file = "sys/bus/dax/devices/dax0.0/target_node";
	struct tree *tree = *state;

	expect_nothing(tree, "node");
	tree_write(tree, node_file, "-1\n");
	expect(tree, "node", RAMIFY_WARN, "ramify add --node 1 dax0.0");
	tree_write(tree, node_file, "7\n");
	expect(tree, "node", RAMIFY_WARN, "cannot be");
	tree_write(tree, node_file, "0\n");
	expect(tree, "node", RAMIFY_WARN, "DRAM");
	tree_write(tree, "sys/devices/system/node/possible", "0\n");
	expect(tree, "node", RAMIFY_WARN, "boot with");
}

static void test_size(void **state)
{
	tree_write(*state, "sys/devices/system/memory/block_size_bytes", "80000000\n");
	expect(*state, "size", RAMIFY_WARN, "dax0.0 has no whole memory block");
}

/* It is large enough, and making it larger would not help. */
static void test_all_bad(void **state)
{
	struct tree *tree = *state;

	tree_write(tree, "etc/ramify/badmemory.conf",
		   "[bad]\nrange = 0x140000000-0x15fffffff\nrange = 0x160000000-0x17fffffff\n");
	expect(tree, "size", RAMIFY_WARN,
	       "no memory block of dax0.0 is left, as all are bad or listed as bad: 0x140000000-0x1");
	expect(tree, "size", RAMIFY_WARN, "take it out of badmemory.conf");
}

static void test_tiers(void **state)
{
	struct tree *tree = *state;

	expect_nothing(tree, "tiers");
	tree_write(tree, "etc/ramify/tiers.conf", "[node 0]\ntier = x\n");
	expect(tree, "tiers", RAMIFY_BAD, "tiers.conf, line 2: tier is a tier from 0");
	expect(tree, "tiers", RAMIFY_BAD, "none of the file holds");
	expect(tree, "tiers", RAMIFY_BAD, "ramify-measure(1)");
	tree_write(tree, "etc/ramify/tiers.conf", "[node 0]\ntier = 0\n");
	expect_nothing(tree, "tiers");
}

/* A machine with 1 GiB that the kernel can use, and ever more that is movable. */
static void set_movable(struct tree *tree, int gigabytes)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "Node 0, zone Normal\n  present 262144\nNode 0, zone Movable\n  present %d\n",
		 gigabytes * 262144);
	tree_write(tree, "proc/zoneinfo", text);
}

static void test_ratio(void **state)
{
	struct tree *tree = *state;

	set_movable(tree, 1);
	expect(tree, "ratio", RAMIFY_OK, "1.0:1, and would be 2.0:1");
	set_movable(tree, 4);
	expect(tree, "ratio", RAMIFY_WARN, "--zone kernel");
	set_movable(tree, 15);
	expect(tree, "ratio", RAMIFY_WARN, "would be 16.0:1");
	set_movable(tree, 16);
	expect(tree, "ratio", RAMIFY_BAD, "16.0:1");
	tree_remove(tree, "proc/zoneinfo");
	expect_nothing(tree, "ratio");
}

static void test_failure(void **state)
{
	struct ramify_findings *findings = NULL;
	struct tree *tree = *state;

	tree_write(tree, "sys/devices/system/node/possible", "0-\n");
	assert_int_equal(ramify_examine(tree->ctx, &findings), -EBADMSG);
	assert_null(findings);
	ramify_findings_free(NULL);
}

#define on_tree(name) cmocka_unit_test_setup_teardown(name, set_up, tree_tear_down)

static void test_records(void **state)
{
	struct tree *tree = *state;

	expect_nothing(tree, "records");
	tree_write(tree, "etc/ramify/memory.d/x.conf", "[memory]\nsource = rom\n");
	expect(tree, "records", RAMIFY_BAD, "x.conf, line 2: source is");
	tree_write(tree, "etc/ramify/memory.d/x.conf",
		   "[memory]\nsource = soft-reserved\nrange = 0x140000000-0x14fffffff\n[use]\nas = ram\n");
	expect(tree, "records", RAMIFY_WARN, "x.conf is of 256 MiB, and dax0.0 has 1024 MiB");
}

/* Two records of one device: the file holds, and a label that says something else is told. */
static void test_two_records(void **state)
{
	struct tree *tree = tree_create("nvdimm-6.12");
	struct ramify_system *sys = tree_system(tree);
	unsigned long long size = tree_device(sys, "dax0.0")->size_bytes;
	char label[INTENT_LABEL_SIZE], uuid[64], text[256];
	struct intent intent = INTENT_NONE;

	ramify_system_free(sys);
	assert_int_equal(attr_read(tree->ctx, ND "/uuid", uuid, sizeof(uuid)), 0);
	intent.use = RAMIFY_USE_RAM;
	intent_to_label(&intent, uuid, label);
	tree_write(tree, ND "/alt_name", label);
	expect_nothing(tree, "records");
	snprintf(text, sizeof(text), "[memory]\nuuid = %s\nsize = %llu\n[use]\nas = ram\n", uuid,
		 size);
	tree_write(tree, "etc/ramify/memory.d/x.conf", text);
	expect_nothing(tree, "records");
	strcpy(strstr(text, "= ram"), "= raw\n");
	tree_write(tree, "etc/ramify/memory.d/x.conf", text);
	expect(tree, "records", RAMIFY_WARN,
	       "dax0.0 is recorded twice: its label says ram, and does not hold; /etc/ramify/memory.d/x.conf says raw");
	strcat(text, "move-to-label = yes\n");
	tree_write(tree, "etc/ramify/memory.d/x.conf", text);
	expect_nothing(tree, "records");
	tree_write(tree, "etc/ramify/memory.d/y.conf", text);
	expect(tree, "records", RAMIFY_WARN, "x.conf and y.conf are both about dax0.0: neither");
	tree_destroy(tree);
}

static void set_phase(struct tree *tree, enum state_phase phase, const char *boot)
{
	struct ramify_extent extent = { 0x140000000, 0x40000000 };
	struct state s = {
		.identity = "at-0x140000000", .device = "dax0.0", .phase = phase,
		.extents = { &extent, 1 },
	};

	snprintf(s.boot, sizeof(s.boot), "%s", boot);
	assert_int_equal(state_store(tree->ctx, &s), 0);
}

/* What a command is at work on just now is not unfinished, nor is what an earlier boot left. */
static void test_unfinished(void **state)
{
	struct tree *tree = tree_create("ours-6.12"), *idle = *state;
	int lock;

	tree_write(tree, "proc/sys/kernel/random/boot_id", "now\n");
	tree_write(tree, "var/lib/other", "");
	tree_write(tree, "run/other", "");
	expect_nothing(tree, "unfinished");
	set_phase(tree, STATE_RAM, "now");
	expect_nothing(tree, "unfinished");
	set_phase(tree, STATE_ADDING, "now");
	expect(tree, "unfinished", RAMIFY_WARN, "killed while it was being made RAM");
	expect(tree, "unfinished", RAMIFY_WARN, "ramify remove dax0.0, or ramify add dax0.0");
	set_phase(tree, STATE_OFFLINING, "now");
	expect(tree, "unfinished", RAMIFY_WARN, "taken back: some of it may be offline");
	expect(tree, "unfinished", RAMIFY_WARN, "ramify remove dax0.0, or ramify add --resume dax0.0");
	assert_int_equal(lock_take(tree->ctx, "dax0.0", 0, &lock), 0);
	expect_nothing(tree, "unfinished");
	lock_drop(lock);
	expect(tree, "unfinished", RAMIFY_WARN, "taken back");
	set_phase(tree, STATE_OFFLINING, "before");
	expect_nothing(tree, "unfinished");
	tree_destroy(tree);

	tree_write(idle, "proc/sys/kernel/random/boot_id", "now\n");
	tree_write(idle, "var/lib/other", "");
	tree_write(idle, "run/other", "");
	set_phase(idle, STATE_RELEASING, "now");
	expect(idle, "unfinished", RAMIFY_WARN, "not zeroed yet can be read by nobody");
	expect(idle, "unfinished", RAMIFY_WARN, "ramify remove dax0.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_tree(test_kernel),
		on_tree(test_driver),
		on_tree(test_kmem),
		cmocka_unit_test(test_kmem_has_memory),
		on_tree(test_lockdown),
		on_tree(test_secure_boot),
		on_tree(test_options),
		on_tree(test_tiering),
		on_tree(test_hidden),
		on_tree(test_regions),
		on_tree(test_nodes),
		on_tree(test_size),
		on_tree(test_all_bad),
		on_tree(test_tiers),
		on_tree(test_ratio),
		on_tree(test_failure),
		on_tree(test_records),
		cmocka_unit_test(test_two_records),
		on_tree(test_unfinished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
