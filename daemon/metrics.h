/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics.h -- figures for Prometheus, in its text format. */
#ifndef RAMIFYD_METRICS_H
#define RAMIFYD_METRICS_H

#include <stdio.h>

#include "round.h"

void metrics_write(FILE *to, const struct round *round);

#endif
