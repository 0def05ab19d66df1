/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stream.h -- loops that read, write and copy memory past the caches. */
#ifndef RAMIFY_LIB_STREAM_H
#define RAMIFY_LIB_STREAM_H

#include <stddef.h>

/* Pointers are aligned to it, sizes multiples of it. */
#define STREAM_UNIT 256

struct stream_ops {
	const char *name;
	void (*read)(const char *from, size_t bytes);
	/* Both leave the caches alone, where the processor can do that. */
	void (*write)(char *to, size_t bytes);
	/* Two pages abreast, as memcpy() of glibc (since 2.33) copies what is large: so it is what
	 * programs get, and can be held against mbw. */
	void (*copy)(char *to, const char *from, size_t bytes);
};

/* The widest that this processor has. */
const struct stream_ops *stream_ops(void);

/* For tests: all that this processor has, NULL after the last. */
const struct stream_ops *stream_ops_at(size_t i);

#endif
