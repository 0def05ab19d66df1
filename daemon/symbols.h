/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symbols.h -- where the kernel has its variables, by /proc/kallsyms. */
#ifndef RAMIFYD_SYMBOLS_H
#define RAMIFYD_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct symbol {
	const char *name;
	uint64_t addr;	/* 0: there is none, or it is hidden */
};

/** Fill in the addresses of those that `kallsyms` has, of the kernel itself. */
void symbols_read(FILE *kallsyms, struct symbol *symbols, size_t n);

#endif
