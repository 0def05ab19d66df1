/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* config.h -- files of [sections] and NAME = VALUE lines: read strictly, errors with their line. */
#ifndef RAMIFY_LIB_CONFIG_H
#define RAMIFY_LIB_CONFIG_H

#include "ramify.h"

struct config_item {
	const char *section;
	const char *name, *value;	/* NULL where a section begins */
	unsigned int line, section_line;
};

/* A failure sets the message to what is wrong; file and line are put before it. */
typedef int (*config_fn)(void *arg, const struct config_item *item);

/* Calls @fn for each section and each value until one fails. @path, below the root, is for messages only. */
int config_parse(struct ramify *ctx, const char *path, const char *text, config_fn fn, void *arg);

/* The same for a file. -ENOENT, without a message; -EBADMSG. */
int config_read(struct ramify *ctx, const char *path, config_fn fn, void *arg);

/* Sets the message "NAME is WANTED, not VALUE", with VALUE fit for a terminal. -EBADMSG. */
int config_wrong(struct ramify *ctx, const struct config_item *item, const char *wanted);

/* The item's value is a range that ends before it starts. -EBADMSG. */
int config_backward(struct ramify *ctx, const struct config_item *item);

#endif
