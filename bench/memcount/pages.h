/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pages.h -- accesses to each page of one range, and the best that a placement could make of them. */
#ifndef BENCH_MEMCOUNT_PAGES_H
#define BENCH_MEMCOUNT_PAGES_H

#include <stdint.h>
#include <stdio.h>

/** @start: address in the guest; pages of 4 KiB. -ENOMEM. */
int pages_watch(uint64_t start, uint64_t end);

/** Whether @address is in the range; counted if @missed. */
int pages_note(uint64_t address, int missed);

/**
 * " best4k=..." and " best2m=...": which shares of the accesses since the last call the most used
 * 1/64, 2/64, ... 64/64 of the range took, in pages of either size. Begins again. " all4k=..." is of
 * the accesses of all calls, up to now, that came after the last pages_afresh().
 */
void pages_best(FILE *to);

void pages_afresh(void);

#endif
