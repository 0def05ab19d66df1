// SPDX-License-Identifier: GPL-2.0-or-later
/* config.c -- what the files say besides policies: [global]. */

#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "lib/ramify.h"
#include "sample.h"

struct parse {
	struct config *config;
	const struct conf_line *line;
	uint32_t given;
	struct {
		char file[256];
		unsigned int line;
	} paced;			/* the last line about the period */
	struct policy_error *error;
};

#define fail(p, ...) conf_fail((p)->error, (p)->line->file, (p)->line->line, __VA_ARGS__)

/* ---- values ---- */

int config_duration(const char *text, uint64_t *ret_ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "ms", 1000000 }, { "s", 1000000000 }, { "min", 60000000000 } };
	uint64_t milli = 0, digits = 0;
	int places = -1;

	for (; isdigit((unsigned char)*text) || (*text == '.' && places < 0); text++) {
		if (*text == '.') {
			places = 0;
			continue;
		}
		if (++digits > 9 || (places >= 0 && ++places > 3))
			return -EINVAL;
		milli = 10 * milli + (uint64_t)(*text - '0');
	}
	if (!digits || places == 0)
		return -EINVAL;
	for (places = places < 0 ? 0 : places; places < 3; places++)
		milli *= 10;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(units[i].name, text))
			continue;
		*ret_ns = milli * (units[i].ns / 1000);
		return 0;
	}
	return -EINVAL;
}

static int set_duration(struct parse *p, const char *key, const char *value, uint64_t *ret_ns)
{
	uint64_t ns;

	if (config_duration(value, &ns) || ns < 10000000 || ns > 3600000000000)
		return fail(p, "%s: a time from 10ms to 60min is wanted, not %.64s", key, value);
	*ret_ns = ns;
	snprintf(p->paced.file, sizeof(p->paced.file), "%s", p->line->file);
	p->paced.line = p->line->line;
	return 0;
}

static int set_budget(struct parse *p, const char *key, const char *value)
{
	struct ramify_size size;

	if (ramify_size_parse(value, &size) || size.kind != RAMIFY_SIZE_SHARE || !size.value)
		return fail(p, "%s: a share of one processor above 0 and up to 100%%, such as 1%%, is wanted, "
			    "not %.64s", key, value);
	p->config->budget_ppm = size.value;
	return 0;
}

static int set_rate(struct parse *p, const char *key, const char *value)
{
	struct ramify_size size;

	if (ramify_size_parse(value, &size) || size.kind != RAMIFY_SIZE_BYTES ||
	    size.value >> 62)
		return fail(p, "%s: a size is wanted, not %.64s", key, value);
	p->config->rate_bytes = size.value;
	return 0;
}

static int set_headroom(struct parse *p, const char *key, const char *value)
{
	struct ramify_size size;

	if (ramify_size_parse(value, &size) || size.kind == RAMIFY_SIZE_ALL || size.value >> 62 ||
	    (size.kind == RAMIFY_SIZE_SHARE && size.value > 500000))
		return fail(p, "%s: a size, or at most 50%%, is wanted, not %.64s", key, value);
	p->config->headroom_bytes = size.kind == RAMIFY_SIZE_BYTES ? size.value : 0;
	p->config->headroom_ppm = size.kind == RAMIFY_SIZE_SHARE ? size.value : 0;
	return 0;
}

static int set_sampler(struct parse *p, const char *key, const char *value)
{
	if (!sampler_find(value))
		return fail(p, "%s: there is no sampler %.64s", key, value);
	snprintf(p->config->sampler, sizeof(p->config->sampler), "%s", value);
	return 0;
}

static int set_word(struct parse *p, const char *key, const char *value, const char *no,
		    const char *yes, bool *ret_yes)
{
	if (strcmp(value, no) && strcmp(value, yes))
		return fail(p, "%s: %s or %s is wanted, not %.64s", key, no, yes, value);
	*ret_yes = !strcmp(value, yes);
	return 0;
}

/* Up to 65535, digits only. */
static int parse_port(const char *text, in_port_t *ret_port)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long port = digits && digits <= 5 ? strtoul(text, NULL, 10) : 0;

	if (text[digits] || !port || port > 65535)
		return -EINVAL;
	*ret_port = htons((uint16_t)port);
	return 0;
}

int config_loopback(const char *text, struct sockaddr_storage *ret_address)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	const char *colon = strrchr(text, ':');
	char host[16];

	if (!colon || colon - text >= (int)sizeof(host))
		return -EINVAL;
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	memset(ret_address, 0, sizeof(*ret_address));
	if (!strcmp(host, "[::1]")) {
		v6.sin6_addr = in6addr_loopback;
		memcpy(ret_address, &v6, sizeof(v6));
		return parse_port(colon + 1, &((struct sockaddr_in6 *)ret_address)->sin6_port);
	}
	if (inet_pton(AF_INET, host, &v4.sin_addr) != 1 || ntohl(v4.sin_addr.s_addr) >> 24 != 127)
		return -EINVAL;
	memcpy(ret_address, &v4, sizeof(v4));
	return parse_port(colon + 1, &((struct sockaddr_in *)ret_address)->sin_port);
}

static int set_metrics(struct parse *p, const char *key, const char *value)
{
	struct sockaddr_storage address;

	if (strlen(value) >= sizeof(p->config->metrics_listen) || config_loopback(value, &address))
		return fail(p, "%s: 127.0.0.1:PORT or [::1]:PORT is wanted, not %.64s", key, value);
	strcpy(p->config->metrics_listen, value);
	return 0;
}

/* ---- lines ---- */

static const char *const keys[] = { "period", "period-max", "budget", "rate", "headroom",
				    "sampler", "numa-balancing", "dry-run",
				    "metrics-listen", "demotion", "khugepaged" };
#define N_KEYS (sizeof(keys) / sizeof(*keys))

static int set_global(struct parse *p, const char *key, const char *value)
{
	struct config *c = p->config;
	unsigned int i = 0;

	while (i < N_KEYS && strcmp(keys[i], key))
		i++;
	if (i == N_KEYS)
		return fail(p, "%.64s: [global] has no such setting", key);
	if (p->given & 1u << i)
		return fail(p, "%s: is given twice", key);
	p->given |= 1u << i;
	switch (i) {
	case 0: return set_duration(p, key, value, &c->period_ns);
	case 1: return set_duration(p, key, value, &c->period_max_ns);
	case 2: return set_budget(p, key, value);
	case 3: return set_rate(p, key, value);
	case 4: return set_headroom(p, key, value);
	case 5: return set_sampler(p, key, value);
	case 6: return set_word(p, key, value, "keep", "off", &c->numa_balancing_off);
	case 7: return set_word(p, key, value, "no", "yes", &c->dry_run);
	case 8: return set_metrics(p, key, value);
	case 9: return set_word(p, key, value, "keep", "on", &c->demotion_on);
	default: return set_word(p, key, value, "keep", "off", &c->khugepaged_off);
	}
}

static int take(void *arg, const struct conf_line *line, struct policy_error *error)
{
	struct parse *p = arg;

	p->line = line;
	p->error = error;
	return strcmp(line->section, "global") ? -ENOENT : set_global(p, line->key, line->value);
}

struct config config_defaults(void)
{
	return (struct config){
		.period_ns = 1000000000,
		.period_max_ns = 30000000000,
		.budget_ppm = 10000,
		.headroom_ppm = 10000,
		.sampler = "auto",
	};
}

int config_text(struct config *config, const char *text, const char *file,
		struct policy_error *error)
{
	struct parse p = { .config = config };
	struct conf conf = { &config->policies, take, &p, error };

	return conf_text(&conf, text, file);
}

int config_load(const char *path, bool optional, struct config *ret_config,
		struct policy_error *error)
{
	struct config config = config_defaults();
	struct parse p = { .config = &config };
	struct conf conf = { &config.policies, take, &p, error };
	int err = conf_load(&conf, path, optional);

	if (!err && config.period_max_ns < config.period_ns)
		err = conf_fail(error, p.paced.file, p.paced.line,
				"period is longer than period-max: %g s and %g s",
				(double)config.period_ns / 1e9, (double)config.period_max_ns / 1e9);
	if (err)
		config_free(&config);
	else
		*ret_config = config;
	return err;
}

void config_free(struct config *config)
{
	policies_free(&config->policies);
}
