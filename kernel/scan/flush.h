/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RAMIFY_SCAN_FLUSH_H
#define RAMIFY_SCAN_FLUSH_H

#include <linux/mm_types.h>

void flush_mm(struct mm_struct *mm);

#endif
