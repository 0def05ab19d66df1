// SPDX-License-Identifier: GPL-2.0-or-later
/* api_tiers.c -- GET /v1/tiers: nodes by rank, and what is free. */

#include "api.h"
#include "json.h"

static struct json_object *node_json(const struct tiers *tiers, unsigned int node)
{
	const struct zoneinfo_node *now = &tiers->now.nodes[node];
	struct json_object *json = json_object_new_object();

	json_u64(json, "node", node);
	json_add(json, "tier", tiers->ids[node] < 0 ? NULL : json_object_new_int(tiers->ids[node]));
	json_u64(json, "rank", tiers->ranks[node]);
	json_u64(json, "managed_bytes", now->managed_bytes);
	json_u64(json, "free_bytes", now->free_bytes);
	json_u64(json, "idle_file_bytes", tiers_idle(tiers, node));
	json_u64(json, "kept_free_bytes", tiers_mark(tiers, node));
	return json;
}

static struct json_object *rank_json(const struct tiers *tiers, unsigned int rank)
{
	struct json_object *json = json_object_new_object(), *nodes;

	json_u64(json, "rank", rank);
	json_flag(json, "fast", rank <= tiers->fast_rank);
	json_known(json, "read_latency_ns", tiers->read_ns[rank]);
	json_known(json, "write_latency_ns", tiers->write_ns[rank]);
	nodes = json_list(json, "nodes");
	for (unsigned int node = 0; node < tiers->n_nodes; node++) {
		if (tiers->ranks[node] == rank && tiers->now.nodes[node].managed_bytes)
			json_object_array_add(nodes, node_json(tiers, node));
	}
	return json;
}

int api_tiers(struct api *api, const struct api_request *request, struct json_object **ret_json,
	      struct policy_error *error)
{
	struct json_object *all = json_object_new_object(), *list = json_list(all, "tiers");
	const struct tiers *tiers = &api->round->tiers;

	for (unsigned int rank = 0; rank < tiers->n; rank++)
		json_object_array_add(list, rank_json(tiers, rank));
	json_u64(all, "write_weight", tiers->write_weight);
	*ret_json = all;
	return 0;
}
