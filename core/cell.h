/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cell.h -- what is known of one page, in 16 bits. */
#ifndef RAMIFY_CORE_CELL_H
#define RAMIFY_CORE_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "heat.h"

/*
 * bits 0-7	slow average: looks in which the page was used, of 255
 * bits 8-11	was it used in each of the last four looks? bit 8 is the latest
 * bit 12	written, when that was last known
 * bits 13-15	rank; 7: no page
 */
typedef uint16_t cell_t;

#define CELL_ABSENT ((cell_t)0xe000)
#define CELL_WRITTEN 0x1000u
#define CELL_HEAT 0x0fffu	/* both averages: without any the page is cold and stays so */
#define CELL_RANK_SHIFT 13

static inline unsigned int cell_rank(cell_t cell)
{
	return cell >> CELL_RANK_SHIFT;
}

static inline bool cell_present(cell_t cell)
{
	return cell < CELL_ABSENT;
}

static inline cell_t cell_with_rank(cell_t cell, unsigned int rank)
{
	return (cell & ~CELL_ABSENT) | (cell_t)(rank << CELL_RANK_SHIFT);
}

/* What one look tells of a page. */
struct sight {
	uint32_t step;		/* how far the slow average goes to meet it, of 65536 */
	uint16_t dither;	/* what rounding takes for a half: any number */
	uint8_t rate;		/* of 255 */
};

/** A 32nd; up to a 16th where a chunk was looked at @seen < 32 times; less below full
 *  confidence. */
uint32_t sight_step(unsigned int seen, unsigned int confidence);

/** @cell, which is present, after a look. */
cell_t cell_seen(cell_t cell, const struct sight *sight);

/** @cell after @looks in which nothing was used, the last of @in_all such in a row. */
cell_t cell_idle(cell_t cell, unsigned int looks, unsigned int in_all,
		 const struct sight *sight);

/** How much the write weight (1...8) raises a level. */
unsigned int cell_write_levels(unsigned int weight);

/** The heat level, without what policies decree. */
unsigned int cell_level(cell_t cell, unsigned int write_levels);

#endif
