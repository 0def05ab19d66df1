/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* keys.h -- the keys whose certificates the kernel has, as far as /proc/keys tells. */
#ifndef RAMIFY_LIB_KEYS_H
#define RAMIFY_LIB_KEYS_H

#include "ramify.h"

struct keys {
	unsigned int n;			/* certificates, 0 if none are told */
	bool has_signer;
};

/* By the name on the certificate, as a module tells its signer. -EBADMSG with a message. */
int keys_find(struct ramify *ctx, const char *signer, struct keys *ret_keys);

/* The name on the certificate that a line of /proc/keys is about: "NAME" or "FIRM: NAME".
 * Cuts @line. NULL: it is about something else. */
const char *keys_subject(char *line);

#endif
