# SPDX-License-Identifier: GPL-2.0-or-later
# The front door. Meson builds user space, Kbuild the modules, tests/setup brings what both need.

VERSION := $(shell sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
KERNELS := $(shell tests/vm/kernel list)
PREFIX ?= /usr
DESTDIR ?=
SECONDS ?= 60
BENCH ?= hotplug

B := build
# Two makes in one tree take turns at everything that writes to the same place.
LOCK := flock $(B)/.lock
# Ninja is not quiet about having nothing to do.
quiet_ninja = $(LOCK) ninja --quiet -C $(1) | sed '/^ninja: no work to do/d'

comma := ,

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all check check-long demo vm bench fuzz install deb clean format lint help
.PHONY: setup setup-build release asan fuzzers modules stage FORCE

all: release modules ## build everything

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile | expand -t 14

# --- what the targets below need ---

setup:
	@tests/setup

setup-build:
	@tests/setup --build

# quiet_meson NAME,OPTIONS: set up build/NAME, with what it says shown only if that fails.
quiet_meson = $(LOCK) meson setup $(if $(wildcard $(B)/$(1)/build.ninja),--reconfigure) $(B)/$(1) $(2) \
	>$(B)/$(1).log || { cat $(B)/$(1).log; exit 1; }

$(B)/release/build.ninja: | setup-build
	@$(call quiet_meson,release,--prefix=$(PREFIX) -Dtests=disabled)

$(B)/asan/build.ninja: | setup
	@$(call quiet_meson,asan,--prefix=/usr -Dwerror=true -Db_sanitize=address$(comma)undefined)

# Again when a fuzzer comes or goes. A shared library may not be linked with -z defs when clang's
# sanitizers come with the program.
$(B)/fuzz/build.ninja: $(wildcard tests/fuzz) | setup
	@CC=clang $(call quiet_meson,fuzz,-Dfuzz=true -Db_sanitize=address$(comma)undefined \
		-Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link)

release: $(B)/release/build.ninja
	@$(call quiet_ninja,$(B)/release)

# With the tests, which ninja alone would leave out.
asan: $(B)/asan/build.ninja
	@$(call quiet_ninja,$(B)/asan all meson-test-prereq)

fuzzers: $(B)/fuzz/build.ninja
	@$(call quiet_ninja,$(B)/fuzz)

modules: setup
	@$(LOCK) tests/vm/modules

# What `make install` gives a user, for the lab's guests.
stage: release modules
	@$(LOCK) sh -c 'rm -rf $(B)/stage && $(MAKE) -s install-files DESTDIR=$(abspath $(B)/stage)'

# --- to use ---

check: setup release asan fuzzers stage ## all tests, on both kernels
	tests/check

check-long: setup release asan fuzzers stage ## the same, with the slow tests and a minute of fuzzing each
	tests/check --long

fuzz: fuzzers ## fuzz each parser for SECONDS=60
	tests/fuzz-run $(SECONDS)

demo: stage ## a device made RAM and taken back, in a virtual machine
	demo/run

vm: stage ## a shell in a virtual machine with a persistent-memory device
	RAMIFY_STAGED=1 tests/vm/run -k $(lastword $(KERNELS)) -d pmem

bench: stage ## measure, BENCH=hotplug, with ARGS
	bench/$(BENCH) $(ARGS)

install: release ## install; DESTDIR, PREFIX=/usr; then: dkms install ramify/VERSION
	@$(LOCK) $(MAKE) -s install-files

# As it was built: PREFIX is fixed when build/release is made.
.PHONY: install-files install-parts
SRC := $(DESTDIR)/usr/src/ramify-$(VERSION)
install-files: install-parts
	meson install -C $(B)/release --no-rebuild --quiet $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))

# What Meson does not build: what settles devices at boot, and the module's source.
install-parts:
	$(call install_dir,packaging/udev,$(PREFIX)/lib/udev/rules.d,*.rules,644)
	$(call install_dir,packaging/systemd,$(PREFIX)/lib/systemd/system,*,644)
	$(call install_dir,packaging/modprobe,$(PREFIX)/lib/modprobe.d,*.conf,644)
	$(call install_dir,packaging/sysusers,$(PREFIX)/lib/sysusers.d,*.conf,644)
	$(call install_dir,packaging/initramfs,$(PREFIX)/share/initramfs-tools/scripts/init-top,*,755)
	rm -rf $(SRC)
	mkdir -p $(SRC)/include
	cp -r kernel $(SRC)/
	cp -r include/uapi $(SRC)/include/
	sed 's/@VERSION@/$(VERSION)/' kernel/dkms.conf >$(SRC)/dkms.conf
	rm $(SRC)/kernel/dkms.conf

# install_dir FROM,TO,PATTERN,MODE: nothing, if there is no such folder.
define install_dir
if [ -d $(1) ]; then \
	install -d $(DESTDIR)$(2) && \
	find $(1) -maxdepth 1 -type f -name '$(3)' -exec install -m $(4) -t $(DESTDIR)$(2) {} +; fi
endef

deb: setup ## Debian packages, in build/deb
	@$(LOCK) packaging/deb $(B)/deb

format: setup ## clang-format all C
	git ls-files -z '*.c' '*.h' | xargs -0 -r clang-format -i

lint: setup release ## clang-tidy, cppcheck, sparse, shellcheck
	tests/lint

clean: ## remove what was built; the kernels' cache stays
	rm -rf $(B)
