// SPDX-License-Identifier: GPL-2.0-only
/* tier.c -- memory types: which tier a node with our memory belongs to. */

#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "../compat.h"
#include "tier.h"

/* Five times DRAM's, as the kernel's own default for memory on the DAX bus. */
#define ADISTANCE_SLOW (MEMTIER_ADISTANCE_DRAM * 5)

struct tier_type {
	struct list_head entry;
	struct memory_dev_type *type;
};

/* One type a distance: a node keeps its type for as long as one device there has it. */
static LIST_HEAD(types);
static DEFINE_MUTEX(types_lock);

static int type_create(int adistance, struct memory_dev_type **ret_type)
{
	struct tier_type *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int err;

	if (!t)
		return -ENOMEM;
	t->type = alloc_memory_type(adistance);
	if (IS_ERR(t->type)) {
		err = PTR_ERR(t->type);
		kfree(t);
		return err;
	}
	list_add(&t->entry, &types);
	*ret_type = t->type;
	return 0;
}

int tier_find_type(int node, int adistance, struct memory_dev_type **ret_type)
{
	struct tier_type *t;
	int err = -ENOENT;

	if (!adistance) {
		adistance = ADISTANCE_SLOW;
		compat_calc_adistance(node, &adistance);
	}
	mutex_lock(&types_lock);
	list_for_each_entry(t, &types, entry) {
		if (t->type->adistance != adistance)
			continue;
		*ret_type = t->type;
		err = 0;
		break;
	}
	if (err)
		err = type_create(adistance, ret_type);
	mutex_unlock(&types_lock);
	return err;
}

void tier_exit(void)
{
	struct tier_type *t, *next;

	list_for_each_entry_safe(t, next, &types, entry) {
		compat_put_memory_type(t->type);
		kfree(t);
	}
}
