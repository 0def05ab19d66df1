// SPDX-License-Identifier: LGPL-2.1-or-later
/* idlist.c -- the kernel's lists of numbers, such as "0-3,8" for nodes or CPUs. */

#include "idlist.h"

#include <errno.h>

/* CPUs and nodes are far fewer; the limit keeps the sum below from wrapping. */
#define ID_MAX 1000000

static int take_number(const char **text, unsigned int *ret_number)
{
	const char *s = *text;
	unsigned int number = 0;

	if (*s < '0' || *s > '9')
		return -EINVAL;
	for (; *s >= '0' && *s <= '9'; s++) {
		number = number * 10 + (*s - '0');
		if (number > ID_MAX)
			return -EINVAL;
	}
	*text = s;
	*ret_number = number;
	return 0;
}

int idlist_next(const char **text, unsigned int *ret_first, unsigned int *ret_last)
{
	unsigned int first, last;
	const char *s = *text;

	if (!*s)
		return 0;
	if (take_number(&s, &first))
		return -EINVAL;
	last = first;
	if (*s == '-') {
		s++;
		if (take_number(&s, &last) || last < first)
			return -EINVAL;
	}
	if (*s && (*s != ',' || !*++s))
		return -EINVAL;
	*text = s;
	*ret_first = first;
	*ret_last = last;
	return 1;
}

int idlist_nodes(const char *text, struct node_set *ret_nodes)
{
	struct node_set nodes = { 0 };
	unsigned int first, last;
	int more;

	while ((more = idlist_next(&text, &first, &last)) > 0) {
		if (last >= NODES_MAX)
			return -ERANGE;
		for (; first <= last; first++)
			nodes.has[first] = true;
	}
	if (!more)
		*ret_nodes = nodes;
	return more;
}
