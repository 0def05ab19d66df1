#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of the cases remember and remember_cut: keep, booted, plug; then the power cuts.
. tests/vm/guest.sh
. tests/vm/driver.sh

# of REGION FIELD: of the first device of a region whose name begins so
of()
{
	ramify list --json |
		jq -r --arg r "$1" "[.devices[] | select(.region | startswith(\$r))][0].$2"
}

is_ram()
{
	[ "$(of "$1" mode)" = ram ] && [ "$(of "$1" state)" = online ]
}

# What is done by nobody but us, and nobody is asked.
is_settled()
{
	wait_for 60 is_ram "$1" || { systemctl status 'ramify-*' || :; die "$1 is no RAM"; }
}

keep()
{
	load nvdimm soft-reserved
	init_labels nmem0
	ndctl create-namespace -r region0 -m raw >/dev/null
	ramify add --keep --zone kernel --adistance 700 namespace0.0
	ramify keep "$(of hmem device)" --as ram --zone movable --skip 0x148000000-0x148000fff
	ramify keep "$(of hmem device)" --as ram --zone movable --skip 0x148000000-0x148000fff
	is "$(ls /etc/ramify/memory.d)" soft-reserved-0x140000000.conf files
}

booted()
{
	is "$(cat /proc/1/comm)" systemd "first process"
	is_settled region0
	is_settled hmem
	is "$(of region0 zone)" kernel zone
	is "$(of hmem zone)" movable zone
	is "$(of region0 driver)/$(of hmem driver)" ramify/ramify drivers
	is "$(of region0 node)/$(of hmem node)" 1/2 nodes
	is "$(of hmem bad_bytes)" 134217728 'left out'
	[ "$KERNEL" = 6.1 ] || ramify list --json | jq -e '.nodes[1].tier != .nodes[2].tier'
	! systemctl --failed | grep ramify || die "a unit failed"
	ramify list
	# Taken back by hand, it stays so: its label is written, and its DAX device comes anew.
	ramify remove "$(of hmem device)"
	udevadm settle
	sleep 2
	! is_ram hmem || die "it is RAM again"
}

plug()
{
	ramify list
	echo "plug it in"
	is_settled region1
	is "$(of region1 zone)" kernel zone
	is "$(of region1 node)" 1 node
	ramify list
	ramify remove "$(of region1 device)"
	udevadm settle
	sleep 2
	is "$(of region1 mode)" raw mode
}

"$1" "${@:2}"
