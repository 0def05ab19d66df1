/* SPDX-License-Identifier: GPL-2.0-only */
/* request.h -- one request written to "add": a device and its options. */
#ifndef RAMIFY_REQUEST_H
#define RAMIFY_REQUEST_H

#include <linux/mmzone.h>
#include <linux/range.h>
#include <linux/types.h>

enum zone_gate { GATE_NONE, GATE_MOVABLE, GATE_KERNEL };
enum scrub_when { SCRUB_LATER, SCRUB_FIRST, SCRUB_ONLY };

struct request {
	char *device;
	int node;		/* NUMA_NO_NODE: the device's own */
	enum zone_gate zone;
	bool memmap_on_device;
	int adistance;		/* 0: the kernel's */
	enum scrub_when scrub;
	unsigned int given;	/* bit per option, in the order of the table */
	struct range *skip;	/* sorted by start */
	unsigned int nr_skip;
};

/* Logs the option at fault. -EINVAL, -ENOMEM. */
int request_parse(const char *text, struct request *ret_req);
void request_free(struct request *req);

/* "START-END", both inclusive. -EINVAL. */
int range_parse(const char *text, struct range *ret_range);

const char *zone_gate_name(enum zone_gate zone);

#endif
