// SPDX-License-Identifier: GPL-2.0-or-later
/* idlist_fuzz.c -- lists of nodes and CPUs. */

#include "idlist.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	const char *rest = text;
	unsigned int first, last;
	struct node_set nodes;
	int more;

	while ((more = idlist_next(&rest, &first, &last)) > 0)
		must(first <= last && rest <= text + strlen(text));
	must((more == 0) == (*rest == '\0'));
	must(more == 0 || idlist_nodes(text, &nodes) < 0);
	free(text);
	return 0;
}
