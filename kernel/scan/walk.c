// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk.c -- read and clear accessed bits, and pass by what an upper level's bit shows to be idle.
 *
 * An entry that points to a table has its bit clear only after everything in that table was seen
 * to be clear; hardware sets it again on the way to any page below. To keep that true, the upper
 * bit is cleared before the table is read, and put back if something in it was set. So a busy
 * subtree is looked at, once more when it fell idle, and then never again until it is touched.
 * With page-table isolation user space has a top level of its own: that level is not used.
 *
 * The mmap lock is held for reading. It keeps the tables of every existing VMA, except that
 * - the kernel replaces a table of the lowest level by a huge page of a file, with that table's
 *   lock held, and frees it after a grace period;
 * - huge_pmd_unshare() drops a table that hugetlb mappings share, with i_mmap_rwsem written.
 * Entries that point to tables do not change otherwise, so that their bits are changed atomically
 * and without a lock; those that map pages, with the lock of their table.
 */

#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page_idle.h>
#include <linux/pagemap.h>
#include <linux/swap.h>

#include "flush.h"
#include "walk.h"

/* A unit is about what one entry costs; 32 full tables a slice stay far below a millisecond. */
#define SLICE_UNITS (32 * PTRS_PER_PTE)
#define VMA_UNITS 32
/* A page goes onto reclaim's other list. */
#define TELL_UNITS 54
#define PUD_UNITS 4

/* Newer kernels have two. */
#ifndef _PAGE_DIRTY_BITS
#define _PAGE_DIRTY_BITS _PAGE_DIRTY
#endif

#define PRESENT_BITS (_PAGE_PRESENT | _PAGE_PROTNONE)

static bool may_go_on(const struct walk *w)
{
	return w->budget > 0 && runs_room(w->runs);
}

/* All of [w->addr, end) is alike. */
static void pass(struct walk *w, unsigned long end, u64 bits)
{
	runs_add(w->runs, w->addr, bits);
	w->addr = end;
}

static bool clears(const struct walk *w)
{
	return !(w->flags & RAMIFY_SCAN_PEEK);
}

static bool skips(const struct walk *w)
{
	return !(w->flags & RAMIFY_SCAN_FULL);
}

/* Reading every page's struct page would cost a cache line each; nodes change by the section. */
static u64 node_of(struct walk *w, unsigned long pfn)
{
	unsigned long first;

	if (likely(pfn >= w->pfn_start && pfn < w->pfn_end))
		return w->nid;
	w->nid = page_to_nid(pfn_to_page(pfn));
	w->pfn_start = w->pfn_end = 0;
	first = round_down(pfn, PAGES_PER_SECTION);
	if (page_to_nid(pfn_to_page(first)) == w->nid &&
	    page_to_nid(pfn_to_page(first + PAGES_PER_SECTION - 1)) == w->nid) {
		w->pfn_start = first;
		w->pfn_end = first + PAGES_PER_SECTION;
	}
	return w->nid;
}

/*
 * Reclaim looks for the bit that is cleared here: leave it word. Where the kernel has a flag for
 * that, it counts like the bit itself.
 */
static inline void tell_reclaim(struct walk *w, struct page *page)
{
#ifdef CONFIG_PAGE_IDLE_FLAG
	const unsigned long told = BIT(PG_young);
#else
	const unsigned long told = BIT(PG_referenced) | BIT(PG_active);
#endif
	struct folio *folio = page_folio(page);

	/* Mostly it was told before, and nobody looked since. */
	if (likely((READ_ONCE(folio->flags) & told) == told))
		return;
#ifdef CONFIG_PAGE_IDLE_FLAG
	folio_set_young(folio);
#else
	folio_mark_accessed(folio);
	w->budget -= TELL_UNITS;
#endif
}

static inline u64 bits_of(struct walk *w, unsigned long flags, unsigned long pfn)
{
	u64 bits = RAMIFY_RUN_PRESENT | node_of(w, pfn);

	if (flags & _PAGE_ACCESSED)
		bits |= RAMIFY_RUN_ACCESSED;
	/* All levels have the same bits, of which newer kernels use two. */
	if (pte_dirty(native_make_pte(flags)))
		bits |= RAMIFY_RUN_DIRTY;
	return bits;
}

/* --- the lowest level --- */

struct table_seen {
	unsigned int present;
	unsigned int accessed;
	bool protected; /* a page was: flush before the lock is dropped */
};

static bool watches(const struct walk *w)
{
	return w->watch_every && (w->addr >> PMD_SHIFT) % w->watch_every == w->watch_phase;
}

/*
 * Was it written since it was last here? Then write-protect it, as clear_refs does: the dirty bit
 * stays, so that no data is ever lost. Only for anonymous memory, which knows how to be writable
 * again; a page that a device may write to is left alone.
 */
static u64 watch_page(struct walk *w, pte_t *pte, unsigned long addr, pte_t val, u64 bits,
		      struct table_seen *seen)
{
	struct folio *folio = page_folio(pfn_to_page(pte_pfn(val)));
	pte_t old;

	if (!folio_test_anon(folio) || folio_maybe_dma_pinned(folio))
		return bits;
	bits &= ~RAMIFY_RUN_DIRTY;
	bits |= RAMIFY_RUN_WATCHED;
	if (pte_soft_dirty(val))
		bits |= RAMIFY_RUN_DIRTY;
	if (!pte_soft_dirty(val) && !pte_write(val))
		return bits;
	old = ptep_modify_prot_start(w->vma, addr, pte);
	ptep_modify_prot_commit(w->vma, addr, pte, old,
				pte_clear_soft_dirty(pte_wrprotect(old)));
	seen->protected = true;
	return bits;
}

/* Pages that are alike, from one on: what to tell of them, and how to know the next one. */
struct stretch {
	u64 bits;
	pteval_t like;
	pteval_t mask; /* of what must be equal */
};

/* Never found in a table: a stretch of one page. */
#define LIKE_NONE (PRESENT_BITS | _PAGE_SPECIAL | _PAGE_DEVMAP)
#define ALIKE_BITS (LIKE_NONE | _PAGE_ACCESSED | _PAGE_DIRTY_BITS)
/* Frames of one section are on one node, but for those that node_of() finds are not. */
#define SECTION_BITS (PTE_PFN_MASK & ~((1ULL << SECTION_SIZE_BITS) - 1))

static struct stretch stretch_of(struct walk *w, pte_t *pte, unsigned long addr, pte_t val,
				 struct table_seen *seen)
{
	unsigned long flags = pte_flags(val), pfn = pte_pfn(val);
	struct stretch s = {.like = LIKE_NONE, .mask = ALIKE_BITS};

	if (!(flags & PRESENT_BITS)) {
		/* The other bits of an absent page mean something else. */
		s.like = 0;
		s.mask = PRESENT_BITS;
		return s;
	}
	if (unlikely(flags & (_PAGE_SPECIAL | _PAGE_DEVMAP))) {
		s.bits = RAMIFY_RUN_SPECIAL;
		return s;
	}
	s.bits = bits_of(w, flags, pfn);
	if (unlikely(watches(w)))
		s.bits = watch_page(w, pte, addr, val, s.bits, seen);
	else if (likely(flags & _PAGE_PRESENT && w->pfn_end)) {
		s.like = native_pte_val(val);
		s.mask |= SECTION_BITS;
	}
	return s;
}

static inline bool alike(const struct stretch *s, pte_t val)
{
	return !((native_pte_val(val) ^ s->like) & s->mask);
}

/* Both return where the stretch ends that begins at @pte. They are the cost of a look. */
static pte_t *pass_stretch(pte_t *pte, const pte_t *end, struct stretch s)
{
	do
		pte++;
	while (pte != end && alike(&s, READ_ONCE(*pte)));
	return pte;
}

static pte_t *clear_stretch(struct walk *w, pte_t *pte, const pte_t *end, pte_t val,
			    struct stretch s)
{
	/* Equal in all of the stretch, but for the frame. */
	bool inverted = !(pte_flags(val) & _PAGE_PRESENT);

	do {
		unsigned long pfn = native_pte_val(val) & PTE_PFN_MASK;

		clear_bit(_PAGE_BIT_ACCESSED, (unsigned long *)&pte->pte);
		pfn = unlikely(inverted) ? pte_pfn(val) : pfn >> PAGE_SHIFT;
		tell_reclaim(w, pfn_to_page(pfn));
		if (++pte == end)
			break;
		val = READ_ONCE(*pte);
	} while (alike(&s, val));
	return pte;
}

static struct table_seen read_ptes(struct walk *w, pte_t *pte, unsigned long addr,
				   unsigned long end)
{
	const pte_t *last = pte + ((end - addr) >> PAGE_SHIFT);
	struct table_seen seen = {};
	bool clear = clears(w);

	while (pte != last) {
		pte_t val = READ_ONCE(*pte), *first = pte;
		struct stretch s = stretch_of(w, pte, addr, val, &seen);
		unsigned int pages;

		runs_add(w->runs, addr, s.bits);
		if (clear && s.bits & RAMIFY_RUN_ACCESSED)
			pte = clear_stretch(w, pte, last, val, s);
		else
			pte = pass_stretch(pte, last, s);
		pages = pte - first;
		addr += pages * PAGE_SIZE;
		seen.present += s.bits & RAMIFY_RUN_PRESENT ? pages : 0;
		seen.accessed += s.bits & RAMIFY_RUN_ACCESSED ? pages : 0;
	}
	return seen;
}

static bool same_table(pmd_t a, pmd_t b)
{
	return !((pmd_val(a) ^ pmd_val(b)) & ~(pmdval_t)(_PAGE_ACCESSED | _PAGE_DIRTY));
}

/* False if the entry points to that table no more. */
static bool read_table(struct walk *w, pmd_t *pmd, pmd_t val, unsigned long end)
{
	unsigned long *word = (unsigned long *)pmd;
	bool whole = end - w->addr == PMD_SIZE && clears(w);
	struct table_seen seen;
	spinlock_t *ptl;

	rcu_read_lock();
	ptl = pte_lockptr(w->mm, &val);
	spin_lock(ptl);
	if (unlikely(!same_table(val, READ_ONCE(*pmd)))) {
		spin_unlock(ptl);
		rcu_read_unlock();
		return false;
	}
	if (whole)
		clear_bit(_PAGE_BIT_ACCESSED, word);
	seen = read_ptes(w, pte_offset_kernel(&val, w->addr), w->addr, end);
	if (whole && seen.accessed)
		set_bit(_PAGE_BIT_ACCESSED, word);
	/* Who finds a page write-protected, with the lock, must find that nobody can write to it. */
	if (seen.protected)
		flush_mm(w->mm);
	spin_unlock(ptl);
	rcu_read_unlock();

	w->cleared |= clears(w);
	w->present_pages += seen.present;
	w->accessed_pages += seen.accessed;
	w->tables++;
	w->budget -= PTRS_PER_PTE;
	w->addr = end;
	return true;
}

/* --- huge pages --- */

/* Of anonymous memory, the huge zero page alone belongs to nothing. */
static bool is_mapped_page(struct page *page)
{
	return READ_ONCE(compound_head(page)->mapping);
}

/* An entry that maps [w->addr, end) as part of one page, its table locked. */
static void read_huge(struct walk *w, unsigned long *word, unsigned long flags,
		      unsigned long pfn, unsigned long end, u64 size_bit)
{
	struct page *page = pfn_to_page(pfn);
	bool hugetlb = is_vm_hugetlb_page(w->vma);
	unsigned long pages = (end - w->addr) >> PAGE_SHIFT;
	u64 bits;

	w->budget -= 16;
	if ((flags & _PAGE_DEVMAP) || (!hugetlb && !is_mapped_page(page))) {
		pass(w, end, RAMIFY_RUN_SPECIAL);
		return;
	}
	bits = bits_of(w, flags, pfn) | size_bit;
	if (hugetlb)
		bits |= RAMIFY_RUN_HUGETLB;
	pass(w, end, bits);
	w->present_pages += pages;
	if (!(flags & _PAGE_ACCESSED))
		return;
	w->accessed_pages += pages;
	if (!clears(w))
		return;
	clear_bit(_PAGE_BIT_ACCESSED, word);
	w->cleared = true;
	if (!hugetlb)
		tell_reclaim(w, page);
}

/* False if it maps a huge page no more. */
static bool read_huge_pmd(struct walk *w, pmd_t *pmd, unsigned long end)
{
	spinlock_t *ptl = pmd_lock(w->mm, pmd);
	pmd_t val = READ_ONCE(*pmd);
	bool huge = pmd_present(val) && pmd_leaf(val);

	if (huge)
		read_huge(w, (unsigned long *)pmd, pmd_flags(val), pmd_pfn(val), end,
			  RAMIFY_RUN_HUGE);
	spin_unlock(ptl);
	return huge;
}

static bool read_huge_pud(struct walk *w, pud_t *pud, unsigned long end)
{
	spinlock_t *ptl = pud_lock(w->mm, pud);
	pud_t val = READ_ONCE(*pud);
	bool huge = pud_present(val) && pud_leaf(val);

	if (huge)
		read_huge(w, (unsigned long *)pud, pud_flags(val), pud_pfn(val), end,
			  RAMIFY_RUN_GIGANTIC);
	spin_unlock(ptl);
	return huge;
}

/* --- upper levels --- */

static void walk_pmd(struct walk *w, pmd_t *pmd, unsigned long end)
{
	pmd_t val;

	w->budget--;
	for (;;) {
		val = READ_ONCE(*pmd);
		if (pmd_none(val) || !pmd_present(val)) {
			pass(w, end, 0);
			return;
		}
		if (pmd_leaf(val)) {
			if (read_huge_pmd(w, pmd, end))
				return;
			continue;
		}
		if (unlikely(pmd_bad(val))) {
			pass(w, end, RAMIFY_RUN_SPECIAL);
			return;
		}
		if (skips(w) && !pmd_young(val)) {
			pass(w, end, RAMIFY_RUN_IDLE);
			return;
		}
		if (read_table(w, pmd, val, end))
			return;
	}
}

/* Is everything below this entry known to be idle, by now? */
static bool settle_pud(struct walk *w, pud_t *pud)
{
	unsigned long *word = (unsigned long *)pud;
	pmd_t *pmd = pmd_offset(pud, 0);
	int i;

	if (!skips(w))
		return false;
	if (!pud_young(READ_ONCE(*pud)))
		return true;
	if (!clears(w))
		return false;
	clear_bit(_PAGE_BIT_ACCESSED, word);
	/* The store must not wait while the loads below go ahead; an atomic operation is a barrier. */
	smp_mb__after_atomic();
	for (i = 0; i < PTRS_PER_PMD; i++) {
		pmd_t val = READ_ONCE(pmd[i]);

		if (pmd_present(val) && pmd_young(val)) {
			set_bit(_PAGE_BIT_ACCESSED, word);
			break;
		}
	}
	w->budget -= i / 4;
	w->cleared = true;
	return i == PTRS_PER_PMD;
}

static void walk_pud(struct walk *w, pud_t *pud, unsigned long end)
{
	pud_t val = READ_ONCE(*pud);
	pmd_t *pmd;

	w->budget -= PUD_UNITS;
	if (pud_present(val) && pud_leaf(val) && is_vm_hugetlb_page(w->vma) &&
	    read_huge_pud(w, pud, end))
		return;
	if (pud_none(val) || !pud_present(val)) {
		pass(w, end, 0);
		return;
	}
	if (pud_leaf(val) || pud_bad(val)) {
		pass(w, end, RAMIFY_RUN_SPECIAL);
		return;
	}
	if (settle_pud(w, pud)) {
		pass(w, end, RAMIFY_RUN_IDLE);
		return;
	}
	pmd = pmd_offset(pud, w->addr);
	for (; w->addr < end && may_go_on(w); pmd++)
		walk_pmd(w, pmd, pmd_addr_end(w->addr, end));
}

/* The entry for w->addr at the third level; NULL if a level above is empty up to *ret_end. */
static pud_t *find_pud(struct walk *w, unsigned long end, unsigned long *ret_end)
{
	pgd_t *pgd = pgd_offset(w->mm, w->addr);
	p4d_t *p4d;

	if (pgd_none(*pgd) || unlikely(pgd_bad(*pgd))) {
		*ret_end = pgd_addr_end(w->addr, end);
		return NULL;
	}
	p4d = p4d_offset(pgd, w->addr);
	if (p4d_none(*p4d) || unlikely(p4d_bad(*p4d))) {
		*ret_end = p4d_addr_end(w->addr, end);
		return NULL;
	}
	*ret_end = pud_addr_end(w->addr, end);
	return pud_offset(p4d, w->addr);
}

static void walk_tables(struct walk *w, unsigned long end)
{
	while (w->addr < end && may_go_on(w)) {
		unsigned long next;
		pud_t *pud = find_pud(w, end, &next);

		if (pud) {
			walk_pud(w, pud, next);
		} else {
			pass(w, next, 0);
			w->budget -= PUD_UNITS;
		}
	}
}

static void walk_vma(struct walk *w, unsigned long end)
{
	struct address_space *shared = NULL;

	w->budget -= VMA_UNITS;
	if (w->vma->vm_flags & (VM_PFNMAP | VM_IO | VM_MIXEDMAP)) {
		pass(w, end, RAMIFY_RUN_SPECIAL);
		return;
	}
	if (is_vm_hugetlb_page(w->vma) && w->vma->vm_file)
		shared = w->vma->vm_file->f_mapping;
	if (shared)
		i_mmap_lock_read(shared);
	walk_tables(w, end);
	if (shared)
		i_mmap_unlock_read(shared);
}

/* Go on from w->addr for one slice's worth; the caller holds the mmap lock for reading. */
void walk_slice(struct walk *w)
{
	w->budget = SLICE_UNITS;
	while (w->addr < w->end && may_go_on(w)) {
		w->vma = find_vma(w->mm, w->addr);
		if (!w->vma || w->vma->vm_start >= w->end) {
			pass(w, w->end, 0);
			return;
		}
		if (w->vma->vm_start > w->addr)
			pass(w, w->vma->vm_start, 0);
		walk_vma(w, min(w->vma->vm_end, w->end));
	}
}
