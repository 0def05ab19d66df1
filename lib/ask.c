// SPDX-License-Identifier: LGPL-2.1-or-later
/* ask.c -- one question to ramifyd, over its socket. */

#include "context.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "reply.h"

#define SOCKET "run/ramify/ramifyd.sock"
#define SECONDS 30		/* without a byte */
#define REPLY_MAX (256u << 20)

static int not_there(struct ramify *ctx, const struct sockaddr_un *address, int err)
{
	if (err == -ENOENT || err == -ECONNREFUSED)
		return fail(ctx, err, "ramifyd does not run: nobody listens at %s; "
				      "\"systemctl start ramifyd\" starts it",
			    address->sun_path);
	if (err == -EAGAIN)
		return fail(ctx, err, "ramifyd has too much to do, or hangs: %s takes no more; "
				      "\"systemctl status ramifyd\" tells more",
			    address->sun_path);
	return fail(ctx, err, "cannot ask ramifyd at %s: %s", address->sun_path, strerror(-err));
}

/* A file descriptor, or -errno. */
static int open_socket(struct ramify *ctx)
{
	struct timeval timeout = { .tv_sec = SECONDS };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	err = ctx_path(ctx, address.sun_path, sizeof(address.sun_path), SOCKET);
	if (err)
		return fail(ctx, err, "the path of the root is too long for a socket");
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(ctx, -errno, "cannot make a socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		err = not_there(ctx, &address, -errno);
		close(fd);
		return err;
	}
	return fd;
}

/* One that refuses answers before it has heard all: that is no failure. */
static int send_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EPIPE || errno == ECONNRESET ? 0 : -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static int send_request(int fd, const char *method, const char *path, const char *body)
{
	char *text;
	int err, len;

	/* Of HTTP/1.0: so the answer comes in one piece, and ends with the connection. */
	len = asprintf(&text, "%s %s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n%s", method, path,
		       body ? strlen(body) : 0, body ? body : "");
	if (len < 0)
		return -ENOMEM;
	err = send_all(fd, text, (size_t)len);
	free(text);
	return err;
}

static int receive_all(int fd, char **ret_text, size_t *ret_len)
{
	size_t len = 0, size = 0;
	char *text = NULL;
	ssize_t n = 1;

	while (n) {
		if (len == size) {
			char *grown = size < REPLY_MAX ? realloc(text, 2 * size + 4096) : NULL;

			if (!grown) {
				free(text);
				return size < REPLY_MAX ? -ENOMEM : -EFBIG;
			}
			text = grown;
			size = 2 * size + 4096;
		}
		n = recv(fd, text + len, size - len, 0);
		if (n < 0 && errno == ECONNRESET)
			n = 0;
		if (n < 0 && errno != EINTR) {
			int err = -errno;

			free(text);
			return err;
		}
		len += n > 0 ? (size_t)n : 0;
	}
	*ret_text = text;
	*ret_len = len;
	return 0;
}

static int take_reply(int fd, unsigned int *ret_status, char **ret_text)
{
	const char *body = NULL;
	size_t len = 0, body_len = 0;
	char *text = NULL, *copy;
	int err = receive_all(fd, &text, &len);

	if (err)
		return err;
	err = reply_parse(text, len, ret_status, &body, &body_len);
	copy = err ? NULL : strndup(body, body_len);
	free(text);
	if (err)
		return err;
	if (!copy)
		return -ENOMEM;
	*ret_text = copy;
	return 0;
}

int ramify_ask(struct ramify *ctx, const char *method, const char *path, const char *body,
	       unsigned int *ret_status, char **ret_text)
{
	unsigned int status = 0;
	int err, fd = open_socket(ctx);
	char *text = NULL;

	if (fd < 0)
		return fd;
	err = send_request(fd, method, path, body);
	if (!err)
		err = take_reply(fd, &status, &text);
	close(fd);
	if (err == -EAGAIN)
		return fail(ctx, -ETIMEDOUT, "ramifyd does not answer; "
					     "\"systemctl status ramifyd\" tells more");
	if (err == -EPROTO)
		return fail(ctx, err, "ramifyd's answer makes no sense, or broke off");
	if (err)
		return fail(ctx, err, "the talk with ramifyd failed: %s", strerror(-err));
	*ret_status = status;
	*ret_text = text;
	return 0;
}
