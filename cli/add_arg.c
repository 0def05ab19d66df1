// SPDX-License-Identifier: GPL-2.0-or-later
/* add_arg.c -- the options that say how memory becomes RAM, for add and keep. */

#include "add_arg.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "arg.h"

static int take_number(const char *title, int c, const char *text,
		       struct ramify_add_options *options)
{
	static const char *const names[] = { "--node", "--adistance", "--ratio" };
	const char *name = names[c == ADD_ARG_NODE ? 0 : c == ADD_ARG_ADISTANCE ? 1 : 2];
	uint64_t value;
	int err = arg_u64(title, name, text, c == ADD_ARG_NODE ? 1023 : INT_MAX, &value);

	if (err)
		return err;
	if (c != ADD_ARG_NODE && !value) {
		fprintf(stderr, "%s: %s is 1 or more\n", title, name);
		return -EINVAL;
	}
	if (c == ADD_ARG_NODE)
		options->node = value;
	else if (c == ADD_ARG_ADISTANCE)
		options->adistance = value;
	else
		options->ratio = value;
	return 0;
}

static int take_word(const char *title, int c, const char *text,
		     struct ramify_add_options *options)
{
	int choice;

	switch (c) {
	case ADD_ARG_ZONE:
		choice = arg_choice(title, "--zone", text, "movable", "kernel");
		options->zone = choice ? RAMIFY_ZONE_KERNEL : RAMIFY_ZONE_MOVABLE;
		break;
	case ADD_ARG_MEMMAP:
		choice = arg_choice(title, "--memmap", text, "dram", "device");
		options->memmap = choice ? RAMIFY_MEMMAP_DEVICE : RAMIFY_MEMMAP_DRAM;
		break;
	default:
		choice = arg_choice(title, "--driver", text, "ramify", "kmem");
		options->stock = choice;
	}
	return choice < 0 ? -EINVAL : 0;
}

static int take_skip(const char *title, const char *text, struct add_arg *arg)
{
	int err;

	free(arg->skip);
	arg->skip = NULL;
	err = arg_ranges(title, "--skip", text, &arg->skip, &arg->options.n_skip);
	arg->options.skip = arg->skip;
	return err;
}

int add_arg_take(const char *title, int c, const char *text, struct add_arg *arg)
{
	switch (c) {
	case ADD_ARG_SCRUB:
		arg->options.scrub = true;
		return 0;
	case ADD_ARG_ZONE:
	case ADD_ARG_MEMMAP:
	case ADD_ARG_DRIVER:
		return take_word(title, c, text, &arg->options);
	case ADD_ARG_NODE:
	case ADD_ARG_ADISTANCE:
	case ADD_ARG_RATIO:
		return take_number(title, c, text, &arg->options);
	case ADD_ARG_SKIP:
		return take_skip(title, text, arg);
	default:
		return -EINVAL;
	}
}

void add_arg_free(struct add_arg *arg)
{
	free(arg->skip);
}
