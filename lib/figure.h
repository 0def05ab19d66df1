/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* figure.h -- a figure out of several runs. */
#ifndef RAMIFY_LIB_FIGURE_H
#define RAMIFY_LIB_FIGURE_H

#include "ramify.h"

/* @n: at least 1. Sorts @runs. */
struct ramify_figure figure_of(double *runs, size_t n);

#endif
