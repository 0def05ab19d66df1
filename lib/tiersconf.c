// SPDX-License-Identifier: LGPL-2.1-or-later
/* tiersconf.c -- /etc/ramify/tiers.conf: tiers set by hand, and what was measured. */

#include "tiersconf.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "durable.h"
#include "value.h"

#define PATH TIERSCONF_DIR "/" TIERSCONF_NAME
#define TEXT_MAX (64u << 10)

static const char header[] =
	"# Tiers of memory: ramify-measure(1). What stands under [measured N] is replaced by\n"
	"# ramify measure --save; write your own under [node N].\n";

struct parse {
	struct ramify *ctx;
	struct tiersconf conf;
};

/* "node 1" for @kind "node"; -EINVAL. */
static int parse_section(const char *section, const char *kind, int *ret_node)
{
	size_t len = strlen(kind);
	uint64_t node;

	if (strncmp(section, kind, len) != 0 || section[len] != ' ' ||
	    parse_u64(section + len + 1, &node) || node >= NODES_MAX)
		return -EINVAL;
	*ret_node = node;
	return 0;
}

static struct tiersconf_node *node_entry(struct tiersconf *conf, int node)
{
	struct tiersconf_node *nodes;

	for (size_t i = 0; i < conf->n; i++) {
		if (conf->nodes[i].node == node)
			return &conf->nodes[i];
	}
	nodes = reallocarray(conf->nodes, conf->n + 1, sizeof(*nodes));
	if (!nodes)
		return NULL;
	conf->nodes = nodes;
	nodes[conf->n] = (struct tiersconf_node){ .node = node, .tier = -1 };
	return &nodes[conf->n++];
}

static int given_twice(struct parse *p, const struct config_item *item)
{
	return fail(p->ctx, -EBADMSG, "%s is given twice for [%s]", item->name, item->section);
}

static int take_tier(struct parse *p, struct tiersconf_node *node, const struct config_item *item)
{
	uint64_t tier;

	if (node->tier >= 0)
		return given_twice(p, item);
	if (parse_u64(item->value, &tier) || tier >= TIERSCONF_TIERS_MAX)
		return config_wrong(p->ctx, item, "a tier from 0, the fastest, to 63");
	node->tier = tier;
	return 0;
}

static bool is_new_target(const struct tiersconf_node *node, uint64_t target)
{
	for (size_t i = 0; i < node->n_targets; i++) {
		if ((uint64_t)node->targets[i] == target)
			return false;
	}
	return target != (uint64_t)node->node;
}

/* "2,3", the best first; or "none". */
static int take_targets(struct parse *p, struct tiersconf_node *node,
			const struct config_item *item)
{
	char text[256], *rest = text, *word;
	uint64_t target;

	if (node->has_targets)
		return given_twice(p, item);
	node->has_targets = true;
	node->targets_line = item->line;
	if (!strcmp(item->value, "none"))
		return 0;
	snprintf(text, sizeof(text), "%s", item->value);
	while ((word = strsep(&rest, ","))) {
		word += strspn(word, " ");
		if (strlen(item->value) >= sizeof(text) || parse_u64(word, &target) ||
		    target >= NODES_MAX || !is_new_target(node, target) ||
		    node->n_targets == TIERSCONF_TARGETS_MAX)
			return config_wrong(p->ctx, item,
					    "a list of up to 16 other nodes such as 2,3, or none");
		node->targets[node->n_targets++] = target;
	}
	return 0;
}

static int take_by_hand(struct parse *p, int number, const struct config_item *item)
{
	struct tiersconf_node *node = item->name ? node_entry(&p->conf, number) : NULL;

	if (!node)
		return item->name ? -ENOMEM : 0;
	if (!strcmp(item->name, "tier"))
		return take_tier(p, node, item);
	if (!strcmp(item->name, "demote-to"))
		return take_targets(p, node, item);
	return fail(p->ctx, -EBADMSG, "[%s] has tier and demote-to, and no %.32s", item->section,
		    item->name);
}

/* "251.3"; not strtod(), which goes by the locale. -EINVAL. */
static int parse_decimal(const char *text, double *ret_value)
{
	char whole[16], tenths[8] = "0";
	size_t len = strcspn(text, ".");
	uint64_t a, b;

	if (len >= sizeof(whole))
		return -EINVAL;
	memcpy(whole, text, len);
	whole[len] = '\0';
	if (text[len] && (strlen(text + len) != 2 || !isdigit((unsigned char)text[len + 1])))
		return -EINVAL;
	if (text[len])
		snprintf(tenths, sizeof(tenths), "%c", text[len + 1]);
	if (parse_u64(whole, &a) || parse_u64(tenths, &b) || !strncmp(whole, "0x", 2) ||
	    a > 1000000000 || !(a + b))
		return -EINVAL;
	*ret_value = a + b / 10.0;
	return 0;
}

static double *figure_place(struct tiersconf_node *node, const char *name)
{
	if (!strcmp(name, "read-latency-ns"))
		return &node->read_latency_ns;
	if (!strcmp(name, "read-mbps"))
		return &node->read_mbps;
	if (!strcmp(name, "write-mbps"))
		return &node->write_mbps;
	return strcmp(name, "copy-mbps") ? NULL : &node->copy_mbps;
}

static int take_measured(struct parse *p, int number, const struct config_item *item)
{
	struct tiersconf_node *node = item->name ? node_entry(&p->conf, number) : NULL;
	double *place = node ? figure_place(node, item->name) : NULL;

	if (!node)
		return item->name ? -ENOMEM : 0;
	if (!place)
		return fail(p->ctx, -EBADMSG,
			    "[%s] has read-latency-ns, read-mbps, write-mbps and copy-mbps, and no %.32s",
			    item->section, item->name);
	if (*place > 0)
		return given_twice(p, item);
	if (parse_decimal(item->value, place))
		return config_wrong(p->ctx, item, "a number such as 251.3");
	return 0;
}

static int take(void *arg, const struct config_item *item)
{
	struct parse *p = arg;
	int node;

	if (!parse_section(item->section, "node", &node))
		return take_by_hand(p, node, item);
	if (!parse_section(item->section, "measured", &node))
		return take_measured(p, node, item);
	return fail(p->ctx, -EBADMSG, "[%.32s] is neither [node N] nor [measured N]",
		    item->section);
}

int tiersconf_parse(struct ramify *ctx, const char *path, const char *text,
		    struct tiersconf *ret_conf)
{
	struct parse p = { .ctx = ctx };
	int err = config_parse(ctx, path, text, take, &p);

	if (err) {
		tiersconf_free(&p.conf);
		return err;
	}
	*ret_conf = p.conf;
	return 0;
}

int tiersconf_read(struct ramify *ctx, struct tiersconf *ret_conf)
{
	struct parse p = { .ctx = ctx };
	int err = config_read(ctx, PATH, take, &p);

	if (err && err != -ENOENT) {
		tiersconf_free(&p.conf);
		return err;
	}
	*ret_conf = p.conf;
	return 0;
}

void tiersconf_free(struct tiersconf *conf)
{
	free(conf->nodes);
	*conf = (struct tiersconf){ 0 };
}

const struct tiersconf_node *tiersconf_find(const struct tiersconf *conf, int node)
{
	for (size_t i = 0; i < conf->n; i++) {
		if (conf->nodes[i].node == node)
			return &conf->nodes[i];
	}
	return NULL;
}

/* Is @line the head of a section? Of measurements that are replaced? */
static bool is_section(const char *line)
{
	return line[strspn(line, " \t")] == '[';
}

static bool is_replaced(const char *line, const struct ramify_speed *speeds, size_t n)
{
	char section[32];
	int node;

	if (sscanf(line, " [%31[^]\n]]", section) != 1 || parse_section(section, "measured", &node))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (speeds[i].node == node)
			return true;
	}
	return false;
}

/* Comments are kept: they may belong to what comes next. */
static void print_kept(FILE *out, const char *text, const struct ramify_speed *speeds, size_t n)
{
	bool dropping = false;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char first = text[strspn(text, " \t")];

		if (is_section(text))
			dropping = is_replaced(text, speeds, n);
		if (!dropping || first == '#' || first == ';')
			fprintf(out, "%.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void print_figure(FILE *out, const char *name, const struct ramify_figure *figure)
{
	long long tenths = llround(figure->median * 10);

	if (tenths)
		fprintf(out, "%s = %lld.%lld\n", name, tenths / 10, tenths % 10);
}

static void print_speed(FILE *out, const struct ramify_speed *speed)
{
	fprintf(out, "\n[measured %d]\n", speed->node);
	print_figure(out, "read-latency-ns", &speed->read_latency_ns);
	print_figure(out, "read-mbps", &speed->read_mbps);
	print_figure(out, "write-mbps", &speed->write_mbps);
	print_figure(out, "copy-mbps", &speed->copy_mbps);
}

/* Of the empty lines in a row one stays. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\n' || to - text < 2 || to[-1] != '\n' || to[-2] != '\n')
			*to++ = *from;
	}
	*to = '\0';
}

int tiersconf_merge(const char *text, const struct ramify_speed *speeds, size_t n,
		    char **ret_text)
{
	char *merged = NULL;
	size_t len;
	FILE *out = open_memstream(&merged, &len);

	if (!out)
		return -ENOMEM;
	print_kept(out, *text ? text : header, speeds, n);
	for (size_t i = 0; i < n; i++)
		print_speed(out, &speeds[i]);
	if (fclose(out)) {
		free(merged);
		return -ENOMEM;
	}
	squeeze(merged);
	*ret_text = merged;
	return 0;
}

/* -EBADMSG for a file with errors, which is left as it is. */
static int load_text(struct ramify *ctx, char *text)
{
	char said[sizeof(ctx->message)];
	struct tiersconf conf;
	int err = tiersconf_read(ctx, &conf);

	if (err) {
		strcpy(said, ctx->message);
		if (*said)
			fail(ctx, err, "%.1500s; nothing was saved", said);
		return err;
	}
	tiersconf_free(&conf);
	err = attr_read(ctx, PATH, text, TEXT_MAX);
	if (err == -ENOENT)
		text[0] = '\0';
	return err == -ENOENT ? 0 : err;
}

static int store_text(struct ramify *ctx, const char *text)
{
	int dir, err;

	if (strlen(text) >= TEXT_MAX)
		return fail(ctx, -EFBIG, "%s/" PATH " would be longer than %u KiB", ctx->root,
			    TEXT_MAX >> 10);
	err = durable_open(ctx, "etc", "ramify", true, 0755, &dir);
	if (!err) {
		err = durable_replace(dir, TIERSCONF_NAME, text, 0644);
		close(dir);
	}
	return err ? fail(ctx, err, "%s/" PATH " cannot be written: %s", ctx->root, strerror(-err))
		   : 0;
}

int ramify_speeds_save(struct ramify *ctx, const struct ramify_speed *speeds, size_t n)
{
	char *text = malloc(TEXT_MAX), *merged;
	int err = text ? load_text(ctx, text) : -ENOMEM;

	if (!err && n)
		err = tiersconf_merge(text, speeds, n, &merged);
	if (!err && n) {
		err = store_text(ctx, merged);
		free(merged);
	}
	free(text);
	return err;
}
