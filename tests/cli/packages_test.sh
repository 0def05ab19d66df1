#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages, on an overlay of this system's root: built, installed, refused, purged.
# Modules are not built here, and nothing is booted.
set -u
# In a mount namespace of its own, which takes the overlay with it.
if [ "${1-}" != --inside ]; then
	exec unshare --mount "$0" --inside
fi
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

root=$scratch/top/root
record=$root/var/lib/ramify/x.state
deb=

# Kept for the cases that boot with them.
builds()
{
	deb=$(tests/vm/packages deb)
}

overlay()
{
	mkdir "$scratch/top"
	mount -t tmpfs top "$scratch/top"
	mkdir "$scratch"/top/{upper,work,root}
	mount -t overlay root "$root" \
		-o "lowerdir=/,upperdir=$scratch/top/upper,workdir=$scratch/top/work"
	mount -t proc proc "$root/proc"
	mount --bind /dev "$root/dev"
	mount -t tmpfs tmp "$root/tmp"
	mount -t tmpfs run "$root/run"
	# Else each dpkg reads all manual pages of this system.
	rm -f "$root/var/lib/man-db/auto-update"
	mkdir -p "$root/etc/dkms"
	touch "$root/etc/dkms/no-autoinstall"
}

# What a package or its scripts may leave behind; caches of manual pages and libraries aside.
files()
{
	find "$root"/etc "$root"/usr/{bin,include,lib,share,src} "$root"/var/lib/{dkms,systemd} |
		grep -v /ld.so.cache | sort
}

installs()
{
	files >"$scratch/before"
	cp "$deb"/{ramify,ramify-dkms,libramify1,libramify-dev}_*.deb "$root/run/"
	chroot "$root" sh -c 'exec dpkg -i /run/*.deb'
}

is_there()
{
	local version

	version=$(chroot "$root" ramify --version) || return
	version=${version#ramify }
	[ "$(readlink "$root/etc/systemd/system/sysinit.target.wants/ramify-early.service")" = \
		/lib/systemd/system/ramify-early.service ] &&
		[ -e "$root/usr/share/man/man1/ramify-add.1.gz" ] &&
		[ -e "$root/usr/share/bash-completion/completions/ramify" ] &&
		chroot "$root" dkms add "ramify/$version" &&
		chroot "$root" dkms status | grep "^ramify/$version: added"
}

program_builds()
{
	printf '#include <ramify.h>\nint main(void) { struct ramify *c; return ramify_new(0, &c); }\n' \
		>"$root/run/x.c"
	# shellcheck disable=SC2016 # for the shell inside
	chroot "$root" sh -c 'cc -o /run/x /run/x.c $(pkg-config --cflags --libs libramify) && /run/x'
}

# write_record BOOT MARK
write_record()
{
	mkdir -p "${record%/*}"
	printf 'ramify-state 1\nidentity x\ndevice dax0.0\nboot %s\nmark %s\n' "$1" "$2" >"$record"
}

refused()
{
	# shellcheck disable=SC2016 # for dpkg-query
	expect 1 chroot "$root" dpkg --purge ramify && grep -q "$1" "$scratch/err" &&
		[ "$(chroot "$root" dpkg-query -W -f '${db:Status-Status}' ramify)" = installed ] &&
		[ -e "$root/usr/bin/ramify" ]
}

in_use()
{
	write_record "$(cat /proc/sys/kernel/random/boot_id)" none
	refused 'take it back with "ramify remove dax0.0", then remove it again'
}

marked()
{
	write_record another-boot label
	refused 'zero it with "ramify apply", then remove it again'
}

# A record of memory that was volatile, and of an earlier boot, is nobody's.
purges()
{
	write_record another-boot none
	mkdir -p "$root/etc/ramify"
	echo x >"$root/etc/ramify/tiers.conf"
	chroot "$root" dpkg --purge ramify ramify-dkms libramify-dev libramify1 || return
	files | diff "$scratch/before" - && [ ! -e "$root/var/lib/ramify" ]
}

check "they build, and lintian has nothing to say" builds
check "an overlay" overlay
check "they install" installs
check "all is in its place" is_there
check "a program builds with the library" program_builds
check "not removed while memory is in use" in_use
check "not removed while memory is marked" marked
check "purged, all is as before" purges
umount -R "$scratch/top"
plan
