/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change.h -- add and remove, for who holds the device's lock already. */
#ifndef RAMIFY_LIB_CHANGE_H
#define RAMIFY_LIB_CHANGE_H

#include "op.h"

/* @key: target_key() of the device. Else as the public functions without "target". */
int add_plan_target(struct ramify *ctx, const char *key, const struct ramify_add_options *options,
		    struct ramify_add_plan **ret_plan);
int add_target(struct op *op, const char *key, const struct ramify_add_options *options);
int remove_target(struct op *op, const char *key, const struct ramify_remove_options *options);

#endif
