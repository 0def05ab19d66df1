/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conf.h -- ramifyd.conf, and policies in policy.d beside it: for the daemon, and `ramify run`. */
#ifndef RAMIFY_CONF_CONF_H
#define RAMIFY_CONF_CONF_H

#include <stdbool.h>

#include "core/policy.h"

#define CONF_PATH "/etc/ramify/ramifyd.conf"

/** A line of a section that is no policy's. */
struct conf_line {
	const char *section, *key, *value;
	const char *file;
	unsigned int line;
};

/** -ENOENT: there is no such section. Else 0 or what conf_fail() returned. */
typedef int (*conf_fn)(void *arg, const struct conf_line *line, struct policy_error *error);

struct conf {
	struct policies *policies;	/* are added to; to be freed also on failure */
	conf_fn other;
	void *arg;
	struct policy_error *error;
};

/** What is wrong with a line. -EINVAL. */
int conf_fail(struct policy_error *error, const char *file, unsigned int line, const char *format,
	      ...) __attribute__((format(printf, 4, 5)));

/** One file's text; @file is its name in messages. -EINVAL, -EEXIST, -E2BIG, -ENOMEM; the error
 *  is set. */
int conf_text(const struct conf *conf, const char *text, const char *file);

/** @path, which may be missing if @optional; then policy.d/<name>.conf in the folder that it is
 *  in, by name. As conf_text(), and -ENOENT, -EACCES, ... */
int conf_load(const struct conf *conf, const char *path, bool optional);

/** The folder of policies beside @path. -ENAMETOOLONG. */
int conf_folder(const char *path, char *buf, size_t size);

#endif
