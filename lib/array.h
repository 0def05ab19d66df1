/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* array.h -- arrays that grow as their items are found. */
#ifndef RAMIFY_LIB_ARRAY_H
#define RAMIFY_LIB_ARRAY_H

#include <errno.h>
#include <stdlib.h>

/*
 * An array's length tells its capacity: the next power of two. Makes room for item @n of
 * @items, and evaluates to 0 or -ENOMEM.
 */
#define array_grow(items, n)                                                   \
	({                                                                     \
		size_t n_ = (n);                                               \
		void *grown_ = (items);                                        \
									       \
		if (!(n_ & (n_ - 1)))                                          \
			grown_ = reallocarray((items), n_ ? 2 * n_ : 1,        \
					      sizeof(*(items)));               \
		if (grown_)                                                    \
			(items) = grown_;                                      \
		grown_ ? 0 : -ENOMEM;                                          \
	})

#endif
