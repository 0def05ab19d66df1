// SPDX-License-Identifier: GPL-2.0-only
/* tier.c -- memory types: which tier a node with our memory belongs to. */

#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/slab.h>

#include "../compat.h"
#include "tier.h"

/* Five times DRAM's, as the kernel's own default for memory on the DAX bus. */
#define ADISTANCE_SLOW (MEMTIER_ADISTANCE_DRAM * 5)

/*
 * How often we say that the node has its type from us. Stock kmem, as it goes, takes back one
 * that it may never have given (clear_node_memory_type(node, NULL), 6.12), and with the last one
 * the kernel forgets the type, even of memory that is online.
 */
#define GIVEN_TIMES 1000

/* A node that has its type from us. */
struct tier_node {
	struct list_head entry;
	struct memory_dev_type *type;	/* of this node alone */
	int node;
	unsigned int users;
};

static LIST_HEAD(nodes);
static DEFINE_MUTEX(tier_lock);

static struct tier_node *node_find(int node)
{
	struct tier_node *n;

	list_for_each_entry(n, &nodes, entry)
		if (n->node == node)
			return n;
	return NULL;
}

/* The kernel does not tell; but for as long as it has the type it holds a reference. */
static bool node_has_type(const struct tier_node *n)
{
	return kref_read(&n->type->kref) > 1;
}

/*
 * The kernel lets the type of a node go with whoever gave it, even while there is memory of
 * somebody else, and stumbles over the type that is missing when that memory goes. So it is
 * left there until the node has no memory at all and is offline.
 */
static void node_settle(struct tier_node *n)
{
	if (n->users || node_online(n->node))
		return;
	while (node_has_type(n))
		clear_node_memory_type(n->node, n->type);
	compat_put_memory_type(n->type);
	list_del(&n->entry);
	kfree(n);
}

static int adistance_of(int node, int adistance)
{
	if (!adistance) {
		adistance = ADISTANCE_SLOW;
		compat_calc_adistance(node, &adistance);
	}
	return adistance;
}

/* -EEXIST: the node has a type already, of somebody else. */
static int node_give_type(struct tier_node *n)
{
	int i;

	init_node_memory_type(n->node, n->type);
	if (!node_has_type(n))
		return -EEXIST;
	for (i = 1; i < GIVEN_TIMES; i++)
		init_node_memory_type(n->node, n->type);
	return 0;
}

static int node_create(int node, int adistance, struct tier_node **ret_n)
{
	struct tier_node *n = kzalloc(sizeof(*n), GFP_KERNEL);
	int err;

	if (!n)
		return -ENOMEM;
	n->node = node;
	n->type = alloc_memory_type(adistance_of(node, adistance));
	if (IS_ERR(n->type)) {
		err = PTR_ERR(n->type);
		goto free_node;
	}
	err = node_give_type(n);
	if (err)
		goto put_type;
	list_add(&n->entry, &nodes);
	*ret_n = n;
	return 0;
put_type:
	compat_put_memory_type(n->type);
free_node:
	kfree(n);
	return err;
}

static int join_locked(int node, int adistance, int *ret_adistance)
{
	struct tier_node *n = node_find(node);
	int err = 0;

	if (n) {
		node_settle(n);
		n = node_find(node);
	}
	if (!n)
		err = node_create(node, adistance, &n);
	else if (adistance && adistance != n->type->adistance)
		err = -EEXIST;
	if (err && err != -EEXIST)
		return err;
	*ret_adistance = err ? 0 : n->type->adistance;
	if (!err)
		n->users++;
	return 0;
}

int tier_join(int node, int adistance, int *ret_adistance)
{
	int err;

	mutex_lock(&tier_lock);
	err = join_locked(node, adistance, ret_adistance);
	mutex_unlock(&tier_lock);
	return err;
}

void tier_leave(int node)
{
	struct tier_node *n;

	mutex_lock(&tier_lock);
	n = node_find(node);
	n->users--;
	node_settle(n);
	mutex_unlock(&tier_lock);
}

/* A node that still has somebody else's memory keeps its type, with the kernel's reference. */
void tier_exit(void)
{
	struct tier_node *n, *next;

	list_for_each_entry_safe(n, next, &nodes, entry) {
		if (node_online(n->node)) {
			compat_put_memory_type(n->type);
			kfree(n);
		} else {
			node_settle(n);
		}
	}
}
