# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For cases about the driver alone: its own files in sysfs, without the command.

driver=/sys/bus/dax/drivers/ramify
dax=/sys/bus/dax/devices
# shellcheck disable=SC2034 # for those that source this
mem=build/release/tests/vm/tools/mem

# accepted FILE REQUEST, refused ERRNO-TEXT FILE REQUEST
accepted()
{
	echo "$2" >"$driver/$1" || die "$1 \"$2\" was refused; $(dmesg | grep ramify | tail -n 3)"
}

refused()
{
	local said

	if said=$( { echo "$3" >"$driver/$2"; } 2>&1 ); then
		die "$2 \"$3\" was accepted"
	fi
	[[ $said = *"$1"* ]] || die "$2 \"$3\": $said, and not $1"
}

# What the driver said in the kernel's log since the last call.
said_lines=0
driver_said()
{
	local lines

	mapfile -t lines < <(dmesg | grep 'ramify ')
	printf '%s\n' "${lines[@]:said_lines}" >/tmp/driver-said
	said_lines=${#lines[@]}
	grep -qE -- "$1" /tmp/driver-said || die "the log does not say \"$1\" but: $(cat /tmp/driver-said)"
}

# Take DEV from whatever driver has it.
unbind()
{
	local now=$dax/$1/driver

	if [ -e "$now" ]; then
		echo "$1" >"$now/unbind"
	fi
}

# device_dax does not take what is meant for kmem without being told; a name told to it offers
# it every device that has no driver.
bind_raw()
{
	local dir=/sys/bus/dax/drivers/device_dax

	modprobe device_dax
	[ ! -e "$dax/$1/driver" ] || return 0
	! echo "$1" 2>/dev/null >$dir/bind || return 0
	echo "$1" >$dir/new_id
	[ -e "$dax/$1/driver" ] || echo "$1" >$dir/bind
	echo "$1" >$dir/remove_id
}

attr()
{
	cat "$dax/$1/ramify/$2"
}

# Each device, and its driver or none.
bindings()
{
	local device

	for device in "$dax"/*; do
		echo "${device##*/} $(basename "$(readlink "$device/driver" || echo none)")"
	done
}

# With our module loaded before what is there: nothing is ours, nor when it is loaded after.
passive()
{
	local before memory

	before=$(bindings)
	memory=$(cat /proc/iomem)
	! grep -q ' ramify$' <<<"$before" || die "bound by itself: $before"
	rmmod ramify
	modprobe ramify
	is "$(bindings)" "$before" drivers
	is "$(cat /proc/iomem)" "$memory" /proc/iomem
	nothing_left
}

# blocks NODE: the directories of its memory blocks
blocks()
{
	printf '%s\n' /sys/devices/system/node/node"$1"/memory[0-9]*
}

# all_blocks NODE STATE: by a child, as a signal such as SIGCHLD ends the writing.
all_blocks()
(
	for block in $(blocks "$1"); do
		echo "$2" >"$block/state" || exit 1
	done
)

is()
{
	[ "$1" = "$2" ] || die "${3:-value}: $1, and not $2"
}

# Nothing of ours is left: no name, no memory, no use of the module.
nothing_left()
{
	! grep -qw ramify /proc/iomem || die "$(grep -w -A1 -B1 ramify /proc/iomem)"
	is "$(cat $driver/held)" "" held
	is "$(cat /sys/module/ramify/refcnt)" 0 "use of the module"
}
