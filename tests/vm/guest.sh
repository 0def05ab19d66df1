# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For cases that run in a guest: `. tests/vm/guest.sh` first. Every failure ends the case.
set -eu -o pipefail

die()
{
	echo "FAIL: $*" >&2
	exit 1
}

# load KIND...: the stock kernel's drivers for a kind of device; ramify's own is never among them.
load()
{
	local kind

	for kind; do
		case $kind in
		pmem) modprobe -a nd_e820 nd_pmem dax_pmem device_dax ;;
		nvdimm) modprobe -a nfit nd_pmem dax_pmem device_dax ;;
		# As without packaging/modprobe, which makes devices appear without a size.
		soft-reserved) modprobe dax_hmem region_idle=0; modprobe device_dax ;;
		cxl) modprobe -a cxl_acpi cxl_pci cxl_mem cxl_port cxl_pmem nd_pmem dax_pmem \
			device_dax ;;
		*) die "load: no such kind: $kind" ;;
		esac
	done
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || die "still not after the wait: $*"
		sleep 0.1
	done
}

dev_wait()
{
	wait_for 30 test -e "/sys/bus/dax/devices/$1"
}

# settle daxX.Y: what systemd starts for a device, as the udev rule tells it.
settle()
{
	local unit

	# Udev remembers what the last event was for, which may be an unbind.
	udevadm trigger --action=add --settle "/sys/bus/dax/devices/$1"
	unit=$(udevadm info -q property "/sys/bus/dax/devices/$1" | sed -n 's/^SYSTEMD_WANTS=//p')
	expect_equal "what udev wants for $1" "$unit" "ramify-apply@$1.service"
	unit_run "${unit%@*}@.service" "$1"
}

# unit_run UNIT [INSTANCE]: its ExecStart.
unit_run()
{
	local line

	line=$(sed -n 's/^ExecStart=//p' "/usr/lib/systemd/system/$1")
	[ -n "$line" ] || die "$1 starts nothing"
	eval "${line//%i/${2-}}"
}

# dax_driver daxX.Y: the driver that it is bound to, or nothing.
dax_driver()
{
	local link=/sys/bus/dax/devices/$1/driver

	[ ! -e "$link" ] || basename "$(readlink -f "$link")"
}

# expect_status N COMMAND...: its output is shown, and its status must be N.
expect_status()
{
	local want=$1 got=0

	shift
	"$@" || got=$?
	[ "$got" = "$want" ] || die "exit status $got, not $want: $*"
}

# expect_output REGEX COMMAND...: it must succeed, and a line of its output or errors match.
expect_output()
{
	local regex=$1 out got=0

	shift
	out=$("$@" 2>&1) || got=$?
	printf '%s\n' "$out"
	[ "$got" = 0 ] || die "exit status $got: $*"
	grep -qE -- "$regex" <<<"$out" || die "does not say '$regex': $*"
}

# expect_failure N REGEX COMMAND...: both its status and what it says.
expect_failure()
{
	local want=$1 regex=$2 out got=0

	shift 2
	out=$("$@" 2>&1) || got=$?
	printf '%s\n' "$out"
	[ "$got" = "$want" ] || die "exit status $got, not $want: $*"
	grep -qE -- "$regex" <<<"$out" || die "does not say '$regex': $*"
}

# expect_equal WHAT GOT WANTED
expect_equal()
{
	[ "$2" = "$3" ] || die "$1 is '$2', not '$3'"
}

# meminfo FIELD [NODE]: in kB.
meminfo()
{
	if [ $# = 1 ]; then
		awk -v field="$1:" '$1 == field { print $2 }' /proc/meminfo
	else
		awk -v field="$1:" '$3 == field { print $4 }' "/sys/devices/system/node/node$2/meminfo"
	fi
}

block_size()
{
	echo $((0x$(cat /sys/devices/system/memory/block_size_bytes)))
}

# The numbers of the memory blocks of a node.
node_blocks()
{
	local block

	for block in "/sys/devices/system/node/node$1"/memory[0-9]*; do
		[ ! -e "$block" ] || echo "${block##*/memory}"
	done | sort -n
}

# block_read N FILE, for instance state or valid_zones
block_read()
{
	cat "/sys/devices/system/memory/memory$1/$2"
}

# online_count NODE: how many of its blocks are online.
online_count()
{
	local block count=0

	for block in $(node_blocks "$1"); do
		[ "$(block_read "$block" state)" != online ] || count=$((count + 1))
	done
	echo $count
}

# The lines of /proc/iomem that match.
iomem()
{
	grep -E -- "$1" /proc/iomem
}

# make_devdax NAMESPACE|REGION [ARGS...]: convert a namespace to devdax, or make one in a region
# that has labels; prints the name of the device.
make_devdax()
{
	local where=(-e "$1")

	[[ $1 != region* ]] || where=(-r "$1")
	shift
	ndctl create-namespace -f "${where[@]}" -m devdax -M mem -a 2M "$@" |
		jq -r '.daxregion.devices[0].chardev'
}

# init_labels nmemN: an NVDIMM that has none gets an empty label area.
init_labels()
{
	ndctl disable-region all
	ndctl init-labels "$1"
	ndctl enable-region all
}
