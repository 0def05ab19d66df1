// SPDX-License-Identifier: LGPL-2.1-or-later
/* convert.c -- an empty namespace becomes devdax, or again what it was. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "namespace.h"
#include "ndbus.h"

#define ALIGN_BYTES (UINT64_C(2) << 20)
/* What the kernel keeps at a namespace's beginning, and the most that it keeps a page. */
#define INFO_BYTES 8192
#define MEMMAP_BYTES_PER_PAGE 64
#define PAGE_BYTES 4096

uint64_t namespace_devdax_offset(uint64_t start, uint64_t size_bytes, bool memmap_in_dram)
{
	uint64_t head = INFO_BYTES;

	if (!memmap_in_dram)
		head += (size_bytes - INFO_BYTES) / PAGE_BYTES * MEMMAP_BYTES_PER_PAGE;
	return (start + head + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES - start;
}

static unsigned long fitting_align(struct ndbus *bus)
{
	unsigned long long start = ndctl_namespace_get_resource(bus->ndns);

	return start % ALIGN_BYTES ? PAGE_BYTES : ALIGN_BYTES;
}

int ndbus_set_up_devdax(struct ndbus *bus, enum ndctl_pfn_loc location, uuid_t uuid)
{
	struct ndctl_dax *dax = ndctl_region_get_dax_seed(bus->region);
	int err = dax ? ndctl_dax_set_uuid(dax, uuid) : -ENXIO;

	if (!err)
		err = ndctl_dax_set_location(dax, location);
	if (!err)
		err = ndctl_dax_set_align(dax, fitting_align(bus));
	if (!err)
		err = ndctl_dax_set_namespace(dax, bus->ndns);
	if (err)
		return err;
	err = ndctl_dax_enable(dax);
	if (err)
		ndctl_dax_set_namespace(dax, NULL);
	return err;
}

static int set_up_pfn(struct ndbus *bus, const struct namespace_form *form)
{
	struct ndctl_pfn *pfn = ndctl_region_get_pfn_seed(bus->region);
	uuid_t uuid;
	int err = pfn ? ndbus_new_uuid(uuid) : -ENXIO;

	if (!err)
		err = ndctl_pfn_set_uuid(pfn, uuid);
	if (!err)
		err = ndctl_pfn_set_location(pfn, form->location);
	if (!err && ndctl_pfn_has_align(pfn))
		err = ndctl_pfn_set_align(pfn, form->align);
	if (!err)
		err = ndctl_pfn_set_namespace(pfn, bus->ndns);
	return err ? err : ndctl_pfn_enable(pfn);
}

static struct namespace_form read_form(struct ndbus *bus)
{
	struct ndctl_pfn *pfn = ndctl_namespace_get_pfn(bus->ndns);
	struct namespace_form form = { .mode = ndctl_namespace_get_mode(bus->ndns) };

	if (pfn) {
		form.pfn = true;
		form.location = ndctl_pfn_get_location(pfn);
		form.align = ndctl_pfn_get_align(pfn);
	}
	return form;
}

static int write_zeros(int fd, uint64_t bytes)
{
	static const char zeros[1 << 20];
	uint64_t at = 0;

	while (at < bytes) {
		size_t size = bytes - at < sizeof(zeros) ? bytes - at : sizeof(zeros);
		ssize_t n = pwrite(fd, zeros, size, at);

		if (n <= 0)
			return n ? -errno : -EIO;
		at += n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int wipe_device(const char *block_device, uint64_t bytes)
{
	char path[64];
	int fd, err;

	snprintf(path, sizeof(path), "/dev/%s", block_device);
	fd = open(path, O_WRONLY | O_EXCL | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_zeros(fd, bytes);
	close(fd);
	return err;
}

/*
 * What a devdax keeps before its data: its information block, or the next probe finds the
 * devdax again, and struct pages, or they look like somebody's data. Reached by the
 * namespace's raw mode only.
 */
int ndbus_wipe_head(struct ndbus *bus, uint64_t bytes)
{
	int err;

	ndctl_namespace_set_raw_mode(bus->ndns, 1);
	err = ndbus_enable(bus);
	if (!err)
		err = wipe_device(ndctl_namespace_get_block_device(bus->ndns), bytes);
	ndbus_disable(bus);
	ndctl_namespace_set_raw_mode(bus->ndns, 0);
	return err;
}

/* The mode in the label is advice that old kernels and labels do not have. */
static int set_up_form(struct ndbus *bus, const struct namespace_form *form)
{
	int err = ndbus_wipe_head(bus, form->head_bytes);

	ndctl_namespace_set_enforce_mode(bus->ndns, form->mode);
	if (err)
		return err;
	return form->pfn ? set_up_pfn(bus, form) : ndbus_enable(bus);
}

static int convert(struct ndbus *bus, bool memmap_in_dram, struct namespace_form *ret_before)
{
	struct namespace_form before = read_form(bus);
	uuid_t uuid;
	int err = ndbus_new_uuid(uuid);

	if (!err)
		err = ndbus_disable(bus);

	if (err)
		return err;
	before.head_bytes = namespace_devdax_offset(ndctl_namespace_get_resource(bus->ndns),
						    ndctl_namespace_get_size(bus->ndns),
						    memmap_in_dram);
	ndctl_namespace_set_enforce_mode(bus->ndns, NDCTL_NS_MODE_DEVDAX);
	err = ndbus_set_up_devdax(bus, memmap_in_dram ? NDCTL_PFN_LOC_RAM : NDCTL_PFN_LOC_PMEM,
				  uuid);
	if (err)
		set_up_form(bus, &before);
	else
		*ret_before = before;
	return err;
}

int namespace_to_devdax(struct ramify *ctx, const char *name, bool memmap_in_dram,
			struct namespace_form *ret_before)
{
	struct ndbus bus;
	int err = ndbus_open(ctx, name, &bus);

	if (err)
		return err;
	err = convert(&bus, memmap_in_dram, ret_before);
	ndbus_close(&bus);
	if (err)
		return fail(ctx, err, "%s cannot be converted to devdax: %s", name, strerror(-err));
	return 0;
}

int namespace_put_back(struct ramify *ctx, const char *name, const struct namespace_form *before)
{
	struct ndbus bus;
	int err = ndbus_open(ctx, name, &bus);

	if (err)
		return err;
	err = ndbus_disable(&bus);
	if (!err)
		err = set_up_form(&bus, before);
	ndbus_close(&bus);
	if (err)
		return fail(ctx, err, "%s stays devdax: it cannot be made what it was: %s", name,
			    strerror(-err));
	return 0;
}
