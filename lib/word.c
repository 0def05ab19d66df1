// SPDX-License-Identifier: LGPL-2.1-or-later
/* word.c -- the words for states, zones and the like, as files and people use them. */

#include "word.h"

#include <errno.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const sources[] = {
	[RAMIFY_PMEM] = "pmem",
	[RAMIFY_SOFT_RESERVED] = "soft-reserved",
	[RAMIFY_CXL] = "cxl",
};

static const char *const modes[] = {
	[RAMIFY_MODE_RAM] = "ram",
	[RAMIFY_MODE_RAW] = "raw",
	[RAMIFY_MODE_IDLE] = "idle",
	[RAMIFY_MODE_HELD] = "held",
};

static const char *const states[] = {
	[RAMIFY_STATE_IDLE] = "idle",
	[RAMIFY_STATE_ADDING] = "adding",
	[RAMIFY_STATE_OFFLINE] = "offline",
	[RAMIFY_STATE_PARTIAL] = "partial",
	[RAMIFY_STATE_ONLINE] = "online",
	[RAMIFY_STATE_REMOVING] = "removing",
	[RAMIFY_STATE_SCRUBBING] = "scrubbing",
	[RAMIFY_STATE_HELD] = "held",
};

static const char *const zones[] = {
	[RAMIFY_ZONE_MOVABLE] = "movable",
	[RAMIFY_ZONE_KERNEL] = "kernel",
	[RAMIFY_ZONE_MIXED] = "mixed",
};

static const char *const memmaps[] = {
	[RAMIFY_MEMMAP_DRAM] = "dram",
	[RAMIFY_MEMMAP_DEVICE] = "device",
};

static const char *const uses[] = {
	[RAMIFY_USE_RAM] = "ram",
	[RAMIFY_USE_RAW] = "raw",
	[RAMIFY_USE_IDLE] = "idle",
};

static const char *const verdicts[] = {
	[RAMIFY_OK] = "ok",
	[RAMIFY_WARN] = "warn",
	[RAMIFY_BAD] = "bad",
};

static const char *word_of(const char *const *words, size_t n, unsigned int value)
{
	return value < n ? words[value] : NULL;
}

const char *ramify_source_name(enum ramify_source source)
{
	return word_of(sources, COUNT(sources), source);
}

const char *ramify_mode_name(enum ramify_mode mode)
{
	return word_of(modes, COUNT(modes), mode);
}

const char *ramify_state_name(enum ramify_state state)
{
	return word_of(states, COUNT(states), state);
}

const char *ramify_zone_name(enum ramify_zone zone)
{
	return word_of(zones, COUNT(zones), zone);
}

const char *ramify_memmap_name(enum ramify_memmap memmap)
{
	return word_of(memmaps, COUNT(memmaps), memmap);
}

const char *ramify_use_name(enum ramify_use use)
{
	return word_of(uses, COUNT(uses), use);
}

const char *ramify_verdict_name(enum ramify_verdict verdict)
{
	return word_of(verdicts, COUNT(verdicts), verdict);
}

static int value_of(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (words[i] && !strcmp(words[i], word))
			return i;
	}
	return -EINVAL;
}

int word_state(const char *word, enum ramify_state *ret_state)
{
	int value = value_of(states, COUNT(states), word);

	if (value < 0)
		return value;
	*ret_state = value;
	return 0;
}

int word_zone(const char *word, enum ramify_zone *ret_zone)
{
	int value = strcmp(word, "none") ? value_of(zones, COUNT(zones), word)
					 : RAMIFY_ZONE_UNKNOWN;

	if (value < 0)
		return value;
	*ret_zone = value;
	return 0;
}

int word_memmap(const char *word, enum ramify_memmap *ret_memmap)
{
	int value = value_of(memmaps, COUNT(memmaps), word);

	if (value < 0)
		return value;
	*ret_memmap = value;
	return 0;
}

int word_use(const char *word, enum ramify_use *ret_use)
{
	int value = value_of(uses, COUNT(uses), word);

	if (value < 0)
		return value;
	*ret_use = value;
	return 0;
}

int word_source(const char *word, enum ramify_source *ret_source)
{
	int value = value_of(sources, COUNT(sources), word);

	if (value < 0)
		return value;
	*ret_source = value;
	return 0;
}
