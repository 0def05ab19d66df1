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

/* A size as libramify takes it; a plain number counts in @unit_bytes. */
int arg_size(const char *title, const char *option, const char *text, uint64_t unit_bytes,
	     struct ramify_size *ret_size);
/* The same, where a share or "all" makes no sense. */
int arg_bytes(const char *title, const char *option, const char *text, uint64_t unit_bytes,
	      uint64_t *ret_bytes);

/* USER[:GROUP], names or numbers; without GROUP the user's own. */
int arg_owner(const char *title, const char *text, uint32_t *ret_uid, uint32_t *ret_gid);
/* Octal, 0 to 0777. */
int arg_mode(const char *title, const char *text, unsigned int *ret_perms);
/* Which of two words it is: 0 or 1. */
int arg_choice(const char *title, const char *option, const char *text, const char *first,
	       const char *second);

/* A command without arguments got one: says so; CMD_USAGE, else 0. */
int arg_none(const char *title, int n, char **arguments);

/* 0: all are there, and each is another device; -EINVAL twice the same; else as
 * ramify_find_device(), with its message in the context. */
int arg_devices(const char *title, struct ramify *ctx, int n, char **names);

#endif
