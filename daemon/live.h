/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live.h -- the configuration that holds: what files say, and what was set live over it. */
#ifndef RAMIFYD_LIVE_H
#define RAMIFYD_LIVE_H

#include "config.h"
#include "core/overlay.h"

struct live {
	struct config files;
	struct overlays overlays;
};

/** Is a configuration right for this machine? @error is set if not. */
int live_check(const struct config *config, struct policy_error *error);
typedef void live_note(const char *text);
/** What is right, and yet does nothing on this machine: @note is called for each, with a text. */
void live_notes(const struct config *config, live_note *note);

/*
 * Each of these makes a configuration anew, checks all of it, and only then takes over what
 * it was given and hands out in @ret_config what holds now. On failure that is left alone, and
 * all stays as it was.
 */
/** What files say, from now on. */
int live_files(struct live *live, struct config *files, struct config *ret_config,
	       struct policy_error *error);
/** What is set live, from now on. */
int live_overlays(struct live *live, struct overlays *overlays, struct config *ret_config,
		  struct policy_error *error);
void live_exit(struct live *live);

#endif
