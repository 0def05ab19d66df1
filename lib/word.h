/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* word.h -- the words for states, zones and the like, as files and people use them. */
#ifndef RAMIFY_LIB_WORD_H
#define RAMIFY_LIB_WORD_H

#include "ramify.h"

/* The value for a word of the driver's. -EINVAL if it is none. */
int word_state(const char *word, enum ramify_state *ret_state);
/* "none" is RAMIFY_ZONE_UNKNOWN: no block may go online. */
int word_zone(const char *word, enum ramify_zone *ret_zone);
int word_memmap(const char *word, enum ramify_memmap *ret_memmap);
int word_use(const char *word, enum ramify_use *ret_use);
int word_source(const char *word, enum ramify_source *ret_source);

#endif
