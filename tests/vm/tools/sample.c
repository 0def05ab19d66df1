// SPDX-License-Identifier: GPL-2.0-or-later
/* sample.c -- the daemon's samplers on this machine: which work, and why others do not. */

#include <stdio.h>
#include <string.h>

#include "daemon/sample.h"

int main(void)
{
	struct sample_choice choices[SAMPLERS_MAX];
	size_t n = sample_choose(choices);

	for (size_t i = 0; i < n; i++)
		printf("%s: %s\n", choices[i].sampler->name,
		       choices[i].works ? "works" : choices[i].why);
	return 0;
}
