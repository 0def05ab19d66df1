// SPDX-License-Identifier: LGPL-2.1-or-later
/* figure.c -- a figure out of several runs. */

#include "figure.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct ramify_figure figure_of(double *runs, size_t n)
{
	double median;

	qsort(runs, n, sizeof(*runs), compare);
	median = n % 2 ? runs[n / 2] : (runs[n / 2 - 1] + runs[n / 2]) / 2;
	return (struct ramify_figure){
		.median = median,
		.spread = median > 0 ? (runs[n - 1] - runs[0]) / median : 0,
	};
}
