// SPDX-License-Identifier: GPL-2.0-or-later
/* heat.c -- tenants and their spaces come and go; what is known of them is shown. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "space.h"

#define MALLOC_BYTES 16

int heat_create(struct heat **ret_heat)
{
	struct heat *heat = calloc(1, sizeof(*heat));

	if (!heat)
		return -ENOMEM;
	heat->write_weight = 1;
	heat->round = 1;
	heat->bytes = sizeof(*heat) + MALLOC_BYTES;
	*ret_heat = heat;
	return 0;
}

void heat_destroy(struct heat *heat)
{
	if (!heat)
		return;
	while (heat->n_tenants)
		heat_tenant_remove(heat->tenants[heat->n_tenants - 1]);
	free(heat->tenants);
	free(heat);
}

static int grow_tenants(struct heat *heat)
{
	size_t size = heat->tenants_size ? 2 * heat->tenants_size : 8;
	struct heat_tenant **tenants;

	if (heat->n_tenants < heat->tenants_size)
		return 0;
	tenants = reallocarray(heat->tenants, size, sizeof(*tenants));
	if (!tenants)
		return -ENOMEM;
	heat->bytes += (size - heat->tenants_size) * sizeof(*tenants);
	heat->tenants = tenants;
	heat->tenants_size = size;
	return 0;
}

/* Most tenants have pages in one rank or two. */
static const uint64_t no_pages[HEAT_LEVELS];

static bool has_row(const struct heat_tenant *tenant, unsigned int rank)
{
	return tenant->pages[rank] != no_pages;
}

int tenant_row(struct heat_tenant *tenant, unsigned int rank)
{
	uint64_t *row;

	if (has_row(tenant, rank))
		return 0;
	row = calloc(HEAT_LEVELS, sizeof(*row));
	if (!row)
		return -ENOMEM;
	tenant->heat->bytes += sizeof(no_pages) + MALLOC_BYTES;
	tenant->pages[rank] = row;
	return 0;
}

static void free_rows(struct heat_tenant *tenant)
{
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++) {
		if (!has_row(tenant, rank))
			continue;
		tenant->heat->bytes -= sizeof(no_pages) + MALLOC_BYTES;
		free(tenant->pages[rank]);
	}
}

int heat_tenant_add(struct heat *heat, void *owner, struct heat_tenant **ret_tenant)
{
	struct heat_tenant *tenant;

	if (grow_tenants(heat))
		return -ENOMEM;
	tenant = calloc(1, sizeof(*tenant));
	if (!tenant)
		return -ENOMEM;
	tenant->heat = heat;
	tenant->owner = owner;
	tenant->settings = policy_defaults();
	tenant->ranks = (1u << HEAT_RANKS_MAX) - 1;
	tenant->confidence = 255;
	tenant->activity = 255;
	tenant->index = heat->n_tenants;
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++)
		tenant->pages[rank] = (uint64_t *)(uintptr_t)no_pages;
	tenant_changed(tenant);
	heat->tenants[heat->n_tenants++] = tenant;
	heat->bytes += sizeof(*tenant) + MALLOC_BYTES;
	*ret_tenant = tenant;
	return 0;
}

static void free_space(struct heat_space *space)
{
	space_clear(space);
	space->tenant->heat->bytes -= sizeof(*space) + MALLOC_BYTES;
	free(space);
}

void heat_tenant_remove(struct heat_tenant *tenant)
{
	struct heat *heat = tenant->heat;

	while (tenant->spaces) {
		struct heat_space *space = tenant->spaces;

		tenant->spaces = space->next;
		free_space(space);
	}
	watch_clear(&tenant->watch, &heat->bytes);
	free_rows(tenant);
	heat->n_tenants--;
	memmove(&heat->tenants[tenant->index], &heat->tenants[tenant->index + 1],
		(heat->n_tenants - tenant->index) * sizeof(struct heat_tenant *));
	for (size_t i = tenant->index; i < heat->n_tenants; i++)
		heat->tenants[i]->index = i;
	heat->bytes -= sizeof(*tenant) + MALLOC_BYTES;
	free(tenant);
}

void *heat_tenant_owner(const struct heat_tenant *tenant)
{
	return tenant->owner;
}

static unsigned int write_weight(const struct heat_tenant *tenant)
{
	return tenant->settings.write_weight ? tenant->settings.write_weight :
					       tenant->heat->write_weight;
}

static void count_group(struct heat_space *space, struct group *group)
{
	memset(group->levels, 0, sizeof(group->levels));
	for (uint32_t bits = group->have; bits; bits &= bits - 1) {
		unsigned int bit = (unsigned int)__builtin_ctz(bits);
		const struct run *run;
		struct runs buf;
		unsigned int n =
			chunk_view(&group->chunks[group_index(group, bit)], &buf, &run);

		space_count(space, group, group->number * GROUP_CHUNKS + bit, run, n, 1);
	}
}

void tenant_recount(struct heat_tenant *tenant)
{
	tenant->write_levels = cell_write_levels(write_weight(tenant));
	tenant->resident_pages = 0;
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++)
		if (has_row(tenant, rank))
			memset(tenant->pages[rank], 0, sizeof(no_pages));
	tenant_changed(tenant);
	for (struct heat_space *space = tenant->spaces; space; space = space->next) {
		for (size_t i = 0; i < space->n_groups; i++)
			count_group(space, space->groups[i]);
	}
}

void heat_tenant_settings(struct heat_tenant *tenant,
			  const struct policy_settings *settings)
{
	tenant->settings = *settings;
	tenant_recount(tenant);
}

void heat_tenant_ranks(struct heat_tenant *tenant, uint32_t allowed)
{
	if (tenant->ranks == allowed)
		return;
	tenant->ranks = allowed;
	tenant_changed(tenant);
}

void heat_measured_write_weight(struct heat *heat, unsigned int weight)
{
	if (heat->write_weight == weight)
		return;
	heat->write_weight = weight;
	for (size_t i = 0; i < heat->n_tenants; i++) {
		if (!heat->tenants[i]->settings.write_weight)
			tenant_recount(heat->tenants[i]);
	}
}

int heat_space_add(struct heat_tenant *tenant, void *owner, struct heat_space **ret_space)
{
	struct heat_space *space = calloc(1, sizeof(*space));

	if (!space)
		return -ENOMEM;
	space->tenant = tenant;
	space->owner = owner;
	space->id = tenant->heat->next_id++;
	space->next = tenant->spaces;
	tenant->spaces = space;
	tenant->heat->bytes += sizeof(*space) + MALLOC_BYTES;
	*ret_space = space;
	return 0;
}

void heat_space_remove(struct heat_space *space)
{
	struct heat_space **link = &space->tenant->spaces;

	while (*link != space)
		link = &(*link)->next;
	*link = space->next;
	free_space(space);
}

void *heat_space_owner(const struct heat_space *space)
{
	return space->owner;
}

struct heat_tenant *heat_space_tenant(const struct heat_space *space)
{
	return space->tenant;
}

void heat_round(struct heat *heat)
{
	heat->round++;
	for (size_t i = 0; i < heat->n_tenants; i++)
		watch_round(&heat->tenants[i]->watch, heat->round,
			    heat_resident_bytes(heat->tenants[i]) / HEAT_PAGE, &heat->bytes);
}

uint64_t heat_resident_bytes(const struct heat_tenant *tenant)
{
	return tenant->resident_pages * HEAT_PAGE;
}

size_t heat_size_bytes(const struct heat *heat)
{
	return heat->bytes;
}

static uint64_t blind_pages(const struct heat_tenant *tenant)
{
	uint64_t pages = 0;

	for (struct heat_space *space = tenant->spaces; space; space = space->next)
		pages += space->blind_pages;
	return pages;
}

static uint32_t left_alone(const struct heat_tenant *tenant)
{
	uint32_t round = tenant->heat->round, until = tenant->watch.quiet_until;

	return until > round ? until - round : 0;
}

void heat_stat(const struct heat_tenant *tenant, struct heat_stat *ret_stat)
{
	const struct watch *watch = &tenant->watch;

	memset(ret_stat, 0, sizeof(*ret_stat));
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++)
		memcpy(ret_stat->pages[rank], tenant->pages[rank], sizeof(no_pages));
	ret_stat->blind_pages = blind_pages(tenant);
	ret_stat->moved_pages = watch->moved_pages;
	ret_stat->bounced_pages = watch->bounced_pages;
	ret_stat->left_alone = left_alone(tenant);
}

struct heat_sums heat_sums(const struct heat_tenant *tenant, unsigned int fast_rank,
			   unsigned int hot_level)
{
	struct heat_sums sums = { .resident_bytes = heat_resident_bytes(tenant),
				  .blind_bytes = blind_pages(tenant) * HEAT_PAGE,
				  .left_alone = left_alone(tenant) };

	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++) {
		for (unsigned int level = 0; level < HEAT_LEVELS; level++) {
			uint64_t bytes = tenant->pages[rank][level] * HEAT_PAGE;

			sums.fast_bytes += rank <= fast_rank ? bytes : 0;
			sums.hot_bytes += level >= hot_level ? bytes : 0;
		}
	}
	return sums;
}

struct showing {
	uint64_t base, from;
	const struct chunk *chunk;
	struct heat_piece *pieces;
	size_t n, max;
};

static void show_stretch(void *arg, const struct stretch *s)
{
	struct showing *show = arg;
	uint64_t start = show->base + (uint64_t)s->first * HEAT_PAGE;
	uint64_t end = show->base + (uint64_t)s->end * HEAT_PAGE;

	if (end <= show->from || show->n == show->max)
		return;
	if (start < show->from)
		start = show->from;
	show->pieces[show->n++] = (struct heat_piece){
		.start = start,
		.n_pages = (uint32_t)((end - start) / HEAT_PAGE),
		.rank = (uint8_t)s->rank,
		.level = (uint8_t)s->level,
		.huge = show->chunk->flags & CHUNK_HUGE,
		.written = s->cell & CELL_WRITTEN,
	};
}

static void show_group(const struct heat_space *space, const struct group *group,
		       struct showing *show)
{
	for (uint32_t bits = group->have; bits && show->n < show->max; bits &= bits - 1) {
		unsigned int bit = (unsigned int)__builtin_ctz(bits);
		uint64_t number = group->number * GROUP_CHUNKS + bit;
		const struct run *run;
		struct runs buf;
		unsigned int n;

		if (chunk_address(number + 1) <= show->from)
			continue;
		show->base = chunk_address(number);
		show->chunk = &group->chunks[group_index(group, bit)];
		n = chunk_view(show->chunk, &buf, &run);
		space_stretches(space, number, run, n, show_stretch, show);
	}
}

size_t heat_pieces(const struct heat_space *space, uint64_t start,
		   struct heat_piece *pieces, size_t n)
{
	struct showing show = { .from = start, .pieces = pieces, .max = n };
	size_t i = space_seek(space, (start >> CHUNK_SHIFT) / GROUP_CHUNKS);

	for (; i < space->n_groups && show.n < n; i++)
		show_group(space, space->groups[i], &show);
	return show.n;
}
