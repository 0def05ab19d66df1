/* SPDX-License-Identifier: GPL-2.0-or-later */
/* out.h -- how the commands print: trees, tables, sizes, JSON. */
#ifndef RAMIFY_CLI_OUT_H
#define RAMIFY_CLI_OUT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest result: "1023.9 KiB" and its NUL. */
#define OUT_SIZE_MAX 12

/* "896 MiB", "3.9 GiB", "0"; "-" for RAMIFY_UNKNOWN. Rounded to nearest. Returns @buf. */
const char *out_size(char buf[OUT_SIZE_MAX], uint64_t bytes);

enum out_flags {
	OUT_TREE = 1,			/* the column that draws the tree */
	OUT_RIGHT = 2,
	OUT_ASIDE = 4,			/* may go to a second table if the terminal is narrow */
	OUT_WRAP = 8,			/* text of several lines */
};

struct out_column {
	const char *title;
	unsigned int flags;
};

struct out_table;

/* NULL: no memory; the functions below take that, and the printing fails. Columns without
 * content are left out. */
struct out_table *out_table_create(const struct out_column *columns, size_t n);
void out_table_destroy(struct out_table *table);

/* A new row below row @parent, or at the top for -1. */
int out_row(struct out_table *table, int parent);
void out_cell(struct out_table *table, int row, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Long text, in lines that leave @left columns of the terminal to the cells before it. */
void out_text(struct out_table *table, int row, size_t column, size_t left, const char *text);
/* Nothing if there is no row. -ENOMEM. */
int out_table_print(const struct out_table *table);

/* Whether all that was printed has arrived. If not, that is told after @title, with @state, what
 * the memory is in, and what did not arrive is forgotten. */
bool out_arrived(const char *title, const char *state);

/* A line that says what has been done. Where stdout does not take it, stderr gets it: the work
 * is done all the same, and the exit status tells of that alone. */
void out_done(const char *title, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* null for RAMIFY_UNKNOWN, for NULL and for a negative number. Decimals have three places. */
void out_json_u64(struct json_object *object, const char *key, uint64_t value);
void out_json_decimal(struct json_object *object, const char *key, double value);
void out_json_text(struct json_object *object, const char *key, const char *text);
void out_json_number(struct json_object *object, const char *key, int number);
/* Prints and frees. */
int out_json_print(struct json_object *object);

#endif
