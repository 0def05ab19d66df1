// SPDX-License-Identifier: LGPL-2.1-or-later
/* report.c -- what a bug report needs of the system's files: no content of memory, no processes. */

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"
#include "journal.h"

#define FILE_MAX (256u << 10)
/* The kernel's own bound on a record with its dictionary. */
#define RECORD_MAX 8192
/* Entries of the journal. */
#define JOURNAL_MOST 300

struct section {
	const char *title;
	const char *patterns[24];
};

static const struct section sections[] = {
	{ "system", {
		"proc/version", "proc/cmdline", "etc/os-release", "sys/kernel/security/lockdown",
		"proc/sys/kernel/tainted", "sys/module/*/initstate",
		"sys/module/memory_hotplug/parameters/*", "sys/kernel/mm/numa/demotion_enabled",
		"proc/sys/kernel/numa_balancing", "sys/kernel/mm/transparent_hugepage/enabled" } },
	{ "memory", {
		"proc/iomem", "proc/meminfo", "sys/devices/system/memory/block_size_bytes",
		"sys/devices/system/memory/auto_online_blocks",
		"sys/devices/system/memory/memory*/state",
		"sys/devices/system/memory/memory*/valid_zones" } },
	{ "nodes", {
		"sys/devices/system/node/possible", "sys/devices/system/node/has_memory",
		"sys/devices/system/node/node*/cpulist", "sys/devices/system/node/node*/distance",
		"sys/devices/system/node/node*/meminfo",
		"sys/devices/system/node/node*/access*/initiators/*_*",
		"sys/devices/virtual/memory_tiering/memory_tier*/nodelist" } },
	{ "driver", {
		"sys/module/ramify/version", "sys/module/ramify/srcversion",
		"sys/module/ramify/refcnt", "sys/module/ramify_scan/version", "sys/module/kmem/refcnt",
		"sys/module/dax_hmem/parameters/*",
		"sys/bus/dax/drivers_autoprobe", "sys/bus/dax/drivers/ramify/version",
		"sys/bus/dax/drivers/ramify/held", "sys/bus/dax/devices/dax*/ramify/*",
		"lib/modprobe.d/ramify.conf", "etc/modprobe.d/*ramify*", "etc/modprobe.d/*kmem*" } },
	{ "devices", {
		"sys/bus/dax/devices/dax*/size", "sys/bus/dax/devices/dax*/resource",
		"sys/bus/dax/devices/dax*/align", "sys/bus/dax/devices/dax*/target_node",
		"sys/bus/dax/devices/dax*/mapping*/*[dt]", "sys/bus/nd/devices/*/devtype",
		"sys/bus/nd/devices/*/mode", "sys/bus/nd/devices/*/size",
		"sys/bus/nd/devices/*/resource", "sys/bus/nd/devices/*/uuid",
		"sys/bus/nd/devices/*/alt_name", "sys/bus/nd/devices/*/badblocks",
		"sys/bus/nd/devices/nmem*/flags", "sys/bus/cxl/devices/*/mode",
		"sys/bus/cxl/devices/*/size", "sys/bus/cxl/devices/*/resource",
		"sys/bus/cxl/devices/mem*/serial" } },
	{ "records", {
		"etc/ramify/*.conf", "etc/ramify/*/*", "var/lib/ramify/*" } },
};

struct report {
	struct ramify *ctx;
	ramify_report_fn fn;
	void *arg;
	const char *title;
	char *content;			/* FILE_MAX of it */
};

static bool is_secret(const char *word, size_t len)
{
	static const char *const names[] = { "pass", "secret", "token", "key" };
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)(len < sizeof(name) ? len : sizeof(name) - 1), word);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcasestr(name, names[i]))
			return true;
	}
	return false;
}

/* A space in quotes, which may begin before the name, is of the value. */
static size_t word_length(const char *word)
{
	bool quoted = false;
	size_t n = 0;

	for (; word[n] && word[n] != '\n' && (quoted || word[n] != ' '); n++) {
		if (word[n] == '"')
			quoted = !quoted;
	}
	return n;
}

/* The kernel's command line is in its log, too. What stands behind the = of such a word goes. */
static void hide_secrets(char *text)
{
	for (char *word = text; *word; word += strspn(word, " \n")) {
		size_t name = strcspn(word, "= \n"), end;

		if (word[name] != '=') {
			word += name;
			continue;
		}
		end = word_length(word);
		if (is_secret(word, name))
			memset(word + name + 1, '*', end - name - 1);
		word += end;
	}
}

/* What cannot be read is told, as that may be what is wrong. */
static int report_file(struct report *r, const char *path)
{
	char name[PATH_MAX];
	struct stat st;
	int err;

	if (fstatat(r->ctx->root_fd, path, &st, 0) || !S_ISREG(st.st_mode))
		return 0;
	err = attr_read(r->ctx, path, r->content, FILE_MAX);
	if (err == -EFBIG)
		snprintf(r->content, FILE_MAX, "(left out: longer than %u KiB)", FILE_MAX >> 10);
	else if (err)
		snprintf(r->content, FILE_MAX, "(%s)", strerror(-err));
	if (!strcmp(path, "proc/cmdline"))
		hide_secrets(r->content);
	snprintf(name, sizeof(name), "/%s", path);
	return r->fn(r->arg, r->title, name, r->content);
}

static int report_pattern(struct report *r, const char *pattern)
{
	size_t skip = strlen(r->ctx->root) + 1;
	char path[PATH_MAX];
	glob_t found;
	int err = ctx_path(r->ctx, path, sizeof(path), "%s", pattern);

	if (err)
		return err;
	switch (glob(path, 0, NULL, &found)) {
	case 0:
		break;
	case GLOB_NOSPACE:
		return -ENOMEM;
	default:
		return 0;
	}
	for (size_t i = 0; !err && i < found.gl_pathc; i++)
		err = report_file(r, found.gl_pathv[i] + skip);
	globfree(&found);
	return err;
}

/* Does a line of the log tell of memory that comes and goes, or of a kernel in trouble? */
static bool is_relevant(const char *line)
{
	static const char *const words[] = {
		"ramify", "dax", "kmem", "pmem", "nvdimm", "NFIT", "nfit", "nd_", "cxl", "CXL",
		"hmem", "HMAT", "SRAT", "memory hotplug", "Offlined", "offline", "removable",
		"page_owner", "Hardware Error", "Memory failure", "WARNING:", "BUG:", "Call Trace",
		"lockdown", "taint", "soft reserved",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strstr(line, words[i]))
			return true;
	}
	return false;
}

/* "6,339,5140900,-;text\n DEVICE=...": the time in microseconds, and the text. */
static int report_record(struct report *r, char *record)
{
	unsigned long long us = 0;
	char line[RECORD_MAX];
	char *text = strchr(record, ';');

	if (!text || sscanf(record, "%*u,%*u,%llu", &us) != 1)
		return 0;
	text[1 + strcspn(text + 1, "\n")] = '\0';
	if (!is_relevant(text + 1))
		return 0;
	hide_secrets(text + 1);
	snprintf(line, sizeof(line), "[%5llu.%06llu] %s", us / 1000000, us % 1000000, text + 1);
	return r->fn(r->arg, r->title, NULL, line);
}

static int report_log(struct report *r)
{
	int fd = openat(r->ctx->root_fd, "dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC), err = 0;
	char record[RECORD_MAX + 1];

	r->title = "kernel log";
	if (fd < 0)
		return r->fn(r->arg, r->title, "/dev/kmsg", strerror(errno));
	while (!err) {
		ssize_t n = read(fd, record, RECORD_MAX);

		/* Overwritten before it was read: the next ones may be there. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		err = report_record(r, record);
	}
	close(fd);
	return err;
}

/* Why there is nothing of it, or no more, is told: it keeps no report from being made. */
static int report_journal(struct report *r)
{
	struct journal *journal = NULL;
	char line[RECORD_MAX];
	int more, err = 0;
	size_t n = 0;

	r->title = "journal";
	if (*r->ctx->root)
		return r->fn(r->arg, r->title, NULL, "(left out: it is of the running system only)");
	more = journal_open(JOURNAL_MOST, &journal);
	while (!err && more >= 0 && (more = journal_next(journal, line, sizeof(line))) > 0) {
		hide_secrets(line);
		err = r->fn(r->arg, r->title, NULL, line);
		n++;
	}
	journal_close(journal);
	if (err || (n && !more))
		return err;
	snprintf(line, sizeof(line), "(not read to its end: %s)", strerror(-more));
	if (!more)
		strcpy(line, "(nothing of ramify's services since this boot, or no right to read it)");
	return r->fn(r->arg, r->title, NULL, line);
}

int ramify_report(struct ramify *ctx, ramify_report_fn fn, void *arg)
{
	struct report r = { .ctx = ctx, .fn = fn, .arg = arg, .content = malloc(FILE_MAX) };
	int err = r.content ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < sizeof(sections) / sizeof(*sections); i++) {
		r.title = sections[i].title;
		for (size_t k = 0; !err && sections[i].patterns[k]; k++)
			err = report_pattern(&r, sections[i].patterns[k]);
	}
	if (!err)
		err = report_log(&r);
	if (!err)
		err = report_journal(&r);
	free(r.content);
	return err;
}
