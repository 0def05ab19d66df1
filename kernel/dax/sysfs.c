// SPDX-License-Identifier: GPL-2.0-only
/* sysfs.c -- the files of include/uapi/ramify.h. */

#include <linux/device.h>
#include <linux/module.h>

#include "../uapi/ramify.h"
#include "device.h"
#include "gate.h"
#include "holding.h"
#include "sysfs.h"

static ssize_t add_store(struct device_driver *drv, const char *buf, size_t count)
{
	int err = device_add_request(drv, buf);

	return err ? err : count;
}
static DRIVER_ATTR_WO(add);

static ssize_t release_store(struct device_driver *drv, const char *buf, size_t count)
{
	int err = device_release_request(drv, buf);

	return err ? err : count;
}
static DRIVER_ATTR_WO(release);

static ssize_t version_show(struct device_driver *drv, char *buf)
{
	return sysfs_emit(buf, "%d %s\n", RAMIFY_ABI, THIS_MODULE->version);
}
static DRIVER_ATTR_RO(version);

/* Room for the last line. The words behind the ranges of one take less than 200 bytes. */
#define HELD_MAX (PAGE_SIZE - sizeof("more=4294967295\n"))
static_assert(RAMIFY_RANGES_MAX + 200 < HELD_MAX);

struct held_text {
	char *buf;
	size_t len;
	unsigned int more;
};

static size_t held_print(const struct holding *h, char *buf, size_t size)
{
	size_t len = 0;
	unsigned int i;
	u64 first;

	for (i = 0; i < h->nr_ranges; i++)
		len += scnprintf(buf + len, size - len, "%s%#llx-%#llx", i ? "," : "",
				 h->ranges[i].span.start, h->ranges[i].span.end);
	return len + scnprintf(buf + len, size - len,
			       " state=%s node=%d zone=%s memmap=%s added=%llu online=%llu scrub=%llu scrubbed=%llu\n",
			       holding_state(h), h->node, zone_gate_name(h->zone),
			       h->memmap_on_device ? "device" : "dram", h->added_bytes,
			       holding_online_bytes(h, &first), h->scrub_bytes,
			       (u64)atomic64_read(&h->scrubbed_bytes));
}

static bool held_line(struct holding *h, void *arg)
{
	struct held_text *t = arg;
	size_t len;

	if (h->dev)
		return false;
	len = held_print(h, t->buf + t->len, HELD_MAX - t->len);
	/* One that was cut lacks its end. */
	if (len && t->buf[t->len + len - 1] == '\n')
		t->len += len;
	else
		t->more++;
	return false;
}

static ssize_t held_show(struct device_driver *drv, char *buf)
{
	struct held_text t = { .buf = buf };

	gate_visit(held_line, &t);
	if (t.more)
		t.len += sysfs_emit_at(buf, t.len, "more=%u\n", t.more);
	return t.len;
}
static struct driver_attribute driver_attr_held = __ATTR(held, 0400, held_show, NULL);

static struct attribute *driver_attrs[] = {
	&driver_attr_add.attr,
	&driver_attr_release.attr,
	&driver_attr_held.attr,
	&driver_attr_version.attr,
	NULL
};

static const struct attribute_group driver_group = { .attrs = driver_attrs };

#define HOLDING_ATTR(_name, _fmt, _value)						\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf) \
{											\
	struct holding *h = dev_get_drvdata(dev);					\
											\
	return sysfs_emit(buf, _fmt "\n", _value);					\
}											\
static DEVICE_ATTR_RO(_name)

HOLDING_ATTR(state, "%s", holding_state(h));
HOLDING_ATTR(node, "%d", h->node);
HOLDING_ATTR(zone, "%s", zone_gate_name(h->zone));
HOLDING_ATTR(memmap, "%s", h->memmap_on_device ? "device" : "dram");
HOLDING_ATTR(added_bytes, "%llu", h->added_bytes);
HOLDING_ATTR(lost_align_bytes, "%llu", h->lost_align_bytes);
HOLDING_ATTR(lost_skip_bytes, "%llu", h->lost_skip_bytes);
HOLDING_ATTR(scrub_bytes, "%llu", READ_ONCE(h->scrub_bytes));
HOLDING_ATTR(scrubbed_bytes, "%llu", (u64)atomic64_read(&h->scrubbed_bytes));

static ssize_t online_bytes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u64 first;

	return sysfs_emit(buf, "%llu\n", holding_online_bytes(dev_get_drvdata(dev), &first));
}
static DEVICE_ATTR_RO(online_bytes);

static ssize_t adistance_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct holding *h = dev_get_drvdata(dev);

	return h->adistance ? sysfs_emit(buf, "%d\n", h->adistance) : sysfs_emit(buf, "\n");
}
static DEVICE_ATTR_RO(adistance);

static ssize_t ranges_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct holding *h = dev_get_drvdata(dev);
	unsigned int i;
	int len = 0;

	for (i = 0; i < h->nr_ranges; i++)
		len += sysfs_emit_at(buf, len, "%#llx-%#llx\n", h->ranges[i].span.start,
				     h->ranges[i].span.end);
	return len;
}
static DEVICE_ATTR_ADMIN_RO(ranges);

static struct attribute *device_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_node.attr,
	&dev_attr_zone.attr,
	&dev_attr_memmap.attr,
	&dev_attr_adistance.attr,
	&dev_attr_ranges.attr,
	&dev_attr_added_bytes.attr,
	&dev_attr_online_bytes.attr,
	&dev_attr_lost_align_bytes.attr,
	&dev_attr_lost_skip_bytes.attr,
	&dev_attr_scrub_bytes.attr,
	&dev_attr_scrubbed_bytes.attr,
	NULL
};

static const struct attribute_group device_group = {
	.name = "ramify",
	.attrs = device_attrs,
};

const struct attribute_group *ramify_driver_groups[] = { &driver_group, NULL };
const struct attribute_group *ramify_device_groups[] = { &device_group, NULL };
