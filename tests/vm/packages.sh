#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of the cases packages, packages_upgrade and packages_broken: a machine where the
# packages are installed, booted by systemd.
. tests/vm/guest.sh
. tests/vm/driver.sh

# field NAME: of the only device
field()
{
	ramify list --json | jq -r ".devices[0].$1"
}

# device_is MODE/DRIVER
device_is()
{
	[ "$(field mode)/$(field driver)" != "$1" ] || return 0
	journalctl --no-pager -b -u 'ramify*'
	ramify list
	die "it is $(field mode)/$(field driver), and not $1"
}

# ended DEVICE: the last line of the journal on how its unit ended; systemd forgets the unit itself.
ended()
{
	journalctl --no-pager -b -o cat "UNIT=ramify-apply@$1.service" |
		grep -E 'Deactivated successfully|Failed with result' | tail -n 1
}

# What udev has started for a device ends so: success, or failure.
unit_result()
{
	local said

	wait_for 120 sh -c "journalctl --no-pager -b -o cat UNIT=ramify-apply@$1.service |
		grep -qE 'Deactivated successfully|Failed with result'"
	said=$(ended "$1")
	[[ $said = *Failed* ]] && echo failure || echo success
}

installed()
{
	# Else each dpkg reads all manual pages of this system, which takes minutes.
	rm -f /var/lib/man-db/auto-update
	is "$(cat /proc/1/comm)" systemd "first process"
	is "$(dpkg-query -W -f '${db:Status-Status}' ramify)" installed "package ramify"
	grep -qx /usr/bin/ramify /var/lib/dpkg/info/ramify.list
}

# Nobody but the package has set this machine up.
settled()
{
	installed
	is "$(modinfo -n ramify)" "/lib/modules/$(uname -r)/updates/dkms/ramify.ko" module
	is "$(systemctl is-enabled ramify-early ramify-bad-memory | xargs)" 'enabled enabled' units
	is "$(systemctl is-enabled ramifyd || :)" disabled 'a service that needs a policy first'
	systemctl is-active ramify-early
	is "$(cat /sys/bus/dax/drivers_autoprobe)" 0 'drivers that come by themselves'
	# A region appears without memory, udev starts the unit, and apply settles it.
	load_stock
	is "$(unit_result dax0.0)" success "unit of dax0.0"
	# As the stock kernel, but that newer ones would have given it to kmem.
	device_is "$(case $KERNEL in 6.1) echo raw/device_dax ;; *) echo idle/null ;; esac)"
}

# What people find without being told: pages, and words that shells complete.
documented()
{
	local file

	for file in man/man1/ramify-add.1.gz man/man8/ramifyd.8.gz bash-completion/completions/ramify \
		fish/vendor_completions.d/ramify.fish zsh/vendor-completions/_ramify; do
		[ -s "/usr/share/$file" ] || die "/usr/share/$file is not there"
	done
	bash -c '. /usr/share/bash-completion/completions/ramify
		COMP_WORDS=(ramify add dax) COMP_CWORD=2; _ramify; echo "${COMPREPLY[@]}"' >/tmp/offered
	is "$(cat /tmp/offered)" dax0.0 'what bash offers for ramify add dax'
}

# As udev loads it, with what the package has in modprobe.d.
load_stock()
{
	modprobe -a dax_hmem device_dax
	is "$(cat /sys/module/dax_hmem/parameters/region_idle)" Y 'regions that appear empty'
	dev_wait dax0.0
	udevadm settle
}

in_use()
{
	ramify add dax0.0
	is "$(field mode)/$(field state)" ram/online 'memory'
	coproc hold { exec "$mem" hold 1 100; }
	read -r line <&"${hold[0]}"
}

intact()
{
	eval "exec ${hold[1]}>&-"
	read -r line <&"${hold[0]}"
	is "$line" intact 'what is in the memory'
}

is_refused()
{
	expect_failure 1 '^ramify: take it back with "ramify remove dax0.0", then remove it again$' \
		dpkg --purge ramify ramify-dkms >/tmp/refused
	cat /tmp/refused
	grep -qx 'ramify-dkms: take it back with "ramify remove dax0.0", then remove it again' /tmp/refused
	is "$(dpkg-query -W -f '${db:Status-Status} ' ramify ramify-dkms)" 'installed installed ' packages
	is "$(field mode)/$(field state)" ram/online 'memory'
	systemctl is-active ramify-early
}

purged()
{
	local file

	dpkg --purge ramify
	is "$(cat /sys/bus/dax/drivers_autoprobe)" 1 'drivers that come by themselves'
	for file in /usr/bin/ramify /etc/ramify /var/lib/ramify /run/ramify /lib/modprobe.d/ramify.conf \
		/lib/udev/rules.d/60-ramify.rules /lib/systemd/system/ramify-early.service \
		/usr/share/bash-completion/completions/ramify; do
		[ ! -e "$file" ] || die "$file stays"
	done
	! find /etc/systemd -name '*ramify*' | grep . || die "a unit stays"
}

# ---- the cases ----

# Installed, used, kept from being removed, removed.
use()
{
	settled
	documented
	expect_output '^ok +driver ' ramify doctor
	in_use
	is_refused
	ramify remove dax0.0
	intact
	purged
	modprobe -r ramify
}

# upgrade DEBS LAYER: of the next version, while memory is in use.
upgrade()
{
	local before old

	settled
	in_use
	before=$(meminfo MemTotal)
	old=$(cut -d' ' -f2 $driver/version)
	# The build was done before, on the host: it would take minutes here.
	touch /etc/dkms/no-autoinstall
	expect_output 'becomes active after "ramify remove"' dpkg -i "$1"/{libramify1,ramify,ramify-dkms}_*.deb
	is "$(cut -d' ' -f2 $driver/version)" "$old" 'version of the module'
	is "$(field mode)/$(field state)" ram/online 'memory'
	is "$(meminfo MemTotal)" "$before" MemTotal
	systemctl is-active ramify-early
	is "$(cat /sys/bus/dax/drivers_autoprobe)" 0 'drivers that come by themselves'
	[ "$(ramify --version)" != "ramify $old" ] || die "the command is the old one"
	# What is RAM is taken back whole by the new command.
	ramify remove dax0.0
	intact
	rmmod ramify
	install -D -t "/lib/modules/$(uname -r)/updates/dkms" \
		"$2/usr/lib/modules/$(uname -r)/updates/dkms/"*.ko
	# And what DKMS knows of it, or it would not take it away.
	cp -a "$2/var/lib/dkms/ramify/." /var/lib/dkms/ramify/
	depmod
	ramify add dax0.0
	[ "$(cut -d' ' -f2 $driver/version)" != "$old" ] || die "the module is the old one"
	ramify remove dax0.0
	rmmod ramify
	dpkg --purge ramify ramify-dkms libramify1
	is "$(cat /sys/bus/dax/drivers_autoprobe)" 1 'drivers that come by themselves'
	! modinfo ramify 2>/dev/null || die "the module stays"
}

# Without a module: the boot has come to its end, the device is nobody's, and why is said.
broken()
{
	installed
	! modinfo ramify 2>/dev/null || die "there is a module"
	load_stock
	if [ "$(unit_result dax0.0)" != failure ]; then
		journalctl --no-pager -b -u 'ramify*'
		die "it was settled"
	fi
	expect_output 'there is no module ramify' journalctl --no-pager -b -u ramify-apply@dax0.0
	device_is idle/null
	expect_failure 1 'ramify.ko is not installed for this kernel' ramify doctor
	# Started again, as by another event of the device, it does not pretend to have done it.
	expect_failure 1 'failed' systemctl start ramify-apply@dax0.0
	expect_output 'could not be settled when it appeared.*ramify apply --device dax0.0' \
		journalctl --no-pager -b -u ramify-apply@dax0.0
	# By choice it goes to the stock driver instead.
	sed -i 's/^as = ram/&\nfallback = kmem/' /etc/ramify/memory.d/a.conf
	ramify apply
	device_is ram/kmem
	ramify remove dax0.0
}

"$1" "${@:2}"
