/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* color.h -- colours of a direct-mapped memory-side cache: which addresses share its lines. */
#ifndef RAMIFY_LIB_COLOR_H
#define RAMIFY_LIB_COLOR_H

#include "ramify.h"

/* Two addresses alias if they are the same modulo the span. Colour I of N is the I-th of N
 * equal parts of every span, counted from address 0. */

/* -EINVAL: no colour there can be, such as 0/0 or 9/8, or a span that N does not divide. */
int color_check(const struct ramify_color *color);

uint64_t color_part_bytes(const struct ramify_color *color);

/* The first part of this colour that ends at @address or behind it; size 0: none up to 2^64. */
struct ramify_extent color_part(const struct ramify_color *color, uint64_t address);

/* Is all of @extent of this colour? */
bool color_holds(const struct ramify_color *color, const struct ramify_extent *extent);

/* The colour that @dax was created with, noted below /run until the next boot; ramify list
 * shows it where it fits the device's extents. */
int color_note(struct ramify *ctx, const char *dax, const struct ramify_color *color);
void color_forget(struct ramify *ctx, const char *dax);
/* -ENOENT none, or not what @dev is. */
int color_noted(struct ramify *ctx, const struct ramify_device *dev,
		struct ramify_color *ret_color);
/* "2/8 4294967296". -EINVAL. */
int color_note_parse(const char *text, struct ramify_color *ret_color);

#endif
