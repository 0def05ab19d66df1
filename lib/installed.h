/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* installed.h -- modules as they are on the disk, for the kernel that runs. */
#ifndef RAMIFY_LIB_INSTALLED_H
#define RAMIFY_LIB_INSTALLED_H

#include "context.h"

struct installed {
	bool found, is_signed;
	char version[32];		/* "" if it has none */
	char signer[128];		/* the name on the certificate; "" not told */
};

/* -ENOMEM. */
int installed_find(struct ramify *ctx, const char *release, const char *module,
		   struct installed *ret_installed);

/* By modprobe.d: then it is loaded by its own name only. -ENOMEM. */
int installed_blacklisted(struct ramify *ctx, const char *release, const char *module,
			  bool *ret_blacklisted);

#endif
