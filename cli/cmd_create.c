// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_create.c -- ramify create: devices of what is left of a region. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "arg.h"
#include "cmd.h"
#include "out.h"
#include "progress.h"

#define COUNT_MAX 1024
#define GIB (UINT64_C(1) << 30)

struct request {
	struct ramify_create_options options;
	const char *owner, *size, *use;
	bool span;
};

enum { OPT_ALIGN = 256, OPT_AS, OPT_AT, OPT_COLOR, OPT_SPAN, OPT_COUNT, OPT_KEEP, OPT_MODE,
       OPT_OWNER, OPT_SIZE };

const char cmd_create_help[] =
	"  --size SIZE              of each device: 256M, 1.5G, 50%, all\n"
	"  --as ram|raw             ram (default): waits for ramify add; raw: for direct use\n"
	"  --align SIZE             alignment of the start and size of each piece\n"
	"  --count N                make N devices, all or none\n"
	"  --at ADDRESS             physical address where it begins\n"
	"  --color I/N, --color-span SPAN\n"
	"                           the I-th of N equal parts of every SPAN of addresses\n"
	"  --owner USER[:GROUP], --mode MODE\n"
	"                           who may map it, and the mode of its node in /dev\n"
	"  --keep                   record it as the intended use, for the next boot\n"
	"  -n, --dry-run            say what would be made, and make nothing\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_create_options[] = {
	{ "align", required_argument, NULL, OPT_ALIGN },
	{ "as", required_argument, NULL, OPT_AS },
	{ "at", required_argument, NULL, OPT_AT },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "color-span", required_argument, NULL, OPT_SPAN },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ "keep", no_argument, NULL, OPT_KEEP },
	{ "mode", required_argument, NULL, OPT_MODE },
	{ "owner", required_argument, NULL, OPT_OWNER },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ 0 }
};

static int take_color(const char *title, const char *text, struct ramify_color *color)
{
	int err = ramify_color_parse(text, color);

	if (err)
		fprintf(stderr, "%s: --color takes I/N, the I-th of N colors, such as 2/8, not \"%.32s\"\n",
			title, text);
	return err;
}

static int take_count(const char *title, const char *text, unsigned int *ret_count)
{
	uint64_t value;
	int err = arg_u64(title, "--count", text, COUNT_MAX, &value);

	if (err)
		return err;
	if (!value) {
		fprintf(stderr, "%s: --count 0 makes nothing\n", title);
		return -EINVAL;
	}
	*ret_count = value;
	return 0;
}

static int take_place(const char *title, int c, struct request *r)
{
	struct ramify_create_options *o = &r->options;

	switch (c) {
	case OPT_ALIGN:
		return arg_bytes(title, "--align", optarg, 1, &o->align_bytes);
	case OPT_AT:
		return arg_u64(title, "--at", optarg, UINT64_MAX - 1, &o->at);
	case OPT_COLOR:
		return take_color(title, optarg, &o->color);
	case OPT_SPAN:
		r->span = true;
		return arg_bytes(title, "--color-span", optarg, GIB, &o->color.span_bytes);
	default:
		return take_count(title, optarg, &o->count);
	}
}

static int take_option(const char *title, int c, struct request *r)
{
	switch (c) {
	case 'n':
		r->options.dry_run = true;
		return 0;
	case OPT_KEEP:
		r->options.keep = true;
		return 0;
	case OPT_AS:
		r->use = optarg;
		r->options.raw = arg_choice(title, "--as", optarg, "ram", "raw") == 1;
		return strcmp(optarg, "ram") && !r->options.raw ? -EINVAL : 0;
	case OPT_MODE:
		return arg_mode(title, optarg, &r->options.perms);
	case OPT_OWNER:
		r->owner = optarg;
		return arg_owner(title, optarg, &r->options.uid, &r->options.gid);
	case OPT_SIZE:
		r->size = optarg;
		return arg_size(title, "--size", optarg, 1, &r->options.amount);
	case '?':
		return -EINVAL;
	default:
		return take_place(title, c, r);
	}
}

/* What only makes sense together. */
static int check(const char *title, int n, struct request *r)
{
	struct ramify_create_options *o = &r->options;

	if (!n)
		fprintf(stderr, "%s: which region? ramify list shows them\n", title);
	else if (n > 1)
		fprintf(stderr, "%s: one region at a time, not %d\n", title, n);
	else if (!r->size)
		fprintf(stderr, "%s: how much? --size takes 256M, 1.5G, 50%% or all\n", title);
	else if (!o->color.of != !r->span)
		fprintf(stderr, "%s: --color and --color-span go together: the span is the size of the cache\n",
			title);
	else if (r->use && !o->raw && (r->owner || o->perms))
		fprintf(stderr, "%s: RAM has no owner: --owner and --mode are for --as raw\n", title);
	else
		return 0;
	return -EINVAL;
}

static int parse(int argc, char **argv, struct request *r)
{
	int c;

	while ((c = getopt_long(argc, argv, "hn", cmd_create_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (take_option(argv[0], c, r) < 0)
			return CMD_USAGE;
	}
	if (check(argv[0], argc - optind, r) < 0)
		return CMD_USAGE;
	/* Only who may map it matters then. */
	if (r->owner || r->options.perms)
		r->options.raw = true;
	return 0;
}

static void print_place(const struct ramify_created_device *dev)
{
	char size[OUT_SIZE_MAX];

	printf("%s: %s", dev->name ? dev->name : "a device", out_size(size, dev->size_bytes));
	if (dev->n_extents == 1)
		printf(" at %#llx", (unsigned long long)dev->extents[0].start);
	else if (dev->n_extents)
		printf(" in %zu pieces from %#llx on", dev->n_extents,
		       (unsigned long long)dev->extents[0].start);
}

static void print_use(const struct ramify_created_device *dev, const struct request *r)
{
	const struct ramify_create_options *o = &r->options;

	if (o->color.of)
		printf(", color %u/%u", o->color.index, o->color.of);
	if (o->raw) {
		printf(", raw");
		if (r->owner)
			printf(", for %s", r->owner);
		if (r->owner || o->perms)
			printf(", mode %04o", o->perms ? o->perms : 0600);
	}
	if (o->keep)
		printf(dev->name ? ", kept" : ", to be kept");
	if (!o->raw && dev->name)
		printf("; next: ramify add %s", dev->name);
	putchar('\n');
}

static void print_created(const struct ramify_created *created, const struct request *r)
{
	char text[OUT_SIZE_MAX];

	for (size_t i = 0; i < created->n_devices; i++) {
		const struct ramify_created_device *dev = &created->devices[i];

		print_place(dev);
		print_use(dev, r);
		if (!r->options.raw && dev->lost_bytes)
			printf("  note: of it %s would be lost as RAM, as only whole memory blocks can be added\n",
			       out_size(text, dev->lost_bytes));
	}
	printf("%s: %s left", created->region, out_size(text, created->left_bytes));
	if (created->left_pieces > 1)
		printf(" in %zu pieces", created->left_pieces);
	if (created->left_ram_bytes && created->left_ram_bytes < created->left_bytes)
		printf(", of which %s can become RAM", out_size(text, created->left_ram_bytes));
	puts(r->options.dry_run ? "; nothing was changed" : "");
}

int cmd_create(struct ramify *ctx, int argc, char **argv)
{
	struct request r = { .options = RAMIFY_CREATE_DEFAULTS };
	struct ramify_created *created;
	int err = parse(argc, argv, &r);

	if (err)
		return err;
	/* A moment, and all of it or nothing: a signal waits for its end. */
	progress_catch_signals();
	err = ramify_create(ctx, argv[optind], &r.options, &created);
	if (err)
		return err;
	print_created(created, &r);
	ramify_created_free(created);
	return 0;
}
