/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arg.h -- arguments that are numbers, ranges or device names. */
#ifndef RAMIFY_CLI_ARG_H
#define RAMIFY_CLI_ARG_H

#include <ramify.h>

/* Strict: decimal, or hexadecimal after 0x. Each says on stderr what is wrong, after
 * @title, the command's; -EINVAL. */
int arg_u64(const char *title, const char *option, const char *text, uint64_t most,
	    uint64_t *ret_value);
/* "START-END[,START-END]...", both inclusive. The caller frees *ret_ranges. */
int arg_ranges(const char *title, const char *option, const char *text,
	       struct ramify_extent **ret_ranges, size_t *ret_n);

/* 0: all are there, and each is another device; -EINVAL twice the same; else as
 * ramify_find_device(), with its message in the context. */
int arg_devices(const char *title, struct ramify *ctx, int n, char **names);

#endif
