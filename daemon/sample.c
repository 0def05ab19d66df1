// SPDX-License-Identifier: GPL-2.0-or-later
/* sample.c -- the samplers there are, the best one first, and which of them work here. */

#include <string.h>

#include "sample.h"
#include "selftest.h"

static const struct sampler *const samplers[] = {
	&sampler_scan,
	&sampler_bits_bpf,
	&sampler_bits_kcore,
	&sampler_damon,
};

#define N_SAMPLERS (sizeof(samplers) / sizeof(samplers[0]))

size_t sample_choose(struct sample_choice choices[SAMPLERS_MAX])
{
	_Static_assert(N_SAMPLERS <= SAMPLERS_MAX, "room for every sampler");

	for (size_t i = 0; i < N_SAMPLERS; i++) {
		choices[i] = (struct sample_choice){.sampler = samplers[i]};
		choices[i].works = !selftest(samplers[i], choices[i].why, sizeof(choices[i].why));
	}
	return N_SAMPLERS;
}

bool sampler_is(const struct sampler *sampler, const char *name)
{
	size_t n = strlen(name);

	return !strcmp(name, "auto") || !strcmp(name, sampler->name) ||
	       (n && !strncmp(name, sampler->name, n) && sampler->name[n] == '-');
}

const struct sampler *sampler_find(const char *name)
{
	for (size_t i = 0; i < N_SAMPLERS; i++)
		if (sampler_is(samplers[i], name))
			return samplers[i];
	return NULL;
}

bool sample_sees_writes(const char *name)
{
	const char *why;

	for (size_t i = 0; i < N_SAMPLERS; i++)
		if (samplers[i]->writes && sampler_is(samplers[i], name) &&
		    !samplers[i]->probe(&why))
			return true;
	return false;
}
