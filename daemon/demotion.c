// SPDX-License-Identifier: GPL-2.0-or-later
/* demotion.c -- whether the kernel demotes, rather than swaps out, what it reclaims in fast memory. */

#include "demotion.h"

#include <string.h>

#include "kept.h"
#include "proc.h"

static const struct kept kept = { "/sys/kernel/mm/numa/demotion_enabled", "/run/ramify/demotion" };

int demotion_read(void)
{
	char text[16];
	int err = proc_read(kept.path, text, sizeof(text));

	return err ? err : *text == 't' || *text == '1';
}

int demotion_on(const char **ret_at)
{
	int now = demotion_read();

	*ret_at = kept.path;
	if (now)
		return now < 0 ? now : 0;
	return kept_set(&kept, "true\n", ret_at);
}

int demotion_restore(const char **ret_at)
{
	return kept_restore(&kept, ret_at);
}

bool demotion_saves(void)
{
	char text[1024];
	const char *first;

	if (proc_read("/proc/swaps", text, sizeof(text)))
		return false;
	first = strchr(text, '\n');	/* behind the heading */
	return first && first[1];
}
