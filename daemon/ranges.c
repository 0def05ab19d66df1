// SPDX-License-Identifier: GPL-2.0-or-later
/* ranges.c -- what is managed of a process's memory, and where it belongs. */

#include "ranges.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RANGES_MAX (1u << 20)

/* ---- who answers for an object ---- */

static size_t slot_of(const struct objects *objects, uint64_t device, uint64_t inode)
{
	uint64_t hash = (inode ^ device << 17) * 0x9e3779b97f4a7c15;
	size_t i = hash >> 20 & (objects->size - 1);

	while (objects->items[i].owner && (objects->items[i].inode != inode ||
					   objects->items[i].device != device))
		i = (i + 1) & (objects->size - 1);
	return i;
}

static int objects_grow(struct objects *objects)
{
	struct objects grown = { .n = objects->n, .size = objects->size ? 2 * objects->size : 64 };

	if (2 * objects->n < objects->size)
		return 0;
	grown.items = calloc(grown.size, sizeof(*grown.items));
	if (!grown.items)
		return -ENOMEM;
	for (size_t i = 0; i < objects->size; i++) {
		struct object *object = &objects->items[i];

		if (object->owner)
			grown.items[slot_of(&grown, object->device, object->inode)] = *object;
	}
	free(objects->items);
	*objects = grown;
	return 0;
}

void objects_clear(struct objects *objects)
{
	free(objects->items);
	*objects = (struct objects){ 0 };
}

const void *objects_claim(struct objects *objects, uint64_t device, uint64_t inode,
			  const void *owner)
{
	struct object *object;

	if (objects_grow(objects))
		return NULL;
	object = &objects->items[slot_of(objects, device, inode)];
	if (!object->owner) {
		*object = (struct object){ device, inode, owner };
		objects->n++;
	}
	return object->owner;
}

/* ---- ranges ---- */

static int append(struct ranges *ranges, struct range range)
{
	struct range *last = ranges->n ? &ranges->items[ranges->n - 1] : NULL;

	if (last && last->end == range.start && last->tier == range.tier &&
	    last->shared == range.shared) {
		last->end = range.end;
		return 0;
	}
	if (ranges->n == ranges->size) {
		size_t size = ranges->size ? 2 * ranges->size : 4;
		struct range *items = NULL;

		if (size <= RANGES_MAX)
			items = reallocarray(ranges->items, size, sizeof(*items));
		if (!items)
			return -ENOMEM;
		ranges->items = items;
		ranges->size = size;
	}
	ranges->items[ranges->n++] = range;
	return 0;
}

struct reader {
	const struct policy *policy;
	const struct advice *advice;
	struct objects *objects;
	const void *owner;
	struct ranges *ranges;
	uint64_t end;		/* of what was read */
};

static int place(struct reader *r, const struct vma *vma)
{
	uint64_t at, end;
	int err = 0;

	if (vma->shared && vma->inode && !vma->never) {
		if (objects_claim(r->objects, vma->device, vma->inode, r->owner) != r->owner)
			return 0;
		r->ranges->answers = true;
	}
	for (at = vma->as.start; !err && !vma->never && at < vma->as.end; at = end) {
		enum policy_tier tier = policy_place(r->policy, &vma->as, at, &end);

		if (tier == POLICY_TIER_AUTO)
			tier = advice_at(r->advice, at, &end);
		if (tier != POLICY_TIER_LEAVE)
			err = append(r->ranges, (struct range){ at, end, tier, vma->shared });
	}
	return err;
}

/* In smaps many lines follow that of a mapping. */
static bool is_locked(const char *line)
{
	return !strncmp(line, "VmFlags:", 8) && strstr(line, " lo");
}

static int unplace(struct reader *r, const struct vma *vma)
{
	struct ranges *ranges = r->ranges;

	ranges->locked_bytes += vma->as.end - vma->as.start;
	while (ranges->n && ranges->items[ranges->n - 1].start >= vma->as.start)
		ranges->n--;
	if (ranges->n && ranges->items[ranges->n - 1].end > vma->as.start)
		ranges->items[ranges->n - 1].end = vma->as.start;
	return 0;
}

static int take(struct reader *r, char *line, struct vma *last)
{
	if (!isdigit((unsigned char)*line) && !(*line >= 'a' && *line <= 'f'))
		return is_locked(line) && last->as.end ? unplace(r, last) : 0;
	if (vma_parse(line, last) || last->as.start < r->end)
		return -EPROTO;
	r->end = last->as.end;
	if (last->never && last->as.name && !strncmp(last->as.name, "anon_inode:kvm-vcpu", 19))
		r->ranges->guest = true;
	return place(r, last);
}

int ranges_read(FILE *maps, const struct policy *policy, const struct advice *advice,
		struct objects *objects, const void *owner, struct ranges *ret_ranges)
{
	struct reader r = { policy, advice, objects, owner, ret_ranges };
	struct vma last = { 0 };
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	ret_ranges->n = 0;
	ret_ranges->locked_bytes = 0;
	ret_ranges->guest = false;
	ret_ranges->answers = false;
	while (!err && getline(&line, &size, maps) > 0)
		err = take(&r, line, &last);
	free(line);
	if (err)
		ret_ranges->n = 0;
	return err;
}

void ranges_free(struct ranges *ranges)
{
	free(ranges->items);
	*ranges = (struct ranges){ 0 };
}

bool ranges_equal(const struct ranges *a, const struct ranges *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (a->items[i].start != b->items[i].start || a->items[i].end != b->items[i].end ||
		    a->items[i].tier != b->items[i].tier ||
		    a->items[i].shared != b->items[i].shared)
			return false;
	}
	return true;
}

uint64_t ranges_bytes(const struct ranges *ranges)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < ranges->n; i++)
		bytes += ranges->items[i].end - ranges->items[i].start;
	return bytes;
}

/* The first that ends after @address. */
static size_t seek(const struct ranges *ranges, uint64_t address)
{
	size_t low = 0, high = ranges->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ranges->items[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct range *ranges_find(const struct ranges *ranges, uint64_t address)
{
	size_t i = seek(ranges, address);

	return i < ranges->n && ranges->items[i].start <= address ? &ranges->items[i] : NULL;
}

bool ranges_span(const struct ranges *ranges, uint64_t gap, uint64_t *start, uint64_t *ret_end)
{
	size_t i = seek(ranges, *start);

	if (i == ranges->n)
		return false;
	if (*start < ranges->items[i].start)
		*start = ranges->items[i].start;
	while (i + 1 < ranges->n && ranges->items[i + 1].start - ranges->items[i].end < gap)
		i++;
	*ret_end = ranges->items[i].end;
	return true;
}
