#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify measure on the machine that the tests run on; its figures are nobody's to assert.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

figures="read_latency_ns read_mbps write_mbps copy_mbps"

measures()
{
	local figure

	expect 0 taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" \
		ramify measure --seconds 1 --json 0 || return
	for figure in $figures; do
		jq -e ".nodes[0].$figure | .median > 0 and .spread >= 0" "$scratch/out" || return
	done
	jq -e '.nodes[0] | .node == 0 and .cpus == 1 and .buffer_bytes >= 67108864' "$scratch/out"
	jq -e '.warnings | type == "array"' "$scratch/out"
}

table()
{
	expect 0 ramify measure --seconds 1 && grep -q '^NODE .*MEASURED .*SPREAD' "$scratch/out" &&
		grep -q 'read latency .* ns .* %' "$scratch/out" &&
		grep -q '^node 0: from .* CPU.* on .*iB' "$scratch/out"
}

says()
{
	local status=$1 text=$2

	shift 2
	expect "$status" "$@" && grep -q -- "$text" "$scratch/err"
}

# No point may become a comma in what a program reads.
locale()
{
	LC_ALL=de_DE.UTF-8 expect 0 ramify measure --seconds 1 --json 0 && jq -e . "$scratch/out"
}

# Without a terminal, a line every five seconds.
progress()
{
	expect 0 ramify measure --seconds 7 0 &&
		grep -qx 'node 0: measuring: [0-9]* of 20 runs' "$scratch/err"
}

if [ -n "$(cat /sys/devices/system/node/node0/cpulist 2>/dev/null)" ]; then
	check "a node in figures" measures
	check "a table" table
	check "JSON in any locale" locale
	check "how far it is" progress
fi
check "a node that is not there" says 1 'there is no node 1000' ramify measure 1000
check "no number of a node" says 2 'NODE takes a number up to 1023' ramify measure node1
check "a number too large" says 2 'not "1024"' ramify measure 1024
check "a node twice" says 2 'node 0 is given twice' ramify measure 0 00
check "no time" says 2 'takes a number from 1' ramify measure --seconds 0
check "more time than there is" says 2 'up to 3600' ramify measure --seconds 99999999999999999999
mkdir -p "$scratch/root/sys/devices/system/node"
check "another root" says 1 'only the running system' ramify --root "$scratch/root" measure 0
mkdir -p "$scratch/root/etc/ramify"
printf '[node 0]\ntier = x\n' >"$scratch/root/etc/ramify/tiers.conf"
check "a file with errors is told before anything else" \
	says 1 'tiers.conf, line 2: tier is .*; nothing was saved' ramify --root "$scratch/root" measure --save 0
plan
