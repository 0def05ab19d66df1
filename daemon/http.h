/* SPDX-License-Identifier: GPL-2.0-or-later */
/* http.h -- speaks HTTP, from the event loop: takes requests, and hands out answers of api.c. */
#ifndef RAMIFYD_HTTP_H
#define RAMIFYD_HTTP_H

#include <systemd/sd-event.h>

#include "api.h"

/*
 * All sources have the loop's lowest priority, the same as rounds: sd-event serves those of one
 * priority in turn. So between two steps of a round one connection is accepted, or what has
 * arrived is read, or one request is answered; neither can keep the other from going on.
 *
 * Bounds: HTTP_CLIENTS connections, HTTP_CLIENTS_USERS of them not root's, HTTP_CLIENTS_EACH of
 * one user's; HTTP_BODY_MAX bytes of a request's body; HTTP_HELD_MAX bytes of answers that nobody
 * has fetched yet; HTTP_IDLE_S seconds without a byte, HTTP_TOTAL_S until all is said and done.
 */
#define HTTP_CLIENTS 64
#define HTTP_CLIENTS_USERS 48
#define HTTP_CLIENTS_EACH 16
#define HTTP_BODY_MAX 65536
#define HTTP_HELD_MAX (64u << 20)
#define HTTP_IDLE_S 10
#define HTTP_TOTAL_S 30

struct http;

/** Nobody is served before http_listen(). */
int http_create(sd_event *event, struct api *api, struct http **ret_http);
/** @fd is taken over, also on failure. */
int http_listen(struct http *http, int fd);
/** The same for one at which all that come are of PEER_NET, in place of the one before; -1: none. */
int http_listen_net(struct http *http, int fd);
/** What has been asked is not answered any more. */
void http_destroy(struct http *http);

#endif
