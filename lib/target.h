/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* target.h -- the device that a change is about, found again after each step. */
#ifndef RAMIFY_LIB_TARGET_H
#define RAMIFY_LIB_TARGET_H

#include "state.h"

struct target {
	struct ramify_system *sys;
	const struct ramify_device *dev;
	const struct ramify_region *region;	/* NULL for held memory */
	uint64_t block_bytes;
	bool persistent;
};

/* @name as ramify_find_device() takes it. */
int target_open(struct ramify *ctx, const char *name, struct target *ret_target);
/* By what target_identity() gives. -ENODEV. */
int target_open_identity(struct ramify *ctx, const char *identity, struct target *ret_target);
/* Only its key, as below. */
int target_find_key(struct ramify *ctx, const char *name, char *key, size_t size);
/* Reads it anew, by what stays the same: its namespace, else its name. */
int target_refresh(struct ramify *ctx, struct target *target);
void target_close(struct target *target);

/* The lock's name, and what finds it again. */
const char *target_key(const struct target *target);

/* "dax0.0", or NULL for a namespace without a DAX device and for held memory. */
const char *target_dax(const struct target *target);

/* A DAX device that is there again while the memory that it gave is still held. */
bool target_is_back(const struct target *target);

/* The stock driver was taken from it while its memory was in use. */
bool target_is_stuck(const struct target *target);
int target_refuse_stuck(struct ramify *ctx, const struct target *target);

/* Names its record: the namespace's UUID, else the address where it begins. */
int target_identity(struct ramify *ctx, const struct target *target,
		    char identity[IDENTITY_SIZE]);

/* -EPERM, with a message, unless this is root. */
int target_need_root(struct ramify *ctx);

#endif
