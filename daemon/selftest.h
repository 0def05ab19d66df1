/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selftest.h -- does a sampler tell the truth here? A child touches a known part of its memory. */
#ifndef RAMIFYD_SELFTEST_H
#define RAMIFYD_SELFTEST_H

#include "sample.h"

/** 0; -EBADMSG what it told was wrong; else why it did not come to that. ret_why says it. */
int selftest(const struct sampler *sampler, char *ret_why, size_t why_size);

#endif
