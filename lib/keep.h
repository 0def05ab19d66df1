/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* keep.h -- what a device is for goes into its label, or into a file. */
#ifndef RAMIFY_LIB_KEEP_H
#define RAMIFY_LIB_KEEP_H

#include "entry.h"
#include "op.h"
#include "target.h"

/* What an add will do, as an intent for @target. */
void keep_intent(const struct target *target, const struct ramify_add_options *options,
		 struct intent *ret_intent);

/* Is there a label that is ours to write, and does all of it fit? */
bool keep_fits_label(struct ramify *ctx, const struct target *target, const struct intent *intent,
		     size_t n_skip);

/* In place of the one file that is about the device, if there is one. -ENOTUNIQ two. */
int keep_in_file(struct ramify *ctx, const struct target *target, const struct intent *intent,
		 const struct ramify_extent *skip, size_t n_skip, bool to_label,
		 char file[ENTRY_NAME_SIZE]);

/* Into the label, whose namespace nobody uses; a file about it goes. */
int keep_in_label(struct op *op, struct target *target, const struct intent *intent);

/* RAM, open or mapped: its label cannot be written now. */
bool keep_is_used(struct ramify *ctx, const struct target *target);

/* Finds the device and takes its lock, as root only. */
int keep_begin(struct ramify *ctx, const char *device, char key[128], int *ret_lock);

/* Removes what files say about the device. */
int keep_drop_files(struct ramify *ctx, const struct target *target, size_t *ret_n);

#endif
