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

/* Formats of a key and, but for get, a value. The server's answers have the same length for all keys. */
struct kv_words {
	const char *get, *got, *set, *done;
};

const struct kv_words kv_redis = {
	.get = "*2\r\n$3\r\nGET\r\n$12\r\nkey:%s\r\n",
	.got = "$1024\r\n%.0s%s\r\n",
	.set = "*3\r\n$3\r\nSET\r\n$12\r\nkey:%s\r\n$1024\r\n%s\r\n",
	.done = "+OK\r\n",
};

const struct kv_words kv_memcached = {
	.get = "get key:%s\r\n",
	.got = "VALUE key:%s 0 1024\r\n%s\r\nEND\r\n",
	.set = "set key:%s 0 0 1024\r\n%s\r\n",
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

/* A value begins with its key, so that an answer to another is seen. */
static void words_for(uint32_t number, char *key, char *value)
{
	sprintf(key, "%08u", number);
	memcpy(value, key, DIGITS);
	memset(value + DIGITS, 'v', VALUE - DIGITS);
	value[VALUE] = '\0';
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

void kv_use(const uint32_t *keys, const unsigned char *stores, size_t n)
{
	static char ask[KV_BATCH * EACH_MAX], wanted[KV_BATCH * EACH_MAX];
	size_t asks = 0, wants = 0;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (size_t i = 0; i < n; i++) {
		char key[DIGITS + 4], value[VALUE + 1];

		words_for(keys[i], key, value);
		asks += sprintf(ask + asks, stores[i] ? words->set : words->get, key, value);
		wants += sprintf(wanted + wants, stores[i] ? words->done : words->got, key, value);
	}
#pragma GCC diagnostic pop
	send_all(ask, asks);
	expect(wanted, wants);
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
