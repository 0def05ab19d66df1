#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify list on the recorded trees: its JSON is what tests/trees/NAME.json says, its table what is here.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

# tree NAME: unpacks it, once, and sets root.
tree()
{
	root=$scratch/$1
	[ -d "$root" ] || tests/trees/unpack "tests/trees/$1.tree" "$root"
}

json_is_expected()
{
	expect 0 ramify --root "$root" list --json || return
	diff <(jq -S . "tests/trees/$1.json") <(jq -S . "$scratch/out")
}

# All that a field may be, for every tree.
json_is_sound()
{
	expect 0 ramify --root "$root" list --json || return
	jq -e '
		def natural: type == "number" and . >= 0;
		def known(t): . == null or t;
		(keys == ["devices", "nodes", "regions"]) and
		all(.nodes[]; (.node | natural) and (.cpus | type == "string") and
			(.rank | known(natural)) and (.total_bytes | known(natural))) and
		all(.regions[]; .source | IN("pmem", "soft-reserved", "cxl")) and
		all(.devices[];
			(.mode | IN("ram", "raw", "idle", "held")) and
			(.state | known(IN("adding", "offline", "partial", "online", "removing",
				"scrubbing", "held", "idle"))) and
			(.zone | known(IN("movable", "kernel", "mixed"))) and
			(.memmap | known(IN("dram", "device"))) and
			(.size_bytes | natural) and
			(.extents | known(length > 0)) and
			(.extents == null or .device[0:3] != "dax" or
				(.size_bytes == ([.extents[].size_bytes] | add))))' "$scratch/out"
}

# COLUMNS: what a terminal of that width would show.
on_terminal()
{
	script -qec "stty cols $1 && ramify --root $root list" /dev/null >"$scratch/typescript" || return
	tr -d '\r' <"$scratch/typescript"
}

fits()
{
	on_terminal "$1" >"$scratch/terminal" && [ "$(wc -L <"$scratch/terminal")" -le "$1" ]
}

# All of it can be had without a terminal, too.
plain_shows_all()
{
	ramify --root "$root" list >"$scratch/plain"
	diff <(on_terminal 300) "$scratch/plain"
}

# But for what changes from recording to recording.
table_pmem()
{
	tree pmem-kmem-6.12
	diff - <(ramify --root "$root" list |
		sed 's/ *[0-9a-f-]\{36\}$//; s/\(CPUs 0-1\).*/\1/' | tr -s ' ') <<-'END'
	NAME USE SIZE USED FREE LOST ONLINE ZONE DRIVER UUID/SERIAL
	tier 0
	└─node 0 CPUs 0-1
	tier 1
	└─node 1 no CPUs 768 MiB 0 768 MiB
	 └─region0 pmem 1 GiB
	 └─dax0.0 ram 1006 MiB 0 110 MiB 6/7 movable kmem
	END
}

table_none()
{
	tree none-6.12
	expect 0 ramify --root "$root" list && grep -q 'ramify doctor' "$scratch/out"
}

# As somebody who may not read addresses.
unprivileged()
{
	tree pmem-kmem-6.12
	chmod 755 "$scratch"
	if [ "$(id -u)" = 0 ]; then
		expect 0 setpriv --reuid 65534 --clear-groups "$(command -v ramify)" \
			--root "$root" list --json || return
	else
		expect 0 ramify --root "$root" list --json || return
	fi
	jq -e '.devices[0] | .extents == null and .added_bytes == null and .mode == "ram"' \
		"$scratch/out"
}

truncated()
{
	tree multi-extent-6.12
	cp -a "$root" "$scratch/truncated"
	printf 2147 >"$scratch/truncated/sys/devices/platform/hmem.0/dax0.3/mapping0/end"
	expect 1 ramify --root "$scratch/truncated" list --json || return
	[ ! -s "$scratch/out" ] && [ "$(wc -l <"$scratch/err")" = 1 ] &&
		grep -q 'dax0.3/mapping0' "$scratch/err"
}

no_sysfs()
{
	mkdir -p "$scratch/nothing"
	expect 1 ramify --root "$scratch/nothing" list && grep -q "no sysfs" "$scratch/err"
}

for file in tests/trees/*.tree; do
	name=$(basename "$file" .tree)
	tree "$name"
	check "$name: JSON is as expected" json_is_expected "$name"
	check "$name: JSON is sound" json_is_sound
	check "$name: fits 80 columns" fits 80
	check "$name: fits 120 columns" fits 120
done
check "nothing is left out without a terminal" plain_shows_all
check "the table of stock kmem" table_pmem
check "the table where there are no devices" table_none
check "without privilege" unprivileged
check "a truncated file is named" truncated
check "no sysfs" no_sysfs
check "this system's own" expect 0 ramify list
check "this system's own, as JSON" expect 0 ramify list --json
too_many()
{
	expect 2 ramify list dax0.0 && grep -q 'takes no argument such as "dax0.0"' "$scratch/err"
}

# A device that was added to another node than its region's takes the region there.
other_node()
{
	tree ours-6.12
	cp -a "$root" "$scratch/other"
	echo 0 >"$scratch/other/sys/devices/platform/hmem.0/dax0.0/ramify/node"
	expect 0 ramify --root "$scratch/other" list
	[ "$(grep -c 'hmem.0 ' "$scratch/out")" = 1 ]
}

# What an administrator has set in tiers.conf; and a file with errors, which stops nobody.
tiers_by_hand()
{
	tree hmat-6.12
	cp -a "$root" "$scratch/tiers"
	mkdir -p "$scratch/tiers/etc/ramify"
	printf '[node %d]\ntier = %d\n' 0 2 1 3 2 1 3 0 >"$scratch/tiers/etc/ramify/tiers.conf"
	expect 0 ramify --root "$scratch/tiers" list --json || return
	[ "$(jq -c '[.nodes[].rank]' "$scratch/out")" = '[2,3,1,0]' ] || return
	echo 'tier = 0' >>"$scratch/tiers/etc/ramify/tiers.conf"
	expect 0 ramify --root "$scratch/tiers" list --json || return
	[ "$(jq -c '[.nodes[].rank]' "$scratch/out")" = '[1,0,2,3]' ] &&
		[ "$(wc -l <"$scratch/err")" = 1 ] &&
		grep -q 'tiers.conf, line 9: tier is given twice.*none of the file holds' "$scratch/err"
}

check "tiers set by hand" tiers_by_hand
check "an argument too many" too_many
check "a device on another node than its region" other_node
plan
