/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reply.h -- an answer in HTTP, taken apart. */
#ifndef RAMIFY_LIB_REPLY_H
#define RAMIFY_LIB_REPLY_H

#include <stddef.h>

/** All of an answer to a request of HTTP/1.0: so its body is never in chunks. @ret_body points
 *  into @text. -EPROTO: it is none, or its end is missing. */
int reply_parse(const char *text, size_t len, unsigned int *ret_status, const char **ret_body,
		size_t *ret_body_len);

#endif
