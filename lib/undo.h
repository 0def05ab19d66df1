/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* undo.h -- the steps of an add, taken back in reverse. */
#ifndef RAMIFY_LIB_UNDO_H
#define RAMIFY_LIB_UNDO_H

#include "namespace.h"
#include "op.h"
#include "add_plan.h"

/* In the order in which an add reaches them. */
enum add_step {
	ADD_NOTHING,
	ADD_CONVERTED,		/* the namespace is devdax */
	ADD_RECORDED,		/* there is a record, and maybe a mark */
	ADD_UNBOUND,		/* its driver was taken from it */
	ADD_ADDED,		/* its memory is the kernel's */
};

struct add {
	struct op op;
	struct add_plan plan;
	struct state state;
	enum add_step step;		/* the last that may have happened */
	struct namespace_form before;
	bool kept;			/* the label says what it is for; before it said */
	struct intent label_before;
};

/* Takes back all steps, whatever the caller wants now. The message stays @err's, with
 * the state that things are now in. Returns @err. */
int add_undo(struct add *add, int err);

#endif
