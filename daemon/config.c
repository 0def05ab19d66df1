// SPDX-License-Identifier: GPL-2.0-or-later
/* config.c -- ramifyd.conf and policy.d, strictly: the first thing that is wrong refuses all. */

#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/ramify.h"
#include "sample.h"

#define FILE_MAX (1u << 20)
#define SECTION_MAX 48		/* what inih keeps of a section's name */

struct parse {
	struct config *config;
	const char *file, *rest;
	unsigned int line;
	unsigned int section_line;	/* 0: what is in it was seen */
	uint32_t given;
	struct policy_error *error;
	int err;
};

static int fail(struct parse *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int fail(struct parse *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(p->error->reason, sizeof(p->error->reason), format, args);
	va_end(args);
	for (char *c = p->error->reason; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	snprintf(p->error->file, sizeof(p->error->file), "%s", p->file);
	p->error->line = p->line;
	return -EINVAL;
}

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
	return 0;
}

static int set_budget(struct parse *p, const char *key, const char *value)
{
	struct ramify_size size;

	if (ramify_size_parse(value, &size) || size.kind != RAMIFY_SIZE_SHARE || !size.value)
		return fail(p, "%s: a share of one processor such as 1%% is wanted, not %.64s", key,
			    value);
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
	if (strcmp(value, "auto") && !sampler_find(value))
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

/* ---- lines ---- */

static const char *const keys[] = { "period", "period-max", "budget", "rate", "headroom",
				    "sampler", "numa-balancing", "dry-run" };
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
	default: return set_word(p, key, value, "no", "yes", &c->dry_run);
	}
}

/* At its own line, which messages about all of it name. */
static int begin_policy(struct parse *p, const char *section)
{
	unsigned int line = p->section_line;

	p->section_line = 0;
	if (!line || strncmp(section, "policy ", 7))
		return 0;
	return policies_add(&p->config->policies, section + 7 + strspn(section + 7, " \t"), p->file,
			    line, p->error);
}

static int set(struct parse *p, const char *section, const char *key, const char *value)
{
	int err = begin_policy(p, section);

	if (err)
		return err;
	if (!strcmp(section, "global"))
		return set_global(p, key, value);
	err = policies_line(&p->config->policies, section, key, value, p->file, p->line, p->error);
	if (err == -ENOENT)
		return *section ? fail(p, "[%.64s]: neither [global] nor [policy NAME]", section) :
				  fail(p, "%.64s: stands before any [section]", key);
	return err;
}

static int take(void *user, const char *section, const char *key, const char *value)
{
	struct parse *p = user;

	if (!p->err)
		p->err = set(p, section, key, value ? value : "");
	return !p->err;
}

/* As fgets(). Without the blanks before it, or inih takes it for more of the value before. */
static char *next_line(char *buf, int size, void *stream)
{
	struct parse *p = stream;
	size_t len;

	if (!*p->rest || p->err)
		return NULL;
	p->line++;
	len = strcspn(p->rest, "\n");
	for (; len && isblank((unsigned char)*p->rest); len--)
		p->rest++;
	if (len + 2 > (size_t)size)
		p->err = fail(p, "the line is longer than %d characters", size - 2);
	else if (*p->rest == '[' && strcspn(p->rest, "]\n") > SECTION_MAX)
		p->err = fail(p, "the section's name is longer than %d characters", SECTION_MAX);
	if (p->err)
		return NULL;
	if (*p->rest == '[')
		p->section_line = p->line;
	memcpy(buf, p->rest, len);
	buf[len] = '\n';
	buf[len + 1] = '\0';
	p->rest += len + (p->rest[len] == '\n');
	return buf;
}

int config_text(struct config *config, const char *text, const char *file,
		struct policy_error *error)
{
	struct parse p = { .config = config, .file = file, .rest = text, .error = error };
	int bad_line = ini_parse_stream(next_line, &p, take, &p);

	/* inih says where, but goes on: what it does not understand may come first. */
	if (bad_line > 0 && (!p.err || (unsigned int)bad_line < p.line)) {
		p.line = (unsigned int)bad_line;
		return fail(&p, "neither [SECTION] nor KEY = VALUE");
	}
	if (bad_line < 0) {
		fail(&p, "out of memory");
		return -ENOMEM;
	}
	return p.err;
}

/* ---- files ---- */

static int fail_file(const char *path, const char *what, int err, struct policy_error *error)
{
	snprintf(error->file, sizeof(error->file), "%.255s", path);
	error->line = 0;
	snprintf(error->reason, sizeof(error->reason), "%s", what ? what : strerror(-err));
	return err;
}

/* All of a file, up to FILE_MAX. */
static int read_fd(int fd, char *text, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n;

	while (len <= FILE_MAX && (n = read(fd, text + len, FILE_MAX + 1 - len)) != 0) {
		if (n > 0)
			len += (size_t)n;
		else if (errno != EINTR)
			return -errno;
	}
	text[len <= FILE_MAX ? len : FILE_MAX] = '\0';
	*ret_len = len;
	return 0;
}

static int read_text(const char *path, char *text, struct policy_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;
	size_t len = 0;

	if (fd < 0)
		return fail_file(path, NULL, -errno, error);
	err = read_fd(fd, text, &len);
	close(fd);
	if (err)
		return fail_file(path, NULL, err, error);
	if (len > FILE_MAX)
		return fail_file(path, "is longer than 1 MiB", -EINVAL, error);
	if (memchr(text, '\0', len))
		return fail_file(path, "is no text: it has a zero byte in it", -EINVAL, error);
	return 0;
}

static int load_file(struct config *config, const char *path, struct policy_error *error)
{
	char *text = malloc(FILE_MAX + 2);
	int err;

	if (!text)
		return fail_file(path, NULL, -ENOMEM, error);
	err = read_text(path, text, error);
	if (!err)
		err = config_text(config, text, path, error);
	free(text);
	return err;
}

static int is_conf(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return *entry->d_name != '.' && dot && !strcmp(dot, ".conf");
}

static int load_folder(struct config *config, const char *path, struct policy_error *error)
{
	struct dirent **list;
	int n = scandir(path, &list, is_conf, alphasort), err = 0;

	if (n < 0)
		return errno == ENOENT ? 0 : fail_file(path, NULL, -errno, error);
	for (int i = 0; i < n; i++) {
		char file[4096];

		if (!err && snprintf(file, sizeof(file), "%s/%s", path, list[i]->d_name) <
				    (int)sizeof(file))
			err = load_file(config, file, error);
		free(list[i]);
	}
	free(list);
	return err;
}

static int load_all(struct config *config, const char *path, bool optional,
		    struct policy_error *error)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];
	int err;

	err = load_file(config, path, error);
	if (err && !(optional && err == -ENOENT))
		return err;
	if (snprintf(folder, sizeof(folder), "%.*spolicy.d", slash ? (int)(slash - path) + 1 : 0,
		     path) >= (int)sizeof(folder))
		return fail_file(path, NULL, -ENAMETOOLONG, error);
	err = load_folder(config, folder, error);
	if (!err && config->period_max_ns < config->period_ns)
		err = fail_file(path, "period is longer than period-max", -EINVAL, error);
	return err;
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

int config_load(const char *path, bool optional, struct config *ret_config,
		struct policy_error *error)
{
	struct config config = config_defaults();
	int err = load_all(&config, path, optional, error);

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
