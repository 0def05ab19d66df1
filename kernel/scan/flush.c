// SPDX-License-Identifier: GPL-2.0-only
/* flush.c -- make every processor forget what it cached of one mm's page tables. */

#include <linux/mm.h>
#include <linux/smp.h>
#include <asm/tlbflush.h>

#include "flush.h"

static void flush_here(void *unused)
{
	__flush_tlb_all();
}

/*
 * flush_tlb_mm_range() is not exported. The generation goes first, as in the kernel's own
 * flushes: a processor that left this mm, and is in its mask no more, compares generations when
 * it comes back, and flushes then. Those in the mask are told now. They learn nothing of the new
 * generation, and so flush once more than needed some time later.
 */
void flush_mm(struct mm_struct *mm)
{
	atomic64_inc(&mm->context.tlb_gen);
	smp_mb__after_atomic();
	on_each_cpu_mask(mm_cpumask(mm), flush_here, NULL, true);
}
