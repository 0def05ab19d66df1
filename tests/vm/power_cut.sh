#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of the case power_cut, a boot each: use, scrub, after.
. tests/vm/guest.sh
. tests/vm/driver.sh

secret=a-secret-of-somebody
module=/usr/lib/modules/$(uname -r)/updates/ramify.ko

# Legacy memory, without labels, is on node 1; the NVDIMM on node 3, as nodes without RAM come last.
nodes="1 3"
device_on()
{
	ramify list --json | jq -r ".devices[] | select(.node == $1) | .device"
}

# The mark of the first is in a file, that of the second in its label.
marked()
{
	grep -qsx 'mark file' /var/lib/ramify/*.state &&
		grep -q '^ramify1:...v' /sys/bus/nd/devices/namespace*/alt_name
}

unmarked()
{
	is "$(ls /var/lib/ramify)" "" records
	! grep . /sys/bus/nd/devices/namespace*/alt_name || die "a mark stays"
}

# has DEVICE TEXT: somewhere in it, whoever looks; then it is without a driver again.
has()
{
	local found=0

	bind_raw "$1"
	"$mem" find "/dev/$1" "$2" || found=1
	unbind "$1"
	return $found
}

use()
{
	load pmem nvdimm
	init_labels nmem0
	ndctl create-namespace -m devdax -r \
		"$(ndctl list -R | jq -r '.[] | select(.available_size > 0) | .dev')" >/dev/null
	ramify add "$(device_on 1)" "$(device_on 3)"
	marked || die "there is no mark"
	for node in $nodes; do
		coproc { exec "$mem" keep "$node" 300 $secret; }
		# shellcheck disable=SC2034 # what it keeps
		read -r line <&"${COPROC[0]}"
	done 2>/dev/null
	echo "now cut the power"
	sleep 60
}

# Nobody has a driver for them, whatever happens to other devices.
waiting()
{
	local node

	for node in $nodes; do
		is "$(dax_driver "$(device_on "$node")")" "" "driver of the device on node $node"
	done
	marked || die "a mark is gone"
}

scrub()
{
	local node device other

	udevadm settle
	waiting
	other=$(basename "$(dirname "$(grep -lx 0 $dax/*/size)")")
	settle "$other"
	ramify add "$other"
	ramify remove "$other"
	is "$(dax_driver "$other")" device_dax "driver of $other"
	waiting
	for node in $nodes; do
		device=$(device_on "$node")
		has "$device" $secret || die "the test is none: the secret did not survive in $device"
	done

	# Without our module nobody gets it.
	modprobe -r ramify
	mv "$module" /tmp/
	for node in $nodes; do
		device=$(device_on "$node")
		expect_failure 1 'is not scrubbed: there is no module ramify' settle "$device"
	done
	waiting
	mv /tmp/ramify.ko "$module"

	for node in $nodes; do
		device=$(device_on "$node")
		ramify apply --device "$device"		# as the message has said
		is "$(dax_driver "$device")" device_dax "driver of $device"
		! has "$device" $secret || die "the secret can be read in $device"
		bind_raw "$device"
		"$mem" write "/dev/$device" 4096 'of its owner'
	done
	unmarked
	nothing_left
}

# What somebody put into it from then on is there at the next boot.
after()
{
	local node

	load pmem nvdimm
	for node in $nodes; do
		dev_wait "$(device_on "$node")"
	done
	unmarked
	ramify apply
	for node in $nodes; do
		"$mem" find "/dev/$(device_on "$node")" 'of its owner'
		expect_failure 1 'holds data' ramify add "$(device_on "$node")"
	done
}

case ${1-} in
use | scrub | after) "$1" ;;
*) die "usage: power_cut.sh use|scrub|after" ;;
esac
