// SPDX-License-Identifier: GPL-2.0-or-later
/* kv.c -- a client of Redis or memcached: one connection, requests by the batch, each answer checked. */

#include "kv.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define VALUE 1024
#define DIGITS 8
#define TRIES 3000	/* of 100 ms */
#define ANSWER_S 60
#define EACH_MAX (VALUE + 128)

/* Formats of a key, and what comes after a value. The server's answers have the same length for all keys. */
struct kv_words {
	const char *get, *got, *got_end, *set, *set_end, *done;
};

const struct kv_words kv_redis = {
	.get = "*2\r\n$3\r\nGET\r\n$12\r\nkey:%s\r\n",
	.got = "$1024\r\n",
	.got_end = "\r\n",
	.set = "*3\r\n$3\r\nSET\r\n$12\r\nkey:%s\r\n$1024\r\n",
	.set_end = "\r\n",
	.done = "+OK\r\n",
};

const struct kv_words kv_memcached = {
	.get = "get key:%s\r\n",
	.got = "VALUE key:%s 0 1024\r\n",
	.got_end = "\r\nEND\r\n",
	.set = "set key:%s 0 0 1024\r\n",
	.set_end = "\r\n",
	.done = "STORED\r\n",
};

static const struct kv_words *words;
static int server = -1;

void kv_open(const struct kv_words *its_words, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = ANSWER_S };
	struct timespec pause = { .tv_nsec = 100000000 };

	if (strlen(path) >= sizeof(address.sun_path))
		errx(1, "%s: too long for a socket", path);
	strcpy(address.sun_path, path);
	words = its_words;
	server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server < 0)
		err(1, "socket");
	for (int i = 0; connect(server, (struct sockaddr *)&address, sizeof(address)); i++) {
		if ((errno != ENOENT && errno != ECONNREFUSED) || i == TRIES)
			err(1, "%s", path);
		nanosleep(&pause, NULL);
	}
	if (setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		err(1, "%s: SO_RCVTIMEO", path);
}

static void send_all(const char *text, size_t length)
{
	while (length) {
		ssize_t n = send(server, text, length, MSG_NOSIGNAL);

		if (n < 0)
			err(1, "server");
		text += n;
		length -= n;
	}
}

/* Until all that is wanted has come, or what is not; or no more in time. */
static void expect(const char *wanted, size_t length)
{
	static char answer[KV_BATCH * EACH_MAX + 1];
	size_t have = 0;
	ssize_t n = 1;

	while (n > 0 && have < length && !memcmp(answer, wanted, have)) {
		n = recv(server, answer + have, length - have, 0);
		have += n > 0 ? n : 0;
	}
	if (have == length && !memcmp(answer, wanted, length))
		return;
	answer[have] = '\0';
	errx(1, "server: %zu bytes for an answer of %zu, not what was stored: %.60s", have, length, answer);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
static char *put_words(char *to, const char *format, const char *key)
{
	return to + sprintf(to, format, key);
}
#pragma GCC diagnostic pop

/* It begins with its key, so that an answer to another is seen. */
static char *put_value(char *to, const char *key, const char *end)
{
	static char rest[VALUE - DIGITS];

	if (!*rest)
		memset(rest, 'v', sizeof(rest));
	to = mempcpy(to, key, DIGITS);
	to = mempcpy(to, rest, sizeof(rest));
	return stpcpy(to, end);
}

void kv_use(const uint32_t *keys, const unsigned char *stores, size_t n)
{
	static char asks[KV_BATCH * EACH_MAX], wanted[KV_BATCH * EACH_MAX];
	char *ask = asks, *want = wanted;

	for (size_t i = 0; i < n; i++) {
		char key[DIGITS + 4];

		sprintf(key, "%08u", keys[i]);
		ask = put_words(ask, stores[i] ? words->set : words->get, key);
		want = put_words(want, stores[i] ? words->done : words->got, key);
		if (stores[i])
			ask = put_value(ask, key, words->set_end);
		else
			want = put_value(want, key, words->got_end);
	}
	send_all(asks, ask - asks);
	expect(wanted, want - wanted);
}

void kv_fill(size_t n)
{
	static const unsigned char stores[KV_BATCH] = { [0 ... KV_BATCH - 1] = 1 };
	uint32_t keys[KV_BATCH];

	for (size_t at = 0; at < n; at += KV_BATCH) {
		size_t more = n - at < KV_BATCH ? n - at : KV_BATCH;

		for (size_t i = 0; i < more; i++)
			keys[i] = at + i;
		kv_use(keys, stores, more);
	}
}
