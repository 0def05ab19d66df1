#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ramify doctor on a recorded tree, with modules on its disk.
set -u
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

root=$scratch/root
tests/trees/unpack tests/trees/soft-reserved-6.12.tree "$root"
release=$(cat "$root/proc/sys/kernel/osrelease")

# install_ramify VERSION [MODULE]: the smallest thing that depmod takes for a module.
install_ramify()
{
	local dir=$root/lib/modules/$release

	mkdir -p "$dir/updates"
	echo 'static const char v[] __attribute__((section(".modinfo"), used)) = "version='"$1"'";' |
		cc -c -x c - -o "$dir/updates/${2-ramify}.ko"
	touch "$dir/modules.order" "$dir/modules.builtin"
	depmod -b "$root" "$release"
}

# SUBJECT VERDICT
verdict()
{
	ramify --root "$root" doctor --json >"$scratch/json"
	[ "$(jq -r --arg subject "$1" '.findings[] | select(.subject == $subject).verdict' \
		"$scratch/json")" = "$2" ]
}

json_is_sound()
{
	expect 1 ramify --root "$root" doctor --json || return
	jq -e 'keys == ["findings"] and (.findings | length > 5) and
		all(.findings[]; keys == ["remedy", "subject", "text", "verdict"] and
			(.verdict | IN("ok", "warn", "bad")) and
			(.verdict != "bad" or .remedy != null))' "$scratch/out"
}

bad_is_1()
{
	expect 1 ramify --root "$root" doctor && [ ! -s "$scratch/err" ] &&
		grep -q '^bad  *driver' "$scratch/out"
}

installed()
{
	install_ramify 0.1.0 && verdict driver ok &&
		expect 0 ramify --root "$root" doctor && grep -q 'ramify.ko 0.1.0 is installed' "$scratch/out"
}

sampling()
{
	! verdict sampling ok && install_ramify 0.1.0 ramify_scan && verdict sampling ok &&
		grep -q 'by hand: modprobe ramify_scan' "$scratch/json" || return
	mkdir "$root/sys/module/ramify_scan"
	verdict sampling ok && grep -q 'ramify_scan.ko is loaded' "$scratch/json" &&
		rmdir "$root/sys/module/ramify_scan"
}

unsigned()
{
	mkdir -p "$root/sys/kernel/security"
	echo 'none [integrity] confidentiality' >"$root/sys/kernel/security/lockdown"
	verdict lockdown bad
}

# As the kernel's sign-file does it: PKCS#7, then what there is of it, then a magic text.
sign_ramify()
{
	local module=$root/lib/modules/$release/updates/ramify.ko

	openssl req -new -x509 -newkey rsa:2048 -nodes -days 9 -subj "/CN=$1/" \
		-keyout "$scratch/key" -out "$scratch/cert" 2>/dev/null &&
		openssl cms -sign -binary -noattr -nocerts -nosmimecap -md sha256 -outform DER \
			-in "$module" -signer "$scratch/cert" -inkey "$scratch/key" -out "$scratch/p7" || return
	{
		cat "$scratch/p7"
		printf '\0\0\2\0\0\0\0\0'
		# shellcheck disable=SC2059 # octal
		printf "$(printf '\\%o' 0 0 $(($(stat -c %s "$scratch/p7") >> 8)) $(($(stat -c %s "$scratch/p7") & 255)))"
		printf '~Module signature appended~\n'
	} >>"$module"
}

# CERTIFICATE...: whose the kernel has
kernel_keys()
{
	local name

	for name; do
		echo "0bb79ab6 I------     1 perm 1f030000     0     0 asymmetri $name: 6ccece7e4c6c0d1f: X509.rsa 13d31d00 []"
	done >"$root/proc/keys"
}

signed()
{
	sign_ramify "DKMS module signing key" || return
	verdict lockdown ok && grep -q 'DKMS module signing key.*does not tell' "$scratch/json" || return
	kernel_keys "Debian Secure Boot CA"
	verdict lockdown bad && grep -q 'does not know the key of ramify.ko: .*DKMS' "$scratch/json" &&
		grep -q 'mokutil --import /var/lib/dkms/mok.pub' "$scratch/json" || return
	kernel_keys "Debian Secure Boot CA" "DKMS module signing key"
	verdict lockdown ok && grep -q 'knows the key of ramify.ko' "$scratch/json"
}

# Every line of the table has room, and no word is broken.
fits()
{
	script -qec "stty cols 60 && ramify --root $root doctor" /dev/null |
		tr -d '\r' >"$scratch/terminal"
	! grep -o '[a-z]*' "$scratch/terminal" | grep -vxF "$(ramify --root "$root" doctor |
		grep -o '[a-z]*')"
}

check "something bad is exit status 1, and no message" bad_is_1
check "JSON is sound" json_is_sound
check "a module on the disk is found" installed
check "the scanner's, too" sampling
check "words are not broken on a narrow terminal" fits
check "an unsigned module under lockdown" unsigned
check "a module whose key the kernel knows, and does not" signed
check "this system's own" bash -c 'ramify doctor --json | jq -e .findings'
# Firmware tells of NVDIMMs, and whose driver reads that is not there.
not_read()
{
	mkdir -p "$root/sys/firmware/acpi/tables"
	: >"$root/sys/firmware/acpi/tables/NFIT"
	rm -rf "$root/sys/module/nfit"
	verdict "hidden memory" warn && grep -q 'NVDIMMs (ACPI NFIT).*modprobe -a nfit' \
		<(jq -c . "$scratch/json" | sed 's/"remedy":"\([^"]*\)",\(.*\)/\2 \1/') || return
	mkdir -p "$root/sys/module/nfit"
	! verdict "hidden memory" warn
}

check "NVDIMMs whose driver is not loaded" not_read
too_many()
{
	expect 2 ramify doctor all && grep -q 'takes no argument such as "all"' "$scratch/err"
}

check "an argument too many" too_many
plan
