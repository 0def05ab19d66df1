// SPDX-License-Identifier: GPL-2.0-only
/* gate.c -- the gate: which of our memory blocks may go online, and in which zone. */

#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../compat.h"
#include "gate.h"

/*
 * A spinlock, as the notifier runs under the memory hot-plug locks, which add_memory()
 * and remove_memory() take themselves.
 */
static DEFINE_SPINLOCK(holdings_lock);
static LIST_HEAD(holdings);
static DECLARE_WAIT_QUEUE_HEAD(settled);

static bool holding_covers(const struct holding *h, u64 addr)
{
	unsigned int i;

	for (i = 0; i < h->nr_ranges; i++)
		if (addr >= h->ranges[i].span.start && addr <= h->ranges[i].span.end)
			return true;
	return false;
}

static struct holding *holding_at(u64 addr)
{
	struct holding *h;

	list_for_each_entry(h, &holdings, entry)
		if (holding_covers(h, addr))
			return h;
	return NULL;
}

/* At MEM_GOING_ONLINE the pages are already in the zone that they will be online in. */
static bool zone_fits(enum zone_gate gate, unsigned long pfn)
{
	bool movable = page_zonenum(pfn_to_page(pfn)) == ZONE_MOVABLE;

	return gate != GATE_NONE && movable == (gate == GATE_MOVABLE);
}

static int going_online(struct holding *h, unsigned long pfn)
{
	if (zone_fits(h->gate, pfn)) {
		h->onlining_pfn = pfn;
		return NOTIFY_OK;
	}
	/* While it is added, auto-online knocks once a block: no news. */
	if (h->phase == HOLDING_PRESENT)
		pr_notice_ratelimited("%s: memory block %lu stays offline: it may go online in zone %s only\n",
				      h->owner, pfn / PHYS_PFN(memory_block_size_bytes()),
				      zone_gate_name(h->gate));
	return notifier_from_errno(-EPERM);
}

/*
 * As a node gets its first memory or loses its last, the kernel's memory tiers wait for grace
 * periods, in a notifier between the two of ours: so these are hastened, if the memory is ours.
 * The lock of memory hot-plug is held from the first notifier to the last.
 */
static bool hastened;

static int haste_begin(struct notifier_block *nb, unsigned long action, void *arg)
{
	const struct memory_notify *mem = arg;
	bool ours;

	if (hastened || (action != MEM_ONLINE && action != MEM_OFFLINE))
		return NOTIFY_DONE;
	spin_lock(&holdings_lock);
	ours = holding_at(PFN_PHYS(mem->start_pfn));
	spin_unlock(&holdings_lock);
	if (ours)
		rcu_expedite_gp();
	hastened = ours;
	return NOTIFY_DONE;
}

static void haste_end(void)
{
	if (hastened)
		rcu_unexpedite_gp();
	hastened = false;
}

static int gate_notify(struct notifier_block *nb, unsigned long action, void *arg)
{
	const struct memory_notify *mem = arg;
	int ret = NOTIFY_DONE;
	struct holding *h;

	haste_end();
	if (action != MEM_GOING_ONLINE && action != MEM_ONLINE && action != MEM_CANCEL_ONLINE)
		return ret;
	spin_lock(&holdings_lock);
	h = holding_at(PFN_PHYS(mem->start_pfn));
	if (h && action == MEM_GOING_ONLINE)
		ret = going_online(h, mem->start_pfn);
	else if (h && h->onlining_pfn == mem->start_pfn)
		h->onlining_pfn = 0;
	spin_unlock(&holdings_lock);
	wake_up_all(&settled);
	return ret;
}

static struct notifier_block early_notifier = {
	.notifier_call = haste_begin,
	.priority = INT_MAX,
};
static struct notifier_block gate_notifier = { .notifier_call = gate_notify };

int gate_init(void)
{
	int err = register_memory_notifier(&early_notifier);

	if (err)
		return err;
	err = register_memory_notifier(&gate_notifier);
	if (err)
		unregister_memory_notifier(&early_notifier);
	return err;
}

void gate_exit(void)
{
	unregister_memory_notifier(&early_notifier);
	unregister_memory_notifier(&gate_notifier);
	haste_end();
}

void gate_enter(struct holding *h)
{
	spin_lock(&holdings_lock);
	list_add_tail(&h->entry, &holdings);
	spin_unlock(&holdings_lock);
}

void gate_leave(struct holding *h)
{
	spin_lock(&holdings_lock);
	list_del_init(&h->entry);
	spin_unlock(&holdings_lock);
}

void gate_open(struct holding *h, enum zone_gate zone)
{
	spin_lock(&holdings_lock);
	h->gate = zone;
	spin_unlock(&holdings_lock);
}

static bool is_settled(struct holding *h)
{
	bool yes;

	spin_lock(&holdings_lock);
	yes = !h->onlining_pfn;
	spin_unlock(&holdings_lock);
	return yes;
}

void gate_shut(struct holding *h)
{
	gate_open(h, GATE_NONE);
	wait_event(settled, is_settled(h));
}

void gate_visit(gate_visit_fn fn, void *arg)
{
	struct holding *h;

	spin_lock(&holdings_lock);
	list_for_each_entry(h, &holdings, entry)
		if (fn(h, arg))
			break;
	spin_unlock(&holdings_lock);
}
