/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pmem.h -- namespaces of persistent memory that are no DAX device: fsdax, raw, ... */
#ifndef RAMIFY_LIB_PMEM_H
#define RAMIFY_LIB_PMEM_H

#include "system.h"

int pmem_read(struct reading *rd);

#endif
