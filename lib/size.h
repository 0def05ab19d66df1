/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* size.h -- sizes: as people write them, and as messages say them. */
#ifndef RAMIFY_LIB_SIZE_H
#define RAMIFY_LIB_SIZE_H

#include "ramify.h"

/* "18446744073709551615 bytes" and its NUL. */
#define SIZE_TEXT_MAX 28

/* Exact: "384 MiB", "1 GiB", "4097 bytes". Returns @buf. */
const char *size_text(char buf[SIZE_TEXT_MAX], uint64_t bytes);

/* The bytes that @size is of @whole: a share of it is rounded down. ALL is all of it. */
uint64_t size_of(const struct ramify_size *size, uint64_t whole);

#endif
