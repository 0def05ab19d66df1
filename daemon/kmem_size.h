/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmem_size.h -- how much is read at once: for the daemon and its BPF program, which has no libc. */
#ifndef RAMIFYD_KMEM_SIZE_H
#define RAMIFYD_KMEM_SIZE_H

#define KMEM_OBJECTS 32
#define KMEM_OBJECT_BYTES 4096

#endif
