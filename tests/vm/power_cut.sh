#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of the case power_cut: use, scrub, after, missing; then the device.
. tests/vm/guest.sh
. tests/vm/driver.sh

secret=a-secret-of-somebody
devices=$2

# Its DAX device is bound by nobody but us: what the early unit does.
early()
{
	echo 0 >/sys/bus/dax/drivers_autoprobe
	load "$devices"
	dev_wait dax0.0
	is "$(dax_driver dax0.0)" "" driver
}

marked()
{
	grep -q '^ramify1:...v' /sys/bus/nd/devices/namespace0.0/alt_name 2>/dev/null ||
		grep -qsx 'mark file' /var/lib/ramify/*.state
}

# The secret is in no byte of it, whoever looks.
cannot_be_read()
{
	bind_raw dax0.0
	! "$mem" find /dev/dax0.0 $secret || die "the secret can be read"
}

use()
{
	load "$devices"
	if [ "$devices" = nvdimm ]; then
		init_labels nmem0
		ndctl create-namespace -r region0 -m devdax >/dev/null
	fi
	ramify add "$(ramify list --json | jq -r '.devices[0].device')"
	marked || die "there is no mark"
	numactl -m 1 python3 - $secret <<-'END'
		import mmap, sys, time
		m = mmap.mmap(-1, 700 << 20)
		for at in range(0, len(m), 4096):
		    m[at:at + len(sys.argv[1])] = sys.argv[1].encode()
		print("now cut the power", flush=True)
		time.sleep(60)
	END
}

case $1 in
use) use ;;
scrub)
	early
	marked || die "the mark is gone"
	bind_raw dax0.0
	"$mem" find /dev/dax0.0 $secret || die "the test is none: the secret did not survive"
	unbind dax0.0
	ramify apply --device dax0.0
	! marked || die "the mark stays"
	is "$(dax_driver dax0.0)" device_dax driver
	is "$(ls /var/lib/ramify)" "" records
	cannot_be_read
	nothing_left
	;;
after)
	# Whoever puts something into it from now on finds it at the next boot.
	early
	ramify apply
	"$mem" write /dev/dax0.0 4096 'of its owner'
	ramify apply
	"$mem" find /dev/dax0.0 'of its owner'
	expect_failure 1 'holds data' ramify add dax0.0
	;;
missing)
	rm /usr/lib/modules/"$(uname -r)"/updates/ramify.ko
	early
	expect_failure 1 'is not scrubbed: there is no module ramify' ramify apply --device dax0.0
	is "$(dax_driver dax0.0)" "" driver
	marked || die "the mark is gone"
	;;
esac
