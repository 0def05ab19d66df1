/* SPDX-License-Identifier: GPL-2.0-only */
/* log.h -- before every other header: what our lines in the kernel's log begin with. */
#define pr_fmt(fmt) "ramify_scan: " fmt
