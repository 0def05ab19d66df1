// SPDX-License-Identifier: GPL-2.0-or-later
/* loop.c -- the daemon's life: signals, timers, the service manager; rounds in between. */

#include "loop.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "changes.h"
#include "clock.h"
#include "demotion.h"
#include "http.h"
#include "khugepaged.h"
#include "listen.h"
#include "log.h"
#include "numab.h"
#include "pause.h"
#include "round.h"

struct loop {
	const char *path;
	bool optional;
	struct round round;
	sd_event *event;
	sd_event_source *timer, *work;
	struct live live;
	struct api api;
	struct http *http;
};

/* ---- configuration ---- */

static void set_numab(bool off)
{
	const char *at;
	int now = numab_read(), err;

	/* This kernel cannot. */
	if (now == -ENOENT)
		return;
	err = off ? numab_off(&at) : numab_restore(&at);
	if (err < 0)
		log_line(SD_WARNING, "kernel.numa_balancing stays as it is: %s: %s", at,
			 strerror(-err));
	else if (off)
		log_line(SD_INFO, "kernel.numa_balancing is off until ramifyd stops");
	else if (now > 0)
		log_line(SD_NOTICE,
			 "kernel.numa_balancing is %d: the kernel moves pages too; [global] "
			 "numa-balancing = off turns it off",
			 now);
}

static void set_demotion(bool on)
{
	const char *at;
	int err = on ? demotion_on(&at) : demotion_restore(&at);

	if (err)
		log_line(SD_WARNING, "numa/demotion_enabled stays as it is: %s: %s", at,
			 strerror(-err));
	else if (on)
		log_line(SD_INFO, "numa/demotion_enabled is on until ramifyd stops");
	else if (!demotion_read() && demotion_saves())
		log_line(SD_NOTICE,
			 "numa/demotion_enabled is off: where programs take fast memory faster than it is "
			 "made free, the kernel swaps out; [global] demotion = on lets it demote");
}

static bool splits(const struct policies *policies)
{
	for (size_t i = 0; i < policies->n; i++)
		if (policies->items[i].settings.huge == POLICY_HUGE_SPLIT)
			return true;
	return false;
}

static void set_khugepaged(const struct config *config)
{
	const char *at;
	int err = config->khugepaged_off ? khugepaged_off(&at) : khugepaged_restore(&at);

	if (err)
		log_line(SD_WARNING, "khugepaged stays as it is: %s: %s", at, strerror(-err));
	else if (config->khugepaged_off)
		log_line(SD_INFO, "khugepaged is off until ramifyd stops");
	else if (splits(&config->policies) && khugepaged_works())
		log_line(SD_NOTICE,
			 "khugepaged joins what huge = split takes apart; [global] khugepaged = off stops it");
}

/* Without it all else goes on. */
static void open_metrics(struct loop *loop, const char *where)
{
	int fd = -1, err = *where ? listen_loopback(where, &fd) : 0;

	if (!err)
		err = http_listen_net(loop->http, fd);
	else
		http_listen_net(loop->http, -1);
	if (err)
		log_line(SD_ERR, "no metrics at %s: %s", where, strerror(-err));
	else if (*where)
		log_line(SD_INFO, "metrics at http://%s/metrics", where);
}

static void log_note(const char *text)
{
	log_line(SD_NOTICE, "%s", text);
}

static void reload(void *arg)
{
	struct policy_error error = { 0 };
	struct config files, config;
	struct loop *loop = arg;
	int err;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, clock_now_ns() / 1000);
	err = config_load(loop->path, loop->optional, &files, &error);
	if (!err) {
		err = live_files(&loop->live, &files, &config, &error);
		if (err)
			config_free(&files);
	}
	if (err) {
		log_event(EVENT_REFUSED, SD_ERR, "%s:%u: %s; all stays as it was before", error.file, error.line,
			 error.reason);
		sd_notifyf(0, "READY=1\nSTATUS=%s:%u: %s; the configuration before holds",
			   error.file, error.line, error.reason);
		return;
	}
	if (config.numa_balancing_off != loop->round.config.numa_balancing_off)
		set_numab(config.numa_balancing_off);
	if (config.demotion_on != loop->round.config.demotion_on)
		set_demotion(config.demotion_on);
	if (config.khugepaged_off != loop->round.config.khugepaged_off)
		set_khugepaged(&config);
	if (strcmp(config.metrics_listen, loop->round.config.metrics_listen))
		open_metrics(loop, config.metrics_listen);
	round_configure(&loop->round, &config);
	live_notes(&loop->round.config, log_note);
	log_event(EVENT_RELOADED, SD_INFO, "reloaded: %zu %s", loop->round.config.policies.n,
		  config_policies_word(&loop->round.config));
	sd_notifyf(0, "READY=1\nSTATUS=%zu %s", loop->round.config.policies.n,
		   config_policies_word(&loop->round.config));
}

static int on_hup(sd_event_source *source, const struct signalfd_siginfo *info, void *arg)
{
	reload(arg);
	return 0;
}

/* ---- rounds ---- */

static int work(sd_event_source *source, void *arg)
{
	struct loop *loop = arg;
	int err;

	/* Anew each time: then it stands behind requests that came meanwhile. */
	if (round_step(&loop->round))
		return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	err = sd_event_source_set_time(loop->timer, round_due_ns(&loop->round) / 1000);
	if (err >= 0)
		err = sd_event_source_set_enabled(loop->timer, SD_EVENT_ONESHOT);
	return err;
}

static int begin(sd_event_source *source, uint64_t usec, void *arg)
{
	struct loop *loop = arg;
	int err = round_begin(&loop->round);

	/* Then this round does nothing; the next is due all the same. */
	if (err)
		log_line(SD_ERR, "no round: %s", strerror(-err));
	return sd_event_source_set_enabled(loop->work, SD_EVENT_ONESHOT);
}

/* ---- start and end ---- */

static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return sigprocmask(SIG_BLOCK, &set, NULL) ? -errno : 0;
}

static int add_sources(struct loop *loop)
{
	int err = block_signals();

	if (err >= 0)
		err = sd_event_add_signal(loop->event, NULL, SIGTERM, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_signal(loop->event, NULL, SIGINT, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_signal(loop->event, NULL, SIGHUP, on_hup, loop);
	if (err >= 0)
		err = sd_event_add_time(loop->event, &loop->timer, CLOCK_MONOTONIC, 0, 1000, begin,
					loop);
	if (err >= 0)
		err = sd_event_add_defer(loop->event, &loop->work, work, loop);
	if (err >= 0)
		err = sd_event_source_set_enabled(loop->work, SD_EVENT_OFF);
	/* After signals; in turn with requests, which http.h tells of. */
	if (err >= 0)
		err = sd_event_source_set_priority(loop->work, SD_EVENT_PRIORITY_IDLE);
	if (err >= 0)
		err = changes_watch(loop->event, loop->path, reload, loop);
	if (err >= 0)
		err = sd_event_set_watchdog(loop->event, true);
	return err;
}

static int open_api(struct loop *loop, const char *path)
{
	int fd = -1, err;

	loop->api.round = &loop->round;
	loop->api.live = &loop->live;
	err = pause_path(path, loop->api.pause_path, sizeof(loop->api.pause_path));
	if (!err)
		err = listen_unix(path, &fd);
	if (!err)
		err = http_create(loop->event, &loop->api, &loop->http);
	if (!err)
		return http_listen(loop->http, fd);
	if (fd >= 0)
		close(fd);
	log_line(SD_ERR, "no socket at %s: %s", path,
		 err == -EADDRINUSE ? "another ramifyd listens there" : strerror(-err));
	return err;
}

/* What was changed of the kernel, by this one or one before it. */
static void restore(void)
{
	static const struct {
		const char *name;
		int (*restore)(const char **ret_at);
	} settings[] = {
		{ "kernel.numa_balancing", numab_restore },
		{ "numa/demotion_enabled", demotion_restore },
		{ "khugepaged's pause", khugepaged_restore },
	};
	const char *at;
	int err;

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		err = settings[i].restore(&at);
		if (err)
			log_line(SD_WARNING, "%s is not restored: %s: %s", settings[i].name, at,
				 strerror(-err));
	}
}

static int serve(struct loop *loop, const char *socket)
{
	int err = add_sources(loop);

	if (err >= 0)
		err = open_api(loop, socket);
	if (err < 0)
		return err;
	loop->round.paused = pause_read(loop->api.pause_path);
	set_numab(loop->round.config.numa_balancing_off);
	set_demotion(loop->round.config.demotion_on);
	set_khugepaged(&loop->round.config);
	if (*loop->round.config.metrics_listen)
		open_metrics(loop, loop->round.config.metrics_listen);
	if (loop->round.paused)
		log_event(EVENT_PAUSED, SD_NOTICE, "paused, as before: \"ramify policy resume\" goes on");
	live_notes(&loop->round.config, log_note);
	log_event(EVENT_STARTED, SD_INFO, "started: %zu %s, %u %s", loop->round.config.policies.n,
		  config_policies_word(&loop->round.config), loop->round.tiers.n,
		  loop->round.tiers.n == 1 ? "tier" : "tiers");
	sd_notifyf(0, "READY=1\nSTATUS=%zu %s", loop->round.config.policies.n,
		   config_policies_word(&loop->round.config));
	err = sd_event_loop(loop->event);
	sd_notify(0, "STOPPING=1");
	restore();
	http_destroy(loop->http);
	unlink(socket);
	sd_event_source_unref(loop->timer);
	sd_event_source_unref(loop->work);
	return err;
}

int loop_run(const char *path, bool optional, const char *socket, struct config *files)
{
	static struct loop loop;	/* large */
	struct policy_error error;
	struct config config;
	int err;

	loop.path = path;
	loop.optional = optional;
	err = live_files(&loop.live, files, &config, &error);
	if (err)
		return err;
	err = round_init(&loop.round, &config);
	if (err)
		return err;
	err = sd_event_default(&loop.event);
	if (err >= 0)
		err = serve(&loop, socket);
	sd_event_unref(loop.event);
	round_exit(&loop.round);
	live_exit(&loop.live);
	return err;
}
