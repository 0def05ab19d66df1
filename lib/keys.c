// SPDX-License-Identifier: LGPL-2.1-or-later
/* keys.c -- the keys whose certificates the kernel has, as far as /proc/keys tells. */

#include "keys.h"

#include <stdio.h>
#include <string.h>

#include "lines.h"

/* The last @what in @text. */
static char *find_last(char *text, const char *what)
{
	char *found = NULL, *next = text;

	while ((next = strstr(next, what)))
		found = next++;
	return found;
}

/* "ID FLAGS USES UNTIL RIGHTS UID GID asymmetri NAME: HEX: X509.rsa HEX []" */
const char *keys_subject(char *line)
{
	char type[16], *end;
	int at = 0;

	if (sscanf(line, "%*x %*s %*d %*s %*x %*d %*d %15s %n", type, &at) != 1 || !at ||
	    strcmp(type, "asymmetri") != 0)
		return NULL;
	line += at;
	end = find_last(line, ": X509.");
	if (!end)
		return NULL;
	*end = '\0';
	end = find_last(line, ": ");
	if (!end)
		return NULL;
	*end = '\0';
	return line;
}

struct search {
	const char *signer;
	struct keys keys;
};

static int match(void *arg, char *line)
{
	const char *subject = keys_subject(line);
	struct search *s = arg;
	size_t len, wanted = strlen(s->signer);

	if (!subject)
		return 0;
	s->keys.n++;
	len = strlen(subject);
	if (len < wanted || strcmp(subject + len - wanted, s->signer) != 0)
		return 0;
	if (len == wanted || (len - wanted >= 2 && !memcmp(subject + len - wanted - 2, ": ", 2)))
		s->keys.has_signer = true;
	return 0;
}

int keys_find(struct ramify *ctx, const char *signer, struct keys *ret_keys)
{
	struct search s = { .signer = signer };
	int err = lines_each(ctx, "proc/keys", match, &s);

	if (!err)
		*ret_keys = s.keys;
	return err;
}
