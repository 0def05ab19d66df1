// SPDX-License-Identifier: LGPL-2.1-or-later
/* entry.c -- a file of /etc/ramify/memory.d: its text, written and read back strictly. */

#include "entry.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "color.h"
#include "config.h"
#include "context.h"
#include "extent.h"
#include "owner.h"
#include "value.h"
#include "word.h"

#define RANGES_MAX 1024

struct reader {
	struct ramify *ctx;
	struct entry *entry;
	uint64_t seen;			/* a bit for each of keys[] */
};

/* -EINVAL: not what the key's wanted says. -EDOM: a range that ends before it starts. */
struct key {
	const char *section, *name, *wanted;
	int (*take)(struct entry *e, const char *value);
	enum ramify_use only;		/* goes with this use; NONE: with all */
	bool many;
};

static int take_name(const char *value, char name[IDENTITY_SIZE])
{
	size_t len = strlen(value);

	if (!len || len >= IDENTITY_SIZE || *value == '.' ||
	    strspn(value, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") != len)
		return -EINVAL;
	strcpy(name, value);
	return 0;
}

static int take_bool(const char *value, bool *ret_value)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return -EINVAL;
	*ret_value = yes;
	return 0;
}

static int take_number(const char *value, uint64_t most, uint64_t *ret_value)
{
	uint64_t number;

	if (parse_u64(value, &number) || number > most)
		return -EINVAL;
	*ret_value = number;
	return 0;
}

static int take_range(const char *value, struct state_ranges *ranges)
{
	struct ramify_extent range;
	int err = parse_range(value, &range);

	if (err || extent_last(&range) > INT64_MAX || ranges->n == RANGES_MAX)
		return err == -EDOM ? err : -EINVAL;
	return ranges_append(ranges, range.start, range.size_bytes);
}

static int take_uuid(struct entry *e, const char *value)
{
	return take_name(value, e->uuid);
}

static int take_source(struct entry *e, const char *value)
{
	return word_source(value, &e->source);
}

static int take_serial(struct entry *e, const char *value)
{
	return take_name(value, e->serial);
}

static int take_region(struct entry *e, const char *value)
{
	struct ramify_extent region;
	int err = parse_range(value, &region);

	if (err || extent_last(&region) > INT64_MAX)
		return err == -EDOM ? err : -EINVAL;
	e->region = region;
	return 0;
}

static int take_ranges(struct entry *e, const char *value)
{
	return take_range(value, &e->ranges);
}

static int take_color(struct entry *e, const char *value)
{
	struct ramify_color color;

	if (ramify_color_parse(value, &color))
		return -EINVAL;
	e->color.index = color.index;
	e->color.of = color.of;
	return 0;
}

static int take_span(struct entry *e, const char *value)
{
	return take_number(value, INT64_MAX, &e->color.span_bytes);
}

static int take_page(struct entry *e, const char *value)
{
	return take_number(value, UINT64_C(1) << 40, &e->page_bytes);
}

static int take_size(struct entry *e, const char *value)
{
	return take_number(value, INT64_MAX, &e->size_bytes);
}

static int take_home(struct entry *e, const char *value)
{
	uint64_t node;
	int err = take_number(value, NODES_MAX - 1, &node);

	if (!err)
		e->node = node;
	return err;
}

/* "none" is for a label that is to be emptied. */
static int take_use(struct entry *e, const char *value)
{
	if (strcmp(value, "none") == 0)
		return 0;
	return word_use(value, &e->intent.use);
}

static int take_zone(struct entry *e, const char *value)
{
	enum ramify_zone zone;

	if (word_zone(value, &zone) || (zone != RAMIFY_ZONE_MOVABLE && zone != RAMIFY_ZONE_KERNEL))
		return -EINVAL;
	e->intent.zone = zone;
	return 0;
}

static int take_node(struct entry *e, const char *value)
{
	uint64_t node;
	int err = take_number(value, NODES_MAX - 1, &node);

	if (!err)
		e->intent.node = node;
	return err;
}

static int take_memmap(struct entry *e, const char *value)
{
	return word_memmap(value, &e->intent.memmap);
}

static int take_adistance(struct entry *e, const char *value)
{
	uint64_t number;
	int err = take_number(value, INT_MAX, &number);

	if (err || !number)
		return -EINVAL;
	e->intent.adistance = number;
	return 0;
}

static int take_ratio(struct entry *e, const char *value)
{
	uint64_t number;
	int err = take_number(value, INT_MAX, &number);

	if (err || !number)
		return -EINVAL;
	e->intent.ratio = number;
	return 0;
}

static int take_scrub(struct entry *e, const char *value)
{
	return take_bool(value, &e->intent.scrub);
}

/* "driver" may come before or after "fallback". */
static int take_driver(struct entry *e, const char *value)
{
	if (strcmp(value, "kmem") == 0)
		e->intent.driver = INTENT_DRIVER_STOCK;
	else if (strcmp(value, "ramify") != 0)
		return -EINVAL;
	return 0;
}

static int take_fallback(struct entry *e, const char *value)
{
	if (strcmp(value, "kmem") != 0)
		return -EINVAL;
	if (e->intent.driver == INTENT_DRIVER_OURS)
		e->intent.driver = INTENT_DRIVER_FALLBACK;
	return 0;
}

static int take_skip(struct entry *e, const char *value)
{
	return take_range(value, &e->skip);
}

static int take_owner(struct entry *e, const char *value)
{
	return owner_parse(value, &e->intent.uid, &e->intent.gid) ? -EINVAL : 0;
}

static int take_mode(struct entry *e, const char *value)
{
	unsigned int perms = 0;

	if (!*value || strlen(value) > 4 || strspn(value, "01234567") != strlen(value) ||
	    sscanf(value, "%o", &perms) != 1 || !perms || perms > 0777)
		return -EINVAL;
	e->intent.perms = perms;
	return 0;
}

static int take_move(struct entry *e, const char *value)
{
	return take_bool(value, &e->to_label);
}

static const struct key keys[] = {
	{ "memory", "uuid", "a UUID", take_uuid },
	{ "memory", "source", "pmem, soft-reserved or cxl", take_source },
	{ "memory", "serial", "a serial number", take_serial },
	{ "memory", "region", "START-END", take_region },
	{ "memory", "range", "START-END", take_ranges, .many = true },
	{ "memory", "color", "I/N", take_color },
	{ "memory", "color-span", "a number of bytes", take_span },
	{ "memory", "page", "a number of bytes", take_page },
	{ "memory", "size", "a number of bytes", take_size },
	{ "memory", "node", "the number of a node", take_home },
	{ "use", "as", "ram, raw or idle", take_use },
	{ "use", "zone", "movable or kernel", take_zone, RAMIFY_USE_RAM },
	{ "use", "node", "the number of a node", take_node, RAMIFY_USE_RAM },
	{ "use", "memmap", "dram or device", take_memmap, RAMIFY_USE_RAM },
	{ "use", "adistance", "a number from 1", take_adistance, RAMIFY_USE_RAM },
	{ "use", "ratio", "a number from 1 on", take_ratio, RAMIFY_USE_RAM },
	{ "use", "scrub", "yes or no", take_scrub, RAMIFY_USE_RAM },
	{ "use", "driver", "ramify or kmem", take_driver, RAMIFY_USE_RAM },
	{ "use", "fallback", "kmem", take_fallback, RAMIFY_USE_RAM },
	{ "use", "skip", "START-END below 2^63", take_skip, RAMIFY_USE_RAM, .many = true },
	{ "use", "owner", "USER or USER:GROUP that this system knows", take_owner, RAMIFY_USE_RAW },
	{ "use", "mode", "an octal number such as 0660", take_mode, RAMIFY_USE_RAW },
	{ "use", "move-to-label", "yes or no", take_move },
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static bool is_said(const struct reader *r, const char *section, const char *name)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (!strcmp(keys[i].section, section) && !strcmp(keys[i].name, name))
			return r->seen >> i & 1;
	return false;
}

static int check_section(const struct reader *r, const char *section)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (!strcmp(keys[i].section, section))
			return 0;
	return fail(r->ctx, -EBADMSG, "there is no section [%.32s], only [memory] and [use]",
		    section);
}

static int take_item(void *arg, const struct config_item *item)
{
	struct reader *r = arg;
	int err;

	if (!item->name)
		return check_section(r, item->section);
	for (size_t i = 0; i < N_KEYS; i++) {
		if (strcmp(keys[i].section, item->section) || strcmp(keys[i].name, item->name))
			continue;
		if (r->seen >> i & 1 && !keys[i].many)
			return fail(r->ctx, -EBADMSG, "%s is said twice", item->name);
		r->seen |= UINT64_C(1) << i;
		err = keys[i].take(r->entry, item->value);
		if (err == -EDOM)
			return config_backward(r->ctx, item);
		return err == -EINVAL ? config_wrong(r->ctx, item, keys[i].wanted) : err;
	}
	return fail(r->ctx, -EBADMSG, "there is no \"%.32s\" in [%.32s]", item->name,
		    item->section);
}

static int incomplete(const struct reader *r, const char *what)
{
	return fail(r->ctx, -EBADMSG, "%s/" ENTRY_DIR "/%s: %s", r->ctx->root, r->entry->file, what);
}

static int check_place(const struct reader *r)
{
	const struct entry *e = r->entry;

	if (!e->ranges.n)
		return incomplete(r, "[memory] has neither uuid nor range");
	if (!is_said(r, "memory", "source"))
		return incomplete(r, "[memory] needs a source beside its range");
	if (is_said(r, "memory", "size"))
		return incomplete(r, "[memory] size goes with a uuid");
	if (is_said(r, "memory", "color") != is_said(r, "memory", "color-span") ||
	    (e->color.of && color_check(&e->color)))
		return incomplete(r, "[memory] has no color that can be: color and color-span go together");
	if (*e->serial && !e->region.size_bytes)
		return incomplete(r, "[memory] needs the region beside its serial");
	for (size_t i = 0; e->region.size_bytes && i < e->ranges.n; i++)
		if (!extent_holds(&e->region, &e->ranges.items[i]))
			return incomplete(r, "[memory] range is not in its region");
	for (size_t i = 1; i < e->ranges.n; i++)
		if (e->ranges.items[i].start <= extent_last(&e->ranges.items[i - 1]))
			return incomplete(r, "[memory] ranges overlap, or are not in order");
	return 0;
}

static int check_uuid(const struct reader *r)
{
	static const char *const others[] = { "source", "serial", "region", "range", "color",
						"color-span", "page" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_said(r, "memory", others[i]))
			return incomplete(r, "[memory] has a uuid, which says it all but for size and node");
	return r->entry->size_bytes ? 0 : incomplete(r, "[memory] needs the size beside its uuid");
}

static int check_use(const struct reader *r)
{
	char what[128];

	if (!is_said(r, "use", "as"))
		return incomplete(r, "[use] does not say as what");
	if (r->entry->intent.use == RAMIFY_USE_NONE && !r->entry->to_label)
		return incomplete(r, "[use] as = none goes with move-to-label = yes only");
	if (r->entry->to_label && (r->entry->skip.n || !*r->entry->uuid))
		return incomplete(r, "[use] move-to-label goes with a uuid, and not with skip");
	for (size_t i = 0; i < N_KEYS; i++) {
		if (!(r->seen >> i & 1) || keys[i].only == RAMIFY_USE_NONE ||
		    keys[i].only == r->entry->intent.use)
			continue;
		snprintf(what, sizeof(what), "[use] %s goes with as = %s only", keys[i].name,
			 ramify_use_name(keys[i].only));
		return incomplete(r, what);
	}
	return 0;
}

static uint64_t sum(const struct state_ranges *ranges)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < ranges->n; i++)
		bytes += ranges->items[i].size_bytes;
	return bytes;
}

static int check_entry(const struct reader *r)
{
	struct entry *e = r->entry;
	int err = *e->uuid ? check_uuid(r) : check_place(r);

	if (!err)
		err = check_use(r);
	if (err)
		return err;
	if (!*e->uuid)
		e->size_bytes = sum(&e->ranges);
	if (e->intent.use == RAMIFY_USE_RAM && e->intent.zone == RAMIFY_ZONE_UNKNOWN)
		e->intent.zone = RAMIFY_ZONE_MOVABLE;
	e->intent.size_mib = e->size_bytes >> 20;
	if (e->skip.n)
		qsort(e->skip.items, e->skip.n, sizeof(*e->skip.items), extent_compare);
	return 0;
}

int entry_parse(struct ramify *ctx, const char *file, const char *text, struct entry *ret_entry)
{
	struct entry entry = { .node = -1, .intent = INTENT_NONE };
	struct reader r = { .ctx = ctx, .entry = &entry };
	char path[sizeof(ENTRY_DIR) + ENTRY_NAME_SIZE];
	int err;

	if ((size_t)snprintf(entry.file, sizeof(entry.file), "%s", file) >= sizeof(entry.file))
		return -ENAMETOOLONG;
	snprintf(path, sizeof(path), ENTRY_DIR "/%s", file);
	err = config_parse(ctx, path, text, take_item, &r);
	if (!err)
		err = check_entry(&r);
	if (err)
		entry_clear(&entry);
	else
		*ret_entry = entry;
	return err;
}

static void print_range(FILE *out, const char *name, const struct ramify_extent *range)
{
	fprintf(out, "%s = 0x%" PRIx64 "-0x%" PRIx64 "\n", name, range->start, extent_last(range));
}

static void print_memory(FILE *out, const struct entry *e)
{
	fputs("[memory]\n", out);
	if (*e->uuid)
		fprintf(out, "uuid = %s\nsize = %" PRIu64 "\n", e->uuid, e->size_bytes);
	else
		fprintf(out, "source = %s\n", ramify_source_name(e->source));
	if (*e->serial)
		fprintf(out, "serial = %s\n", e->serial);
	if (e->region.size_bytes)
		print_range(out, "region", &e->region);
	for (size_t i = 0; i < e->ranges.n; i++)
		print_range(out, "range", &e->ranges.items[i]);
	if (e->color.of)
		fprintf(out, "color = %" PRIu32 "/%" PRIu32 "\ncolor-span = %" PRIu64 "\n",
			e->color.index, e->color.of, e->color.span_bytes);
	if (e->page_bytes)
		fprintf(out, "page = %" PRIu64 "\n", e->page_bytes);
	if (e->node >= 0)
		fprintf(out, "node = %d\n", e->node);
}

static void print_ram(FILE *out, const struct entry *e)
{
	const struct intent *i = &e->intent;

	fprintf(out, "zone = %s\n", ramify_zone_name(i->zone));
	if (i->node >= 0)
		fprintf(out, "node = %d\n", i->node);
	if (i->memmap != RAMIFY_MEMMAP_UNKNOWN)
		fprintf(out, "memmap = %s\n", ramify_memmap_name(i->memmap));
	if (i->adistance >= 0)
		fprintf(out, "adistance = %" PRId64 "\n", i->adistance);
	if (i->ratio)
		fprintf(out, "ratio = %u\n", i->ratio);
	if (i->scrub)
		fputs("scrub = yes\n", out);
	if (i->driver == INTENT_DRIVER_STOCK)
		fputs("driver = kmem\n", out);
	if (i->driver == INTENT_DRIVER_FALLBACK)
		fputs("fallback = kmem\n", out);
	for (size_t k = 0; k < e->skip.n; k++)
		print_range(out, "skip", &e->skip.items[k]);
}

static void print_use(FILE *out, const struct entry *e)
{
	char owner[OWNER_MAX];

	fprintf(out, "\n[use]\nas = %s\n",
		e->intent.use == RAMIFY_USE_NONE ? "none" : ramify_use_name(e->intent.use));
	if (e->intent.use == RAMIFY_USE_RAM)
		print_ram(out, e);
	if (e->intent.uid != UINT32_MAX) {
		owner_format(e->intent.uid, e->intent.gid, owner);
		fprintf(out, "owner = %s\n", owner);
	}
	if (e->intent.perms)
		fprintf(out, "mode = %04o\n", e->intent.perms);
	if (e->to_label)
		fputs("# The label was in use. ramify apply moves this there.\nmove-to-label = yes\n",
		      out);
}

int entry_format(const struct entry *entry, char **ret_text)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return -ENOMEM;
	fputs("# What this memory is for: see ramify-keep(1).\n", out);
	print_memory(out, entry);
	print_use(out, entry);
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret_text = text;
	return 0;
}

void entry_clear(struct entry *entry)
{
	ranges_clear(&entry->ranges);
	ranges_clear(&entry->skip);
}

void entry_name(struct entry *e)
{
	if (*e->uuid)
		snprintf(e->file, sizeof(e->file), "uuid-%s" ENTRY_SUFFIX, e->uuid);
	else if (*e->serial)
		snprintf(e->file, sizeof(e->file), "%s-%s-at-0x%" PRIx64 ENTRY_SUFFIX,
			 ramify_source_name(e->source), e->serial,
			 e->ranges.items[0].start - e->region.start);
	else
		snprintf(e->file, sizeof(e->file), "%s-0x%" PRIx64 ENTRY_SUFFIX,
			 ramify_source_name(e->source), e->ranges.items[0].start);
}
