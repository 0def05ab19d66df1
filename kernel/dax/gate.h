/* SPDX-License-Identifier: GPL-2.0-only */
/* gate.h -- the gate: which of our memory blocks may go online, and in which zone. */
#ifndef RAMIFY_GATE_H
#define RAMIFY_GATE_H

#include "holding.h"

int gate_init(void);
void gate_exit(void);

/* From here until gate_leave() none of its blocks goes online but through the gate. */
void gate_enter(struct holding *h);
void gate_leave(struct holding *h);

void gate_open(struct holding *h, enum zone_gate zone);
/* Returns when no block that was let through is still on its way. */
void gate_shut(struct holding *h);

/* Calls @fn for each holding until it returns true; under a spinlock. */
typedef bool (*gate_visit_fn)(struct holding *h, void *arg);
void gate_visit(gate_visit_fn fn, void *arg);

#endif
