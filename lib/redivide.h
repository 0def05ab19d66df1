/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* redivide.h -- a region that came back whole is divided as its records say. */
#ifndef RAMIFY_LIB_REDIVIDE_H
#define RAMIFY_LIB_REDIVIDE_H

#include "dir.h"
#include "entry.h"
#include "op.h"

/*
 * The region of the DAX device @dax, if records are about parts of it. @ret_made gets the
 * devices of these parts, whether they were there or are new; none if there is nothing to
 * divide. The caller holds no lock. -ENOTUNIQ records overlap: nothing is done.
 * @dry: only tells by 1 that there is something to do.
 */
int redivide(struct op *op, const char *dax, const struct entry_list *entries, bool dry,
	     struct dir_list *ret_made);

#endif
