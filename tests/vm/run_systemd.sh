#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The part of the case run_systemd that is in the guest.
. tests/vm/guest.sh

hot=$PWD/build/release/tests/vm/tools/hot

cgroup_of() { sed -n 's/^0:://p' "/proc/$1/cgroup"; }
# is_tenant PID TENANT
is_tenant()
{
	[ "$(curl -sS --unix-socket /run/ramify/ramifyd.sock http://ramify/v1/tenants |
		jq -r --argjson pid "$1" \
			'.tenants[] | select(any(.processes[]; .pid == $pid)) | .tenant')" = "$2" ]
}
# That of the session would go on in the programs.
unset NOTIFY_SOCKET

load soft-reserved
dev_wait dax0.0
modprobe -a ramify ramify_scan
ramify add dax0.0
mkdir -p /etc/ramify/policy.d
cat >/etc/ramify/policy.d/test.conf <<-END
	[policy gold-1]
	run = root
	[policy slow]
	run = root
	tier = slow
	[policy units]
	unit = db-*.service
END
ramify run -p gold-1 -- "$hot" 0 1 small gold >/tmp/gold &
gold=$!
ramify run -p slow -- sleep 1000 &
slow=$!
systemd-run -q --unit=db-7 "$hot" 0 1 small unit
scope=ramify-gold-1-$gold.scope
wait_for 60 systemctl is-active -q $scope
wait_for 60 grep -q . /tmp/gold
expect_equal "gold's cgroup" "$(cgroup_of $gold)" "/system.slice/$scope"
expect_equal "slow's cgroup" "$(cgroup_of $slow)" "/system.slice/ramify-slow-$slow.scope"
expect_output 'prefer \(many\)[=a-z]*:1' head -n 1 /proc/$slow/numa_maps
expect_output "^Description=Started by ramify run under policy gold-1" \
	systemctl show -p Description $scope
expect_status 5 ramify run -p slow -- sh -c 'exit 5'

# The unit as it is installed. Of new processes each round reads as many as the budget permits.
printf '[global]\nbudget = 20%%\n' >/etc/ramify/ramifyd.conf
systemctl start ramifyd
wait_for 120 is_tenant $gold "gold-1/system.slice/$scope"
wait_for 120 is_tenant $slow "slow/system.slice/ramify-slow-$slow.scope"
unit=$(systemctl show -p MainPID --value db-7)
wait_for 120 is_tenant "$unit" units/db-7.service
# Reload, and a file that is wrong, by the service manager.
echo 'weight = much' >>/etc/ramify/policy.d/test.conf
systemctl reload ramifyd || :
status() { systemctl show -p StatusText ramifyd | grep -q 'test.conf:8: weight = much.*before holds'; }
wait_for 60 status
is_tenant $gold "gold-1/system.slice/$scope" || die "a bad file has changed something"
# Both are in a report, secrets are not.
systemd-run -q --unit=ramify-test echo disk.key=hunter2
reported()
{
	ramify report >/tmp/report && grep -q '^20.* ramifyd: .*test.conf:8: weight = much' /tmp/report &&
		grep -q '^20.* echo: disk.key=\*\*\*\*\*\*\*$' /tmp/report && ! grep -q hunter2 /tmp/report
}
wait_for 60 reported
systemctl stop ramifyd
kill $gold $slow
wait $gold || die "gold ended with status $?"
gone() { ! systemctl -q is-active $scope; }
wait_for 60 gone
