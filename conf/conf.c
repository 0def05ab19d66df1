// SPDX-License-Identifier: GPL-2.0-or-later
/* conf.c -- ramifyd.conf and policy.d, strictly: the first thing that is wrong refuses all. */

#include "conf.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ini/text.h"

#define FILE_MAX (1u << 20)
#define SECTION_MAX 48		/* what inih keeps of a section's name */

struct parse {
	const struct conf *conf;
	const char *file;
	struct ini_text text;		/* section_line is 0 when what is in it was seen */
	char section[SECTION_MAX + 1];	/* that begins there */
	int err;
};

int conf_fail(struct policy_error *error, const char *file, unsigned int line, const char *format,
	      ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->reason, sizeof(error->reason), format, args);
	va_end(args);
	for (char *c = error->reason; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	snprintf(error->file, sizeof(error->file), "%s", file);
	error->line = line;
	return -EINVAL;
}

#define fail(p, ...) conf_fail((p)->conf->error, (p)->file, (p)->text.line, __VA_ARGS__)

/* ---- lines ---- */

/* At its own line, which messages about all of it name. */
static int begin_policy(struct parse *p, const char *section, unsigned int line)
{
	if (!line || strncmp(section, "policy ", 7))
		return 0;
	return policies_add(p->conf->policies, section + 7 + strspn(section + 7, " \t"), p->file,
			    line, p->conf->error);
}

static int set(struct parse *p, const char *section, const char *key, const char *value)
{
	struct conf_line line = { section, key, value, p->file, p->text.line };
	int err = begin_policy(p, section, p->text.section_line);

	p->text.section_line = 0;
	if (!err)
		err = policies_line(p->conf->policies, section, key, value, p->file, p->text.line,
				    p->conf->error);
	if (err == -ENOENT)
		err = p->conf->other(p->conf->arg, &line, p->conf->error);
	if (err == -ENOENT)
		return fail(p, "%.64s: stands before any [section]", key);
	return err;
}

static int take(void *user, const char *section, const char *key, const char *value)
{
	struct parse *p = user;

	if (!p->err)
		p->err = set(p, section, key, value ? value : "");
	return !p->err;
}

/* Where it begins, as inih is silent about one in which there is nothing. */
static int check_section(struct parse *p, const char *line)
{
	size_t len = strcspn(line, "]\n");

	if (len > SECTION_MAX)
		return fail(p, "the section's name is longer than %d characters", SECTION_MAX);
	if (line[len] == ']' && strncmp(line, "[global]", 8) && strncmp(line, "[policy ", 8))
		return fail(p, "%.*s]: neither [global] nor [policy NAME]", (int)len, line);
	snprintf(p->section, sizeof(p->section), "%.*s", (int)len - 1, line + 1);
	return 0;
}

/* A section is over. inih does not tell of one in which there is nothing. */
static int end_section(struct parse *p, unsigned int line)
{
	return begin_policy(p, p->section, line);
}

static char *next_line(char *buf, int size, void *stream)
{
	struct parse *p = stream;
	unsigned int before = p->text.section_line;
	char *line = p->err ? NULL : ini_text_line(buf, size, &p->text);

	if (line && *line == '[')
		p->err = end_section(p, before);
	if (!p->err && p->text.too_long)
		p->err = fail(p, "the line is longer than %d characters", size - 2);
	else if (!p->err && line && *line == '[')
		p->err = check_section(p, line);
	return p->err ? NULL : line;
}

int conf_text(const struct conf *conf, const char *text, const char *file)
{
	struct parse p = { .conf = conf, .file = file, .text.rest = text };
	int bad_line = ini_parse_stream(next_line, &p, take, &p);

	if (!p.err)
		p.err = end_section(&p, p.text.section_line);
	/* inih says where, but goes on: what it does not understand may come first. */
	if (bad_line > 0 && (!p.err || (unsigned int)bad_line < p.text.line)) {
		p.text.line = (unsigned int)bad_line;
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
	struct stat st;
	size_t len = 0;

	if (fd < 0)
		return fail_file(path, NULL, -errno, error);
	err = fstat(fd, &st) ? -errno : 0;
	if (!err && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		close(fd);
		return fail_file(path, "is no regular file", -EINVAL, error);
	}
	if (!err)
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

static int load_file(const struct conf *conf, const char *path)
{
	char *text = malloc(FILE_MAX + 2);
	int err;

	if (!text)
		return fail_file(path, NULL, -ENOMEM, conf->error);
	err = read_text(path, text, conf->error);
	if (!err)
		err = conf_text(conf, text, path);
	free(text);
	return err;
}

static int is_conf(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return *entry->d_name != '.' && dot && !strcmp(dot, ".conf");
}

static int load_folder(const struct conf *conf, const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, is_conf, alphasort), err = 0;

	if (n < 0)
		return errno == ENOENT ? 0 : fail_file(path, NULL, -errno, conf->error);
	for (int i = 0; i < n; i++) {
		char file[4096];

		if (!err && snprintf(file, sizeof(file), "%s/%s", path, list[i]->d_name) <
				    (int)sizeof(file))
			err = load_file(conf, file);
		free(list[i]);
	}
	free(list);
	return err;
}

int conf_folder(const char *path, char *buf, size_t size)
{
	const char *slash = strrchr(path, '/');
	int len = snprintf(buf, size, "%.*spolicy.d", slash ? (int)(slash - path) + 1 : 0, path);

	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

int conf_load(const struct conf *conf, const char *path, bool optional)
{
	char folder[4096];
	int err = load_file(conf, path);

	if (err && !(optional && err == -ENOENT))
		return err;
	err = conf_folder(path, folder, sizeof(folder));
	if (err)
		return fail_file(path, NULL, err, conf->error);
	return load_folder(conf, folder);
}
