// SPDX-License-Identifier: GPL-2.0-or-later
/* http.c -- speaks HTTP, from the event loop: takes requests, and hands out answers of api.c. */

#include "http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum { LISTEN_UNIX, LISTEN_NET, LISTENERS };
#define MEMORY_MAX 32768	/* of one connection: its headers */
#define URL_MAX 1024
#define TICK_USEC 1000000

struct listener {
	struct http *http;
	sd_event_source *source;	/* NULL: there is none */
	bool net;
};

struct client {
	struct client *next;
	struct peer peer;
	int fd;
	uint64_t since_ns;	/* it came, or its last request was done */
	bool waits;		/* for us */
};

/* A request and its answer. */
struct exchange {
	struct http *http;
	struct client *client;
	struct MHD_Connection *connection;
	const struct api_route *route;
	char name[URL_MAX];	/* what follows the route's path */
	char *body;
	size_t len;
	struct api_answer answer;
	bool answered;
	struct exchange *next;	/* whose turn is next */
};

struct http {
	struct api *api;
	sd_event *event;
	struct MHD_Daemon *mhd;
	sd_event_source *io, *tick;
	sd_event_source *again;		/* run() has more to do at once */
	sd_event_source *turn;		/* somebody is queued */
	struct listener listeners[LISTENERS];
	struct client *clients;
	unsigned int n_clients;
	struct client *coming;		/* is being given to microhttpd */
	struct exchange *queue;
	size_t held_bytes;
	gid_t group;
};

/* ---- clients ---- */

static unsigned int count_others(const struct http *http, const struct peer *peer, bool same)
{
	unsigned int n = 0;

	for (const struct client *c = http->clients; c; c = c->next)
		n += c->peer.right != PEER_WRITE && (!same || c->peer.uid == peer->uid);
	return n;
}

static bool has_room(const struct http *http, const struct peer *peer)
{
	if (http->n_clients >= HTTP_CLIENTS)
		return false;
	return peer->right == PEER_WRITE ||
	       (count_others(http, peer, false) < HTTP_CLIENTS_USERS &&
		count_others(http, peer, true) < HTTP_CLIENTS_EACH);
}

/* Those that come wait outside while all places are taken. */
static void open_doors(struct http *http)
{
	int on = http->n_clients < HTTP_CLIENTS ? SD_EVENT_ON : SD_EVENT_OFF;

	for (size_t i = 0; i < LISTENERS; i++) {
		if (http->listeners[i].source)
			sd_event_source_set_enabled(http->listeners[i].source, on);
	}
	sd_event_source_set_enabled(http->tick, http->n_clients ? SD_EVENT_ON : SD_EVENT_OFF);
}

static struct client *client_create(struct http *http, int fd, const struct peer *peer)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->peer = *peer;
	client->fd = fd;
	client->since_ns = clock_now_ns();
	client->next = http->clients;
	http->clients = client;
	http->n_clients++;
	return client;
}

static void client_destroy(struct http *http, struct client *client)
{
	struct client **link = &http->clients;

	while (*link != client)
		link = &(*link)->next;
	*link = client->next;
	http->n_clients--;
	free(client);
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *http = arg;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = http->coming;
		http->coming = NULL;
	} else {
		client_destroy(http, *context);
		open_doors(http);
	}
}

/* ---- answers ---- */

struct held {
	struct http *http;
	size_t len;
	char text[];
};

static void release(void *arg)
{
	struct held *held = arg;

	held->http->held_bytes -= held->len;
	free(held);
}

/* NULL: no memory, or too much of it waits to be fetched. */
static struct MHD_Response *hold(struct http *http, const char *text, size_t len)
{
	struct MHD_Response *response;
	struct held *held;

	if (len > HTTP_HELD_MAX - http->held_bytes)
		return NULL;
	held = malloc(sizeof(*held) + len);
	if (!held)
		return NULL;
	held->http = http;
	held->len = len;
	memcpy(held->text, text, len);
	http->held_bytes += len;
	response = MHD_create_response_from_buffer_with_free_callback_cls(len, held->text, release,
									  held);
	if (!response)
		release(held);
	return response;
}

static enum MHD_Result send_answer(struct http *http, struct MHD_Connection *connection,
				   struct api_answer *answer)
{
	struct MHD_Response *response = NULL;
	enum MHD_Result result = MHD_NO;

	if (answer->text)
		response = hold(http, answer->text, answer->len);
	free(answer->text);
	answer->text = NULL;
	if (!response)
		return MHD_NO;
	if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type))
		result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- requests ---- */

static void unqueue(struct exchange *exchange)
{
	struct exchange **link = &exchange->http->queue;

	while (*link && *link != exchange)
		link = &(*link)->next;
	if (*link)
		*link = exchange->next;
}

static void queue(struct exchange *exchange)
{
	struct exchange **link = &exchange->http->queue;

	while (*link)
		link = &(*link)->next;
	exchange->next = NULL;
	*link = exchange;
	exchange->client->waits = true;
	sd_event_source_set_enabled(exchange->http->turn, SD_EVENT_ONESHOT);
}

static int on_turn(sd_event_source *source, void *arg)
{
	struct http *http = arg;
	struct exchange *now = http->queue;

	if (!now)
		return 0;
	http->queue = now->next;
	api_call(http->api, now->route, &now->client->peer, now->name, now->body, now->len,
		 &now->answer);
	now->answered = true;
	now->client->waits = false;
	MHD_resume_connection(now->connection);
	sd_event_source_set_enabled(http->again, SD_EVENT_ONESHOT);
	return http->queue ? sd_event_source_set_enabled(source, SD_EVENT_ONESHOT) : 0;
}

static struct client *client_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

static bool is_too_long(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_CONTENT_LENGTH);

	return length && strtoull(length, NULL, 10) > HTTP_BODY_MAX;
}

/* Before its body is read. NULL, and it is answered, or there is no memory. */
static struct exchange *begin(struct http *http, struct MHD_Connection *connection,
			      const char *url, const char *method, struct api_answer *answer)
{
	struct client *client = client_of(connection);
	struct policy_error error = { .reason = "the request is too long" };
	const struct api_route *route;
	struct exchange *exchange;
	const char *name;

	if (strlen(url) >= URL_MAX || is_too_long(connection)) {
		api_refuse(MHD_HTTP_CONTENT_TOO_LARGE, &error, answer);
		return NULL;
	}
	route = api_find(method, url, &client->peer, &name, answer);
	if (!route)
		return NULL;
	exchange = calloc(1, sizeof(*exchange));
	if (!exchange)
		return NULL;
	exchange->http = http;
	exchange->client = client;
	exchange->connection = connection;
	exchange->route = route;
	strcpy(exchange->name, name);
	return exchange;
}

/* False: it is more than it may be. */
static bool take_body(struct exchange *exchange, const char *data, size_t len)
{
	char *grown;

	if (len > HTTP_BODY_MAX - exchange->len)
		return false;
	grown = realloc(exchange->body, exchange->len + len);
	if (!grown)
		return false;
	memcpy(grown + exchange->len, data, len);
	exchange->body = grown;
	exchange->len += len;
	return true;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *data_len, void **context)
{
	struct exchange *exchange = *context;
	struct http *http = arg;

	if (!exchange) {
		struct api_answer answer = { 0 };

		exchange = begin(http, connection, url, method, &answer);
		*context = exchange;
		return exchange ? MHD_YES : send_answer(http, connection, &answer);
	}
	if (*data_len) {
		size_t len = *data_len;

		*data_len = 0;
		return take_body(exchange, data, len) ? MHD_YES : MHD_NO;
	}
	if (exchange->answered)
		return send_answer(http, connection, &exchange->answer);
	queue(exchange);
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *context;

	client_of(connection)->since_ns = clock_now_ns();
	if (!exchange)
		return;
	exchange->client->waits = false;
	unqueue(exchange);
	free(exchange->answer.text);
	free(exchange->body);
	free(exchange);
	*context = NULL;
}

/* ---- the event loop ---- */

static int run(struct http *http)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	MHD_run(http->mhd);
	if (MHD_get_timeout(http->mhd, &wait_ms) == MHD_YES && !wait_ms)
		return sd_event_source_set_enabled(http->again, SD_EVENT_ONESHOT);
	return 0;
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	return run(arg);
}

static int on_again(sd_event_source *source, void *arg)
{
	return run(arg);
}

/* Those that say or take a byte now and then never time out by microhttpd's count. */
static int on_tick(sd_event_source *source, uint64_t usec, void *arg)
{
	uint64_t now_ns = clock_now_ns();
	struct http *http = arg;
	int err;

	for (struct client *client = http->clients; client; client = client->next) {
		if (!client->waits && now_ns - client->since_ns > HTTP_TOTAL_S * 1000000000ULL)
			shutdown(client->fd, SHUT_RDWR);
	}
	err = sd_event_source_set_time_relative(source, TICK_USEC);
	return err < 0 ? err : run(http);
}

static void refuse(int fd)
{
	static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\n"
				   "Content-Type: application/json\r\n"
				   "Content-Length: 35\r\n"
				   "Connection: close\r\n"
				   "\r\n"
				   "{ \"error\": \"too many connections\" }\n";

	send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void admit(struct http *http, int fd, const struct peer *peer)
{
	struct sockaddr address = { .sa_family = AF_UNIX };
	struct client *client = client_create(http, fd, peer);

	if (!client) {
		close(fd);
		return;
	}
	http->coming = client;
	MHD_add_connection(http->mhd, fd, &address, sizeof(address));
	/* Then it has closed the descriptor. */
	if (http->coming)
		client_destroy(http, client);
	http->coming = NULL;
	open_doors(http);
}

static int on_coming(sd_event_source *source, int listen_fd, uint32_t events, void *arg)
{
	struct listener *listener = arg;
	struct http *http = listener->http;
	struct peer peer = { .uid = (uid_t)-1, .right = PEER_NET };
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return 0;
	if (!listener->net && peer_read(fd, http->group, &peer))
		close(fd);
	else if (!has_room(http, &peer))
		refuse(fd);
	else
		admit(http, fd, &peer);
	return 0;
}

/* ---- start and end ---- */

static struct MHD_Daemon *start_mhd(struct http *http)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
					MHD_ALLOW_SUSPEND_RESUME,
				0, NULL, NULL, on_request, http,
				MHD_OPTION_CONNECTION_LIMIT, (unsigned int)HTTP_CLIENTS,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_MAX,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)HTTP_IDLE_S,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
				MHD_OPTION_STRICT_FOR_CLIENT, 1,
				MHD_OPTION_END);
}

static int add_defer(struct http *http, sd_event_handler_t handler, sd_event_source **ret_source)
{
	int err = sd_event_add_defer(http->event, ret_source, handler, http);

	if (err >= 0)
		err = sd_event_source_set_enabled(*ret_source, SD_EVENT_OFF);
	if (err >= 0)
		err = sd_event_source_set_priority(*ret_source, SD_EVENT_PRIORITY_IDLE);
	return err;
}

static int add_sources(struct http *http)
{
	int fd = MHD_get_daemon_info(http->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	int err = sd_event_add_io(http->event, &http->io, fd, EPOLLIN, on_io, http);

	if (err >= 0)
		err = sd_event_source_set_priority(http->io, SD_EVENT_PRIORITY_IDLE);
	if (err >= 0)
		err = add_defer(http, on_again, &http->again);
	if (err >= 0)
		err = add_defer(http, on_turn, &http->turn);
	if (err >= 0)
		err = sd_event_add_time_relative(http->event, &http->tick, CLOCK_MONOTONIC,
						 TICK_USEC, 0, on_tick, http);
	if (err >= 0)
		err = sd_event_source_set_priority(http->tick, SD_EVENT_PRIORITY_IDLE);
	if (err >= 0)
		err = sd_event_source_set_enabled(http->tick, SD_EVENT_OFF);
	return err < 0 ? err : 0;
}

int http_create(sd_event *event, struct api *api, struct http **ret_http)
{
	struct http *http = calloc(1, sizeof(*http));
	int err;

	if (!http)
		return -ENOMEM;
	http->api = api;
	http->event = sd_event_ref(event);
	http->group = peer_group();
	http->mhd = start_mhd(http);
	err = http->mhd ? add_sources(http) : -ENOMEM;
	if (err) {
		http_destroy(http);
		return err;
	}
	*ret_http = http;
	return 0;
}

static int add_listener(struct http *http, struct listener *listener, int fd)
{
	int err;

	listener->http = http;
	err = sd_event_add_io(http->event, &listener->source, fd, EPOLLIN, on_coming, listener);
	if (err < 0) {
		close(fd);
		return err;
	}
	sd_event_source_set_io_fd_own(listener->source, true);
	err = sd_event_source_set_priority(listener->source, SD_EVENT_PRIORITY_IDLE);
	open_doors(http);
	return err < 0 ? err : 0;
}

int http_listen(struct http *http, int fd)
{
	return add_listener(http, &http->listeners[LISTEN_UNIX], fd);
}

int http_listen_net(struct http *http, int fd)
{
	struct listener *listener = &http->listeners[LISTEN_NET];

	listener->source = sd_event_source_disable_unref(listener->source);
	listener->net = true;
	return fd < 0 ? 0 : add_listener(http, listener, fd);
}

void http_destroy(struct http *http)
{
	if (!http)
		return;
	for (size_t i = 0; i < LISTENERS; i++)
		http->listeners[i].source = sd_event_source_disable_unref(http->listeners[i].source);
	/* What is suspended cannot be stopped. */
	for (struct exchange *exchange = http->queue; exchange; exchange = exchange->next)
		MHD_resume_connection(exchange->connection);
	if (http->mhd)
		MHD_stop_daemon(http->mhd);
	sd_event_source_disable_unref(http->io);
	sd_event_source_disable_unref(http->again);
	sd_event_source_disable_unref(http->turn);
	sd_event_source_disable_unref(http->tick);
	sd_event_unref(http->event);
	free(http);
}
