/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kv.h -- a client of Redis or memcached that checks each answer; what is wrong ends the program. */
#ifndef BENCH_KV_H
#define BENCH_KV_H

#include <stddef.h>
#include <stdint.h>

/* Requests that are on their way at a time. */
#define KV_BATCH 16

struct kv_words;

extern const struct kv_words kv_redis, kv_memcached;

/** Connects to a server at the socket of this @path; waits for 300 s until it is there. */
void kv_open(const struct kv_words *words, const char *path);

/** Stores a value of 1 KiB for each of the keys below @n. */
void kv_fill(size_t n);

/** Reads the values of @n (up to KV_BATCH) keys, or stores them where @stores. */
void kv_use(const uint32_t *keys, const unsigned char *stores, size_t n);

#endif
