// SPDX-License-Identifier: GPL-2.0-or-later
/* khugepaged.c -- the kernel's thread that joins small pages to huge ones, for all programs. */

#include "khugepaged.h"

#include <string.h>

#include "kept.h"
#include "proc.h"

#define HUGE "/sys/kernel/mm/transparent_hugepage/"
/* Milliseconds; the kernel takes them for as long as it can count. */
#define NEVER "4294967295\n"

/* Not by "enabled": that is also about what programs take, and each change of it raises vm.min_free_kbytes. */
static const struct kept kept = { HUGE "khugepaged/scan_sleep_millisecs", "/run/ramify/khugepaged" };

/* 1, 0, a negative errno. */
static int sleeps(void)
{
	char text[32];
	int err = proc_read(kept.path, text, sizeof(text));

	return err ? err : !strcmp(text, NEVER);
}

int khugepaged_off(const char **ret_at)
{
	int now = sleeps();

	*ret_at = kept.path;
	if (now)
		return now < 0 ? now : 0;
	return kept_set(&kept, NEVER, ret_at);
}

int khugepaged_restore(const char **ret_at)
{
	return kept_restore(&kept, ret_at);
}

bool khugepaged_works(void)
{
	char text[64];

	return !sleeps() && !proc_read(HUGE "enabled", text, sizeof(text)) &&
	       !strstr(text, "[never]");
}
