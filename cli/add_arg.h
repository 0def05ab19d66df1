/* SPDX-License-Identifier: GPL-2.0-or-later */
/* add_arg.h -- the options that say how memory becomes RAM, for add and keep. */
#ifndef RAMIFY_CLI_ADD_ARG_H
#define RAMIFY_CLI_ADD_ARG_H

#include <ramify.h>

/* For getopt_long(); a command's own follow. */
enum add_arg_option {
	ADD_ARG_ZONE = 256, ADD_ARG_NODE, ADD_ARG_MEMMAP, ADD_ARG_ADISTANCE, ADD_ARG_RATIO,
	ADD_ARG_SCRUB, ADD_ARG_DRIVER, ADD_ARG_SKIP, ADD_ARG_LAST,
};

struct add_arg {
	struct ramify_add_options options;	/* from RAMIFY_ADD_DEFAULTS */
	struct ramify_extent *skip;
};

/* -EINVAL, and what is wrong on stderr; also for what is no option of these. */
int add_arg_take(const char *title, int c, const char *text, struct add_arg *arg);
void add_arg_free(struct add_arg *arg);

#endif
