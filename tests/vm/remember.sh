#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of the cases remember, remember_plug and remember_cut.
. tests/vm/guest.sh
. tests/vm/driver.sh

# of REGION FIELD [N]: of the N-th device of a region whose name begins so
of()
{
	ramify list --json |
		jq -r --arg r "$1" "[.devices[] | select(.region | startswith(\$r))][${3-0}].$2"
}

is_ram()
{
	[ "$(of "$1" mode)" = ram ] && [ "$(of "$1" state)" = online ]
}

explain()
{
	systemctl list-units --all --no-pager 'ramify*'
	systemctl status --no-pager 'ramify*' || :
	journalctl --no-pager -b -u 'ramify*' || :
	ramify list
	die "$1 is no RAM"
}

# What is done by nobody but us, and nobody is asked.
is_settled()
{
	local end=$((SECONDS + 180))

	until is_ram "$1"; do
		[ $SECONDS -lt $end ] || explain "$1"
		sleep 0.5
	done
}

keep()
{
	local region

	load nvdimm soft-reserved
	init_labels nmem0
	# Its number depends on who came first, it or the soft-reserved region.
	ndctl create-namespace -m raw >/dev/null
	ramify add --keep --adistance 700 "$(of region device)"
	region=$(of hmem region)
	ramify destroy "$(of hmem device)"
	ramify create --size 512M --at 0x140000000 "$region"
	ramify keep "$(of hmem device)" --as ram --zone kernel --skip 0x148000000-0x148000fff
	ramify create --size 64M --at 0x170000000 --owner nobody --mode 0640 "$region"
	ramify keep "$(of hmem device 1)"
	(cd /etc/ramify/memory.d && ls soft-reserved-0x140000000.conf soft-reserved-0x170000000.conf)
	ramify list
}

booted()
{
	local raw

	is "$(cat /proc/1/comm)" systemd "first process"
	is_settled region
	is_settled hmem
	is "$(of region zone)" movable zone
	is "$(of hmem zone)" kernel zone
	is "$(of region driver)/$(of hmem driver)" ramify/ramify drivers
	is "$(of region node)/$(of hmem node)" 2/1 nodes
	is "$(of hmem size_bytes)/$(of hmem bad_bytes)" 536870912/134217728 'size, left out'
	raw=$(of hmem device 1)
	is "$(of hmem mode 1)/$(of hmem driver 1)" raw/device_dax 'the other piece'
	is "$(of hmem 'extents[0].start' 1)" $((0x170000000)) address
	is "$(stat -c '%U %a' "/dev/$raw")" 'nobody 640' owner
	udevadm trigger --settle --action=add --subsystem-match=dax
	is "$(stat -c '%U %a' "/dev/$raw")" 'nobody 640' 'owner after udev'
	! systemctl --failed | grep ramify || die "a unit failed"
	ramify list
	# Taken back by hand, it stays so: its label is written, and its DAX device comes anew.
	ramify remove "$(of region device)"
	udevadm settle
	sleep 2
	! is_ram region || die "it is RAM again"
	ramify apply
	is_ram region
}

keep_label()
{
	load nvdimm
	init_labels nmem0
	ndctl create-namespace -m raw >/dev/null
	ramify add --keep "$(of region device)"
}

plug()
{
	ramify list
	echo "plug it in"
	is_settled region
	is "$(of region zone)" movable zone
	is "$(of region node)" 1 node
	ramify list
	ramify remove "$(of region device)"
	udevadm settle
	sleep 2
	is "$(of region mode)" raw mode
}

# ---- power cuts ----

# Of the disk: what was not synced is lost with the power.
mount_disk()
{
	modprobe -a virtio_blk ext4
	mkdir -p /mnt/disk /etc/ramify /var/lib/ramify
	mount /dev/vda /mnt/disk
	mkdir -p /mnt/disk/{etc,varlib}
	mount --bind /mnt/disk/etc /etc/ramify
	mount --bind /mnt/disk/varlib /var/lib/ramify
	load nvdimm
}

# Within a second, at a moment that is other at each run.
a_moment()
{
	sleep "0.$((RANDOM % 10))"
}

soon()
{
	a_moment
	echo "cut the power"
}

# The phase of the record.
phase_is()
{
	local text='' word value record

	for record in /var/lib/ramify/*.state; do
		while read -r word value; do
			[ "$word" != phase ] || text=$value
		done <"$record" || :
	done 2>/dev/null
	[ "$text" = "$1" ]
}

# The driver zeroes it.
scrubs()
{
	local bytes=0

	read -r bytes <$dax/dax0.0/ramify/scrub_bytes || :
	[ "$bytes" != 0 ]
} 2>/dev/null

# at COMMAND...: when it succeeds. Waits without a child, which would come too late, and leaves
# the processor to what it waits for.
at()
{
	local never

	exec {never}<> <(:)
	until "$@"; do
		read -r -t 0.01 -u "$never" || :
	done
}

# As udev would find it: given to nobody.
cold()
{
	echo 0 >/sys/bus/dax/drivers_autoprobe
	mount_disk
	dev_wait dax0.0
	is "$(find /etc/ramify /var/lib/ramify -type f -empty)" "" "empty files"
}

cut_keep()
{
	mount_disk
	init_labels nmem0
	make_devdax region0
	{ sleep 1; soon; } &
	while :; do
		ramify keep --as ram --zone kernel dax0.0
		ramify keep --as raw --in-etc dax0.0
		ramify keep --as ram --in-etc dax0.0
	done
}

# The old or the new, and both can be read.
cut_add()
{
	cold
	[[ $(of region0 intent) = r[ao][mw] ]] || [ "$(of region0 intent)" = null ] || die "what is kept"
	ramify apply --dry-run
	ramify forget dax0.0 || :
	is "$(cat /sys/bus/nd/devices/namespace0.0/alt_name)" "" label
	bind_raw dax0.0
	{ at phase_is adding; soon; } &
	ramify add --keep dax0.0
	sleep 5
}

# cut_apply COMMAND...: when it succeeds
cut_apply()
{
	cold
	ramify apply --dry-run
	[ "$(of region0 intent)" = ram ] || ramify keep --as ram dax0.0
	{ at "$@"; soon; } &
	ramify apply
	sleep 5
}

# cut_remove PHASE [COMMAND...]: after that
cut_remove()
{
	cold
	ramify apply
	is_ram region0
	{ at phase_is "$1"; "${@:2}"; echo "cut the power"; } &
	ramify remove dax0.0
	sleep 5
}

after_cuts()
{
	cold
	ramify apply
	is_ram region0
	ramify remove dax0.0
	ramify forget dax0.0
	nothing_left
	is "$(ls /var/lib/ramify)" "" records
}

"$1" "${@:2}"
