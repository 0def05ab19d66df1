/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check.h -- what must hold before a device can become RAM. */
#ifndef RAMIFY_LIB_CHECK_H
#define RAMIFY_LIB_CHECK_H

#include "add_plan.h"

/* Each 0, or an errno and a message. They read the plan's target and options. */
int check_mode(struct ramify *ctx, const struct add_plan *plan);
int check_node(struct ramify *ctx, struct add_plan *plan);
int check_bad(struct ramify *ctx, const struct add_plan *plan);
int check_memmap(struct ramify *ctx, const struct add_plan *plan);
int check_ratio(struct ramify *ctx, struct add_plan *plan);
/* A range to leave out that touches nothing of the device is a mistake: -ERANGE. */
int check_skip(struct ramify *ctx, const struct ramify_device *dev,
	       const struct ramify_extent *skip, size_t n_skip);
int check_stock(struct ramify *ctx, struct add_plan *plan);

/* Adds a line that the user should read. */
void add_plan_warn(struct add_plan *plan, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
