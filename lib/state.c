// SPDX-License-Identifier: LGPL-2.1-or-later
/* state.c -- the write-ahead record's text: written, and read back strictly. */

#include "state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "crc32.h"

#define MAGIC "ramify-state 1\n"
#define RANGES_MAX 65536
/* "crc " and eight digits and a newline. */
#define CRC_LINE 13

static const char *const phases[] = { "adding", "ram", "offlining", "releasing",
				      "reshaping" };
static const char *const marks[] = { "none", "file", "label" };
static const char *const zones[] = { "unknown", "movable", "kernel" };

int ranges_append(struct state_ranges *ranges, uint64_t start, uint64_t size_bytes)
{
	struct ramify_extent *last = ranges->n ? &ranges->items[ranges->n - 1] : NULL, *grown;

	if (last && last->start + last->size_bytes == start) {
		last->size_bytes += size_bytes;
		return 0;
	}
	grown = realloc(ranges->items, (ranges->n + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	ranges->items = grown;
	grown[ranges->n++] = (struct ramify_extent){ start, size_bytes };
	return 0;
}

void ranges_clear(struct state_ranges *ranges)
{
	free(ranges->items);
	*ranges = (struct state_ranges){ 0 };
}

void state_clear(struct state *state)
{
	ranges_clear(&state->extents);
	ranges_clear(&state->online);
}

static void print_ranges(FILE *out, const char *key, const struct state_ranges *ranges)
{
	for (size_t i = 0; i < ranges->n; i++) {
		const struct ramify_extent *e = &ranges->items[i];

		fprintf(out, "%s 0x%" PRIx64 "-0x%" PRIx64 "\n", key, e->start,
			e->start + e->size_bytes - 1);
	}
}

int state_format(const struct state *state, char **ret_text)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return -ENOMEM;
	fprintf(out, MAGIC "identity %s\ndevice %s\nboot %s\ndriver %s\n", state->identity,
		state->device, state->boot, *state->driver ? state->driver : "-");
	fprintf(out, "phase %s\nmark %s\nzone %s\n", phases[state->phase], marks[state->mark],
		zones[state->zone]);
	print_ranges(out, "extent", &state->extents);
	print_ranges(out, "online", &state->online);
	if (fflush(out) == 0)
		fprintf(out, "crc %08" PRIx32 "\n", crc32_update(0, text, len));
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret_text = text;
	return 0;
}

/* Takes "KEY VALUE\n" off *@text; the value is ended in place. NULL: another line. */
static char *take_line(char **text, const char *key)
{
	size_t len = strlen(key);
	char *value, *end;

	if (strncmp(*text, key, len) != 0 || (*text)[len] != ' ')
		return NULL;
	value = *text + len + 1;
	end = strchr(value, '\n');
	if (!end)
		return NULL;
	*end = '\0';
	*text = end + 1;
	return value;
}

/* Names end up in paths and on terminals: no slash, no leading dot, plain ASCII. */
static bool word_is_plain(const char *word)
{
	if (!*word || *word == '.')
		return false;
	for (; *word; word++)
		if (*word <= ' ' || *word > '~' || *word == '/')
			return false;
	return true;
}

static int take_word(char **text, const char *key, char word[IDENTITY_SIZE])
{
	const char *value = take_line(text, key);

	if (!value || strlen(value) >= IDENTITY_SIZE || !word_is_plain(value))
		return -EBADMSG;
	strcpy(word, value);
	return 0;
}

static int take_choice(char **text, const char *key, const char *const *choices, size_t n,
		       int *ret_choice)
{
	const char *value = take_line(text, key);

	for (size_t i = 0; value && i < n; i++)
		if (strcmp(value, choices[i]) == 0) {
			*ret_choice = i;
			return 0;
		}
	return -EBADMSG;
}

static int take_ranges(char **text, const char *key, struct state_ranges *ranges)
{
	const char *value;

	while ((value = take_line(text, key))) {
		struct ramify_extent e;
		int err;

		if (parse_range(value, &e) || ranges->n == RANGES_MAX)
			return -EBADMSG;
		err = ranges_append(ranges, e.start, e.size_bytes);
		if (err)
			return err;
	}
	return 0;
}

static int take_words(char **text, struct state *s)
{
	if (take_word(text, "identity", s->identity) || take_word(text, "device", s->device) ||
	    take_word(text, "boot", s->boot) || take_word(text, "driver", s->driver))
		return -EBADMSG;
	if (strcmp(s->driver, "-") == 0)
		*s->driver = '\0';
	return 0;
}

static int take_choices(char **text, struct state *s)
{
	int phase, mark, zone;

	if (take_choice(text, "phase", phases, 5, &phase) ||
	    take_choice(text, "mark", marks, 3, &mark) ||
	    take_choice(text, "zone", zones, 3, &zone))
		return -EBADMSG;
	s->phase = phase;
	s->mark = mark;
	s->zone = zone;
	return 0;
}

static int take_body(char *text, struct state *s)
{
	int err;

	if (strncmp(text, MAGIC, strlen(MAGIC)) != 0)
		return -EBADMSG;
	text += strlen(MAGIC);
	err = take_words(&text, s);
	if (!err)
		err = take_choices(&text, s);
	if (!err)
		err = take_ranges(&text, "extent", &s->extents);
	if (!err)
		err = take_ranges(&text, "online", &s->online);
	return err ? err : *text ? -EBADMSG : 0;
}

static bool crc_is_right(const char *text, size_t len)
{
	char line[CRC_LINE + 1];

	if (len < CRC_LINE || memchr(text, '\0', len))
		return false;
	snprintf(line, sizeof(line), "crc %08" PRIx32 "\n",
		 crc32_update(0, text, len - CRC_LINE));
	return memcmp(text + len - CRC_LINE, line, CRC_LINE) == 0;
}

int state_parse(const char *text, size_t len, struct state *ret_state)
{
	struct state state = { 0 };
	char *body;
	int err;

	if (!crc_is_right(text, len))
		return -EBADMSG;
	body = strndup(text, len - CRC_LINE);
	if (!body)
		return -ENOMEM;
	err = take_body(body, &state);
	free(body);
	if (err) {
		state_clear(&state);
		return err;
	}
	*ret_state = state;
	return 0;
}
