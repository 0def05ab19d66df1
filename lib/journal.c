// SPDX-License-Identifier: LGPL-2.1-or-later
/* journal.c -- what ramify's services said since this boot. */

#include "journal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>

#define SECONDS_MOST 5
#define NAME_MAX_BYTES 300

struct journal {
	sd_journal *from;
	time_t until; /* CLOCK_MONOTONIC */
	bool begun, empty;
};

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int match_boot(sd_journal *from)
{
	char match[sizeof("_BOOT_ID=") + SD_ID128_STRING_MAX];
	sd_id128_t id;
	int err = sd_id128_get_boot(&id);

	if (err < 0)
		return err;
	snprintf(match, sizeof(match), "_BOOT_ID=" SD_ID128_FORMAT_STR,
		 SD_ID128_FORMAT_VAL(id));
	err = sd_journal_add_match(from, match, 0);
	return err < 0 ? err : sd_journal_add_conjunction(from);
}

/* "UNIT=ramifyd.service"; no scope, as somebody's program may log in there. */
static bool is_service(const char *match)
{
	const char *unit = strchr(match, '=');
	size_t len = strlen(match);

	return unit && !strncmp(unit + 1, "ramify", 6) && len > 8 &&
	       !strcmp(match + len - 8, ".service");
}

/* Templated ones are known by what there is in the journal. */
static int match_services(struct journal *journal, const char *field)
{
	char match[NAME_MAX_BYTES];
	const void *data;
	size_t len;
	int err = sd_journal_query_unique(journal->from, field);

	while (err >= 0 &&
	       (err = sd_journal_enumerate_unique(journal->from, &data, &len)) >
		       0) {
		snprintf(match, sizeof(match), "%.*s", (int)len,
			 (const char *)data);
		if (now() > journal->until)
			return -ETIME;
		if (!is_service(match))
			continue;
		journal->empty = false;
		err = sd_journal_add_match(journal->from, match, 0);
	}
	return err;
}

int journal_open(size_t most, struct journal **ret_journal)
{
	struct journal *journal = calloc(1, sizeof(*journal));
	int err;

	if (!journal)
		return -ENOMEM;
	journal->until = now() + SECONDS_MOST;
	journal->empty = true;
	err = sd_journal_open(&journal->from, SD_JOURNAL_LOCAL_ONLY);
	if (err >= 0)
		err = match_boot(journal->from);
	/* By itself, or about it. */
	if (err >= 0)
		err = match_services(journal, "_SYSTEMD_UNIT");
	if (err >= 0)
		err = sd_journal_add_disjunction(journal->from);
	if (err >= 0)
		err = match_services(journal, "UNIT");
	if (err >= 0)
		err = sd_journal_seek_tail(journal->from);
	if (err >= 0 && !journal->empty)
		err = sd_journal_previous_skip(journal->from, most);
	if (err < 0) {
		journal_close(journal);
		return err;
	}
	journal->empty = !err || journal->empty;
	*ret_journal = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (journal)
		sd_journal_close(journal->from);
	free(journal);
}

/* "" if the entry has none. */
static void take_field(sd_journal *from, const char *field, char *buf,
		       size_t size)
{
	size_t len, name = strlen(field) + 1;
	const void *data;

	*buf = '\0';
	if (sd_journal_get_data(from, field, &data, &len) < 0 || len < name)
		return;
	snprintf(buf, size, "%.*s", (int)(len - name),
		 (const char *)data + name);
	for (char *c = buf; *c; c++) {
		if ((unsigned char)*c < ' ' && *c != '\n')
			*c = '?';
	}
}

static int print_entry(sd_journal *from, char *buf, size_t size)
{
	char date[32], who[NAME_MAX_BYTES];
	uint64_t us;
	struct tm tm;
	time_t seconds;
	size_t n;
	int err = sd_journal_get_realtime_usec(from, &us);

	if (err < 0)
		return err;
	seconds = us / 1000000;
	strftime(date, sizeof(date), "%F %T", gmtime_r(&seconds, &tm));
	take_field(from, "SYSLOG_IDENTIFIER", who, sizeof(who));
	n = snprintf(buf, size, "%s %s: ", date, who);
	if (n < size)
		take_field(from, "MESSAGE", buf + n, size - n);
	return 1;
}

int journal_next(struct journal *journal, char *buf, size_t size)
{
	int err = 1;

	if (journal->empty)
		return 0;
	if (now() > journal->until)
		return -ETIME;
	if (journal->begun)
		err = sd_journal_next(journal->from);
	journal->begun = true;
	return err <= 0 ? err : print_entry(journal->from, buf, size);
}
