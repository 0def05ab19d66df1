/* SPDX-License-Identifier: GPL-2.0-or-later */
/* advice.h -- what a program said of its own memory: where ranges of it belong. */
#ifndef RAMIFYD_ADVICE_H
#define RAMIFYD_ADVICE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/policy.h"

#define ADVICE_MAX 4096		/* ranges of one process */

/** In order of address, apart. Starts out zeroed. */
struct advice {
	struct advice_range {
		uint64_t start, end;
		enum policy_tier tier;	/* FAST or SLOW */
	} *items;
	size_t n, size;
	uint64_t image;		/* of the program that said it */
};

/** From now on; AUTO takes back what was said. -E2BIG, -ENOMEM: all is as before. */
int advice_set(struct advice *advice, uint64_t start, uint64_t end, enum policy_tier tier);
/** What was said of @at, the same up to *@end, which is only ever moved down. NULL: nothing was. */
enum policy_tier advice_at(const struct advice *advice, uint64_t at, uint64_t *end);
void advice_clear(struct advice *advice);

/** What changes when a process executes another program, of /proc/PID/stat. -ESRCH, -EPROTO. */
int advice_image(pid_t pid, uint64_t *ret_image);
int advice_image_parse(const char *stat, uint64_t *ret_image);

#endif
