/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.h -- what the administrator set: ramifyd.conf, and policies in policy.d beside it. */
#ifndef RAMIFYD_CONFIG_H
#define RAMIFYD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/policy.h"

/*
 *	[global]
 *	period = DURATION	shortest time between two looks		(1s)
 *	period-max = DURATION	longest; beyond it less is looked at	(30s)
 *	budget = PERCENT%	of one processor, for looking		(1%)
 *	rate = SIZE		moved a second, for all			(0: no limit)
 *	headroom = SIZE|PERCENT%  of fast memory that is kept free	(1%)
 *	sampler = auto|NAME						(auto)
 *	numa-balancing = keep|off  the kernel's own, for all		(keep)
 *	demotion = keep|on	the kernel's own, by its reclaim	(keep)
 *	khugepaged = keep|off	the kernel's own, for all		(keep)
 *	dry-run = yes|no						(no)
 *	metrics-listen = ADDRESS:PORT	of this machine itself		(none)
 */
struct config {
	struct policies policies;
	uint64_t period_ns, period_max_ns;
	uint64_t budget_ppm;		/* of one processor */
	uint64_t rate_bytes;
	uint64_t headroom_bytes;	/* or, if that is 0: */
	uint64_t headroom_ppm;
	char sampler[16];		/* "auto" */
	bool numa_balancing_off;
	bool demotion_on;
	bool khugepaged_off;
	bool dry_run;
	char metrics_listen[64];	/* as config_loopback() takes it; "": nowhere */
};

/** No policy, and the defaults. */
struct config config_defaults(void);

/** One file's text; @file is its name in messages. @config stays to be freed on failure.
 *  -EINVAL, -EEXIST, -E2BIG, -ENOMEM; @error is set. */
int config_text(struct config *config, const char *text, const char *file,
		struct policy_error *error);

/**
 * @path, then policy.d/<name>.conf in the folder that it is in, by name. All of it is read
 * and checked before anything of it holds. @path may be missing if @optional. -EINVAL what it
 * says; -ENOENT, -EACCES, ...; -ENOMEM; @error is set.
 */
int config_load(const char *path, bool optional, struct config *ret_config,
		struct policy_error *error);

void config_free(struct config *config);

/** What follows their number. */
static inline const char *config_policies_word(const struct config *config)
{
	return config->policies.n == 1 ? "policy" : "policies";
}

/** "127.0.0.1:9100", "[::1]:9100": an address of this machine itself, and a port. */
int config_loopback(const char *text, struct sockaddr_storage *ret_address);
/** "1.5s", "500ms", "2min" */
int config_duration(const char *text, uint64_t *ret_ns);

#endif
