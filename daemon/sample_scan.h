/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sample_scan.h -- the pure part of the sampler `scan`, for tests. */
#ifndef RAMIFYD_SAMPLE_SCAN_H
#define RAMIFYD_SAMPLE_SCAN_H

#include "runs.h"

/** Add ramify_scan's runs, which must fill [start, end). -EPROTO: they do not. */
int scan_decode(struct runs *to, const uint64_t *words, size_t n, uint64_t start, uint64_t end);

#endif
