#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of the case daemon_unit.
. tests/vm/guest.sh
. tests/vm/driver.sh
. tests/vm/hot.sh

explain()
{
	[ $? = 0 ] || journalctl --no-pager -b -u ramifyd | tail -n 60 >&2
}
trap explain EXIT

# hot_unit NAME USER: hot in slow memory, as a unit that a policy knows it by.
hot_unit()
{
	systemd-run --quiet --unit="$1" --uid="$2" --property=StandardOutput="file:/tmp/$1" \
		"$PWD/$hot" 1 $part_mib small "$1"
	wait_for 60 sh -c "[ \$(wc -l </tmp/$1) = 4 ]"
	pids[$1]=$(systemctl show -p MainPID --value "$1")
}

# in_fast PART: of the one that must be in fast memory by now
in_fast()
{
	wait_for 150 at_least $((part_pages * 95 / 100)) pages gold-hot "$1" 0
}

running()
{
	systemctl is-active --quiet ramifyd && ramify policy list >/dev/null 2>&1
}

restarts()
{
	systemctl show -p NRestarts --value ramifyd
}

has_restarted()
{
	[ "$(restarts)" = "$1" ]
}

api()
{
	curl -fsS --unix-socket /run/ramify/ramifyd.sock "http://x/$1"
}

# has ID: the journal has an entry of that kind.
has()
{
	journalctl --no-pager -b -q "_SYSTEMD_UNIT=ramifyd.service" "MESSAGE_ID=$1" -o cat | grep -q .
}

id_of()
{
	sed -n "s/^#define EVENT_$1 .*\"\([0-9a-f]*\)\".*/\1/p" daemon/log.h
}

policy()
{
	cat >/etc/ramify/policy.d/gold.conf <<-END
		[policy gold]
		unit = gold-*.service
		fast-max = $1
	END
}

is_reloaded()
{
	[ "$(ramify policy list --json | jq -r '.policies[0].settings["fast-max"]')" = "$1" ]
}

is_settled()
{
	[ -e /sys/bus/nd/devices/namespace0.0 ] && ramify add namespace0.0
}

is "$(cat /proc/1/comm)" systemd "first process"
wait_for 60 is_settled
modprobe ramify_scan
systemd-sysusers /usr/lib/sysusers.d/ramify.conf
getent group ramify

mkdir -p /etc/ramify/policy.d
printf '[global]\nperiod = 200ms\nbudget = 40%%\nmetrics-listen = 127.0.0.1:9199\n' \
	>/etc/ramify/ramifyd.conf
policy 6M
hot_unit gold-hot nobody

# As it is shipped.
systemctl start ramifyd
running || die "it does not run"
api v1/samplers | jq -r '.samplers[] | "\(.sampler) \(.works) \(.why_not)"'
is "$(api v1/samplers | jq -r '.samplers[] | select(.chosen).sampler')" scan sampler
is "$(api v1/samplers | jq -c '[.samplers[] | select(.sampler | startswith("bits-")).works]')" \
	'[true,true]' 'bits works, by either reader'
in_fast 0
curl -fsS http://127.0.0.1:9199/metrics |
	grep -E '^ramify_tenant_promoted_bytes_total{tenant="gold/gold-hot.service",policy="gold"} [1-9]' ||
	die "no metrics of what was promoted"
api v1/decisions | jq -e '.decisions | map(select(.decision == "promote" and
	.tenant == "gold/gold-hot.service")) | length > 0' >/dev/null || die "no decisions"

# Who may what.
group=$(getent group ramify | cut -d: -f3)
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
member=(setpriv --reuid=65534 --regid=65534 --groups="$group")
expect_failure 1 'group ramify' "${nobody[@]}" ramify policy list
expect_output '^gold ' "${member[@]}" ramify policy list
expect_failure 1 'only root' "${member[@]}" ramify policy set gold fast-max=1M
expect_failure 1 'only root' "${member[@]}" ramify policy pause
ramify policy set gold weight=50
expect_output '^weight = 50' "${member[@]}" ramify policy show gold

# The kill switch: what gets hot is seen, and stays where it is.
ramify policy pause
before=$(api v1/tenants | jq '.tenants[0] | .promoted_bytes + .demoted_bytes')
kill -USR1 "${pids[gold-hot]}"
round=$(api v1/status | jq .round)
wait_for 60 sh -c "[ \$(curl -sS --unix-socket /run/ramify/ramifyd.sock http://x/v1/status | jq .round) -gt $((round + 10)) ]"
is "$(api v1/tenants | jq '.tenants[0] | .promoted_bytes + .demoted_bytes')" "$before" 'moved while paused'
at_most $((part_pages * 60 / 100)) pages gold-hot 1 0 || die "it was moved while paused"
ramify policy resume
in_fast 1

# The files again.
policy 5M
systemctl reload ramifyd
wait_for 30 is_reloaded 5242880
is "$(ramify policy show gold | sed -n 's/^weight = //p')" 50 'what was set live'
echo 'fast-max = many' >>/etc/ramify/policy.d/gold.conf
systemctl reload ramifyd
wait_for 30 has "$(id_of REFUSED)"
running || die "a bad file ended it"
is_reloaded 5242880 || die "a bad file changed something"
policy 6M

# Killed: it comes again by itself, and does its work.
old=$(systemctl show -p MainPID --value ramifyd)
systemctl kill -s KILL ramifyd
wait_for 60 sh -c "[ \$(systemctl show -p MainPID --value ramifyd) -gt $old ]"
wait_for 60 running
is "$(restarts)" 1 restarts
kill -USR1 "${pids[gold-hot]}"
in_fast 2

# One that hangs is found out, and replaced; what works is left alone.
mkdir -p /run/systemd/system/ramifyd.service.d
printf '[Service]\nWatchdogSec=10\nTimeoutAbortSec=5\n' >/run/systemd/system/ramifyd.service.d/soon.conf
systemctl daemon-reload
systemctl restart ramifyd
sleep 12
is "$(restarts)" 0 'restarts with a watchdog'
systemctl kill -s STOP ramifyd
wait_for 60 has_restarted 1
wait_for 60 running

# The sampler that needs most.
sed -i 's/^period.*/&\nsampler = bits/' /etc/ramify/ramifyd.conf
systemctl reload ramifyd
kill -USR1 "${pids[gold-hot]}"
in_fast 3
is "$(api v1/tenants | jq -r '.tenants[0].processes[0].sampler')" bits-bpf sampler

# samplers: the chosen one, and those that do not work
samplers()
{
	api v1/samplers | jq -r '[(.samplers[] | select(.chosen).sampler), (.samplers[] |
		select(.works | not).sampler)] | join(" ")'
}
# says TEXT: since it was started last
says()
{
	journalctl --no-pager -b -q -o cat -u ramifyd \
		"_SYSTEMD_INVOCATION_ID=$(systemctl show -p InvocationID --value ramifyd)" | grep -qF "$1"
}

# Without the capabilities for bits, as the unit tells how: scan is left, and without it what needs neither.
cat >/run/systemd/system/ramifyd.service.d/less.conf <<-END
	[Service]
	$(sed -n 's/^# \(CapabilityBoundingSet=~\)/\1/p' /usr/lib/systemd/system/ramifyd.service)
END
grep '^CapabilityBoundingSet=~' /run/systemd/system/ramifyd.service.d/less.conf
sed -i '/^sampler/d' /etc/ramify/ramifyd.conf
systemctl daemon-reload
systemctl restart ramifyd
wait_for 60 running
is "$(samplers | cut -d ' ' -f 1-3)" 'scan bits-bpf bits-kcore' 'samplers without capabilities'
says 'sampler bits-bpf does not work here: '
says 'sampler bits-kcore does not work here: '
says 'sampler scan; it does not see '
kill -USR1 "${pids[gold-hot]}"
in_fast 0
printf 'ExecStartPre=\n' >>/run/systemd/system/ramifyd.service.d/less.conf
systemctl daemon-reload
systemctl stop ramifyd
rmmod ramify_scan
systemctl start ramifyd
wait_for 60 running
# Linux 6.1 has no DAMON, and on an emulated machine that is busy it may fail its test.
case $(api v1/samplers | jq -r '.samplers[] | select(.chosen).sampler') in
damon)
	is "$(samplers)" 'damon scan bits-bpf bits-kcore' 'samplers without the module'
	says 'sampler damon; it does not see '
	;;
'')
	is "$(samplers)" 'scan bits-bpf bits-kcore damon' 'samplers without the module'
	says 'sampler damon does not work here: '
	says 'no sampler works, so nothing is moved'
	;;
*) die "another sampler: $(samplers)" ;;
esac

for event in STARTED RELOADED PAUSED RESUMED SET SAMPLER MOVED; do
	has "$(id_of $event)" || die "no journal entry of $event"
done
systemctl stop ramifyd
! systemctl is-failed --quiet ramifyd || die "it failed at its end"
[ ! -e /run/ramify/ramifyd.sock ] || die "its socket is left"
kill "${pids[gold-hot]}"
wait_for 30 sh -c 'grep -qx intact /tmp/gold-hot'
