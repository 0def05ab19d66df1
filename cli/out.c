// SPDX-License-Identifier: GPL-2.0-or-later
/* out.c -- how the commands print: trees, tables, sizes, JSON. */

#include "out.h"

#include <errno.h>
#include <libsmartcols.h>
#include <math.h>
#include <ramify.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MAX 16

const char *out_size(char buf[OUT_SIZE_MAX], uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0, tenths;
	uint64_t whole;

	if (bytes == RAMIFY_UNKNOWN || !bytes)
		return strcpy(buf, bytes ? "-" : "0");
	while (unit < 6 && bytes >> (10 * unit) >= 1024)
		unit++;
	whole = bytes >> (10 * unit);
	tenths = unit ? ((bytes >> (10 * (unit - 1)) & 1023) * 10 + 512) / 1024 : 0;
	if (whole >= 100 || tenths == 10) {
		whole += tenths >= 5;
		tenths = 0;
	}
	if (tenths)
		snprintf(buf, OUT_SIZE_MAX, "%u.%u %s", (unsigned int)whole, tenths, units[unit]);
	else
		snprintf(buf, OUT_SIZE_MAX, "%u %s", (unsigned int)whole, units[unit]);
	return buf;
}

struct row {
	int parent;
	char *cells[COLUMNS_MAX];
};

struct out_table {
	const struct out_column *columns;
	size_t n_columns;
	struct row *rows;
	int n_rows;
	bool incomplete;		/* memory ran out */
};

struct out_table *out_table_create(const struct out_column *columns, size_t n)
{
	struct out_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->columns = columns;
	table->n_columns = n < COLUMNS_MAX ? n : COLUMNS_MAX;
	return table;
}

void out_table_destroy(struct out_table *table)
{
	if (!table)
		return;
	for (int i = 0; i < table->n_rows; i++) {
		for (size_t k = 0; k < table->n_columns; k++)
			free(table->rows[i].cells[k]);
	}
	free(table->rows);
	free(table);
}

int out_row(struct out_table *table, int parent)
{
	struct row *rows;

	if (!table)
		return -1;
	rows = reallocarray(table->rows, table->n_rows + 1, sizeof(*rows));
	if (!rows) {
		table->incomplete = true;
		return -1;
	}
	table->rows = rows;
	rows[table->n_rows] = (struct row){ .parent = parent };
	return table->n_rows++;
}

/* SIZE_MAX: not a terminal. */
static size_t terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return SIZE_MAX;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

/* Turns blanks into line ends, so that no line is wider than @width, where words allow. */
static void wrap_words(char *text, size_t width)
{
	char *line = text, *blank = NULL;

	for (; *text; text++) {
		if (*text == '\n') {
			line = text + 1;
			blank = NULL;
		} else if (*text == ' ') {
			blank = text;
		}
		if ((size_t)(text - line) >= width && blank) {
			*blank = '\n';
			line = blank + 1;
			blank = NULL;
		}
	}
}

void out_text(struct out_table *table, int row, size_t column, size_t left, const char *text)
{
	size_t width = terminal_width();

	out_cell(table, row, column, "%s", text);
	if (table && row >= 0 && table->rows[row].cells[column] && width != SIZE_MAX)
		wrap_words(table->rows[row].cells[column], width > left + 20 ? width - left : 20);
}

void out_cell(struct out_table *table, int row, size_t column, const char *fmt, ...)
{
	char **cell;
	va_list ap;

	if (!table || row < 0)
		return;
	cell = &table->rows[row].cells[column];
	free(*cell);
	va_start(ap, fmt);
	if (vasprintf(cell, fmt, ap) < 0) {
		*cell = NULL;
		table->incomplete = true;
	}
	va_end(ap);
}

static bool has_content(const struct out_table *table, size_t column)
{
	for (int i = 0; i < table->n_rows; i++) {
		const char *cell = table->rows[i].cells[column];

		if (cell && *cell)
			return true;
	}
	return false;
}

static int smart_flags(unsigned int flags, bool tree)
{
	return (flags & OUT_TREE && tree ? SCOLS_FL_TREE : 0) |
	       (flags & OUT_RIGHT ? SCOLS_FL_RIGHT : 0) | (flags & OUT_WRAP ? SCOLS_FL_WRAP : 0);
}

/* Which columns and rows of a table are printed. */
struct part {
	bool columns[COLUMNS_MAX];
	bool tree;			/* else a list of the rows that have something to show */
};

static bool shows_row(const struct out_table *table, const struct part *part, int row)
{
	if (part->tree)
		return true;
	for (size_t k = 1; k < table->n_columns; k++) {
		const char *cell = table->rows[row].cells[k];

		if (part->columns[k] && cell && *cell)
			return true;
	}
	return false;
}

static int fill_columns(struct libscols_table *smart, const struct out_table *table,
			const struct part *part)
{
	for (size_t k = 0; k < table->n_columns; k++) {
		unsigned int flags = table->columns[k].flags;
		struct libscols_column *column;

		if (!part->columns[k])
			continue;
		column = scols_table_new_column(smart, table->columns[k].title, 0,
						smart_flags(flags, part->tree));
		if (!column)
			return -ENOMEM;
		if (flags & OUT_WRAP) {
			scols_column_set_safechars(column, "\n");
			scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
						  scols_wrapnl_nextchunk, NULL);
		}
	}
	return 0;
}

static int fill_cells(struct libscols_line *line, const struct out_table *table,
		      const struct part *part, int row)
{
	size_t place = 0;

	for (size_t k = 0; k < table->n_columns; k++) {
		const char *cell = table->rows[row].cells[k];

		if (!part->columns[k])
			continue;
		if (cell && scols_line_set_data(line, place, cell))
			return -ENOMEM;
		place++;
	}
	return 0;
}

static int fill_rows(struct libscols_table *smart, const struct out_table *table,
		     const struct part *part)
{
	struct libscols_line **lines = calloc(table->n_rows + 1, sizeof(struct libscols_line *));
	int err = lines ? 0 : -ENOMEM;

	for (int i = 0; !err && i < table->n_rows; i++) {
		int parent = part->tree ? table->rows[i].parent : -1;

		if (!shows_row(table, part, i))
			continue;
		lines[i] = scols_table_new_line(smart, parent < 0 ? NULL : lines[parent]);
		err = lines[i] ? fill_cells(lines[i], table, part, i) : -ENOMEM;
	}
	free(lines);
	return err;
}

static int make_smart(const struct out_table *table, const struct part *part,
		      struct libscols_table **ret_smart)
{
	struct libscols_table *smart = scols_new_table();
	int err = smart ? fill_columns(smart, table, part) : -ENOMEM;

	if (!err)
		err = fill_rows(smart, table, part);
	if (err) {
		scols_unref_table(smart);
		return err;
	}
	*ret_smart = smart;
	return 0;
}

/* The text for this terminal, or, if @unbounded, for one of any width. */
static int render(const struct out_table *table, const struct part *part, bool unbounded,
		  char **ret_text)
{
	struct libscols_table *smart;
	int err = make_smart(table, part, &smart);

	if (err)
		return err;
	if (unbounded)
		scols_table_set_termforce(smart, SCOLS_TERMFORCE_NEVER);
	err = scols_print_table_to_string(smart, ret_text);
	scols_unref_table(smart);
	return err;
}

static size_t widest_line(const char *text)
{
	size_t widest = 0, width = 0;

	for (; *text; text++) {
		if (*text == '\n') {
			width = 0;
			continue;
		}
		/* A byte that continues a character of UTF-8 takes no place. */
		width += (*text & 0xc0) != 0x80;
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* Without the blanks that fill up a line whose last cells are empty. */
static void print_trimmed(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), shown = len;

		while (shown && text[shown - 1] == ' ')
			shown--;
		printf("%.*s\n", (int)shown, text);
		text += len + (text[len] == '\n');
	}
}

static int print_part(const struct out_table *table, const struct part *part)
{
	char *text;
	int err = render(table, part, false, &text);

	if (err)
		return err;
	print_trimmed(text);
	free(text);
	return 0;
}

/* -ENOMEM, or whether all of the part's columns have room. */
static int fits(const struct out_table *table, const struct part *part)
{
	char *text;
	int err = render(table, part, true, &text);

	if (err)
		return err;
	err = widest_line(text) <= terminal_width();
	free(text);
	return err;
}

/* From the right, until the rest fits, or none is left that may go. */
static int move_aside(const struct out_table *table, struct part *main, struct part *aside)
{
	for (size_t k = table->n_columns; k-- > 1;) {
		int done;

		if (!main->columns[k] || !(table->columns[k].flags & OUT_ASIDE))
			continue;
		done = fits(table, main);
		if (done)
			return done < 0 ? done : 0;
		main->columns[k] = false;
		aside->columns[k] = true;
	}
	return 0;
}

int out_table_print(const struct out_table *table)
{
	struct part main = { .tree = true }, aside = { .columns = { true } };
	bool in_two = false;
	int err;

	if (!table || table->incomplete)
		return -ENOMEM;
	/* Neither are there columns then, and libsmartcols fails. */
	if (!table->n_rows)
		return 0;
	for (size_t k = 0; k < table->n_columns; k++)
		main.columns[k] = has_content(table, k);
	err = move_aside(table, &main, &aside);
	for (size_t k = 1; k < table->n_columns; k++)
		in_two |= aside.columns[k];
	if (!err)
		err = print_part(table, &main);
	if (err || !in_two)
		return err;
	putchar('\n');
	return print_part(table, &aside);
}

/* NULL, or why not all has arrived. */
static const char *flush(void)
{
	const char *why;

	if (fflush(stdout))
		why = strerror(errno);
	else if (ferror(stdout))
		why = "an earlier write failed";
	else
		return NULL;
	__fpurge(stdout);
	clearerr(stdout);
	return why;
}

bool out_arrived(const char *title, const char *state)
{
	const char *why = flush();

	if (why)
		fprintf(stderr, "%s: cannot write the output: %s; %s\n", title, why, state);
	return !why;
}

void out_done(const char *title, const char *fmt, ...)
{
	char line[512];
	const char *why;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	puts(line);
	why = flush();
	if (why)
		fprintf(stderr, "%s: %s (the output cannot be written: %s)\n", title, line, why);
}

void out_json_u64(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, value == RAMIFY_UNKNOWN
						    ? NULL
						    : json_object_new_uint64(value));
}

/* With a point whatever the locale. A negative value is one that is not known. */
void out_json_decimal(struct json_object *object, const char *key, double value)
{
	struct json_object *number = NULL;
	char text[48];

	if (value >= 0) {
		long long thousandths = llround(value * 1000);

		snprintf(text, sizeof(text), "%lld.%03lld", thousandths / 1000, thousandths % 1000);
		number = json_object_new_double_s(value, text);
	}
	json_object_object_add(object, key, number);
}

void out_json_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

void out_json_number(struct json_object *object, const char *key, int number)
{
	json_object_object_add(object, key, number < 0 ? NULL : json_object_new_int(number));
}

int out_json_print(struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
				JSON_C_TO_STRING_NOSLASHESCAPE);
	int err = text ? 0 : -ENOMEM;

	if (text)
		puts(text);
	json_object_put(object);
	return err;
}
