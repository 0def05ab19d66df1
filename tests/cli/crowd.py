#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""crowd.py SOCKET PID: requests as they should not be, and too many of them, against ramifyd.

Speaks TAP. Nothing is measured in time but for an end to waiting: rounds must go on while it is
asked, and afterwards it must have as many sockets as before.
"""

import json
import os
import random
import select
import socket
import sys
import time

PATH, PID = sys.argv[1], int(sys.argv[2])
PATIENCE = 120
tests = failed = 0


def check(name, good, why=""):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {tests} - {name}", flush=True)
    if not good:
        print(f"# {why}")


def connect():
    """A connection, when there is room in the queue: who has a time limit is told EAGAIN, and does not wait."""
    end = time.monotonic() + PATIENCE
    while True:
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(PATIENCE)
        try:
            s.connect(PATH)
            return s
        except BlockingIOError:
            s.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def read_all(s):
    data = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return data
            data += piece
    except ConnectionResetError:
        return data


def talk(raw):
    """All that is answered to these bytes."""
    s = connect()
    try:
        s.sendall(raw)
        s.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, OSError):
        pass
    data = read_all(s)
    s.close()
    return data


def request(path, method="GET", body=b"", headers=""):
    return (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def status_of(answer):
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[0].startswith(b"HTTP/1.") else 0


def body_of(answer):
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])


def round_number():
    while True:  # Refused, where all places are taken.
        answer = talk(request("/v1/status"))
        if status_of(answer) == 200:
            return body_of(answer)["round"]
        time.sleep(0.1)


def descriptors():
    """Sockets: others are of processes, which come and go."""
    n = 0
    for fd in os.listdir(f"/proc/{PID}/fd"):
        try:
            n += os.readlink(f"/proc/{PID}/fd/{fd}").startswith("socket:")
        except FileNotFoundError:
            pass
    return n


def peak_kib():
    """The most memory that it ever had."""
    with open(f"/proc/{PID}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def settles(wanted):
    end = time.monotonic() + PATIENCE
    while descriptors() > wanted and time.monotonic() < end:
        time.sleep(0.1)
    return descriptors() <= wanted


class Crowd:
    """Many connections at once; each sends its bytes, and is replaced by another when it ends."""

    def __init__(self, size, raw):
        self.raw, self.answers = raw, {}
        self.poll, self.open = select.epoll(), {}
        for _ in range(size):
            self.come()

    def come(self):
        s = socket.socket(socket.AF_UNIX)
        s.setblocking(False)
        try:
            s.connect(PATH)
            s.send(self.raw(), socket.MSG_NOSIGNAL)
        except (BlockingIOError, BrokenPipeError, ConnectionResetError) as e:
            self.count(type(e).__name__)
            s.close()
            return
        self.open[s.fileno()] = [s, b""]
        self.poll.register(s.fileno(), select.EPOLLIN | select.EPOLLHUP)

    def count(self, kind):
        self.answers[kind] = self.answers.get(kind, 0) + 1

    def take(self, fd):
        entry = self.open[fd]
        try:
            piece = entry[0].recv(65536)
        except ConnectionResetError:
            piece = b""
        entry[1] += piece
        if piece:
            return
        self.count(status_of(entry[1]))
        self.poll.unregister(fd)
        entry[0].close()
        del self.open[fd]

    def run(self, until, again):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not until(self):
            for fd, _ in self.poll.poll(0.1):
                self.take(fd)
                if again:
                    self.come()

    def leave(self):
        for s, _ in self.open.values():
            s.close()
        self.open.clear()


def malformed():
    cases = [
        b"\r\n\r\n",
        b"\x00" * 1000,
        b"GET\r\n\r\n",
        b"GET /v1/status\r\n\r\n",
        b"GET /v1/status HTTP/9.9\r\n\r\n",
        b"GET /v1/status HTTP/1.1\r\n\r\n",
        b"GET /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"PATCH /v1/policies/none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        request("/v1/policies/none", "PATCH", b'{"weight":'),
        request("/v1/policies/none", "PATCH", b"[" * 60000),
        request("/v1/policies/none", "PATCH", b'{"weight":"1\\u0000"}'),
        request("/v1/policies/" + "%00" * 300, "PATCH", b'{"weight":1}'),
        request("/v1/policies/" + "a" * 900, "PATCH", b'{"pid":1}'),
        request("/v1/policies/..%2f..%2fetc", "PATCH", b'{"pid":1}'),
        request("/v1/tenants/" + "%ff" * 300),
        request("/" + "a" * 100000),
        request("/v1/status", headers="X: " + "a" * 100000 + "\r\n"),
        request("/v1/status", headers="".join(f"X{i}: y\r\n" for i in range(20000))),
        request("/v1/policies/none", "PATCH", b" " * 70000),
        request("/v1/nothing"),
        request("/v1/status", "BREW"),
    ]
    before = talk(request("/v1/policies/none")).split(b"\r\n\r\n", 1)[1]
    bad = [c[:60] for c in cases if status_of(talk(c)) == 200]
    rng = random.Random(1)
    good = request("/v1/policies/none", "PATCH", b'{"weight":"x"}')
    broken = []
    for _ in range(60):
        text = bytearray(good)
        for _ in range(rng.randint(1, 8)):
            text[rng.randrange(len(text))] = rng.randrange(256)
        broken.append(bytes(text))
    # Those that break off are waited for, and cut off in the end.
    broken[0] = good[:-1]
    crowd = Crowd(len(broken), broken.pop)
    crowd.run(lambda c: not c.open, again=False)
    if crowd.open or 200 in crowd.answers:
        bad.append(crowd.answers)
    after = talk(request("/v1/policies/none")).split(b"\r\n\r\n", 1)[1]
    check("malformed and oversized: refused", not bad, bad)
    check("and nothing was set", before == after, (before, after))


def endless_body():
    """A body without an end is cut off."""
    s = connect()
    sent = 0
    try:
        s.sendall(b"PATCH /v1/policies/none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        while sent < 64 << 20:
            s.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
            sent += 0x4000
    except (BrokenPipeError, ConnectionResetError):
        pass
    s.close()
    check("a body without an end", sent < 1 << 20, sent)


def thousand():
    crowd = Crowd(1000, lambda: request("/v1/tenants"))
    first = len(crowd.open)
    crowd.run(lambda c: not c.open, again=False)
    served = crowd.answers.get(200, 0)
    others = {k: v for k, v in crowd.answers.items() if k not in (200, 503, "BlockingIOError")}
    check("1000 at once: served or refused", served > 0 and not others and not crowd.open,
          (first, crowd.answers, len(crowd.open)))


def rounds_go_on():
    """While a crowd never ends to ask, there are as many rounds as it takes."""
    paths = ["/v1/tenants", "/metrics", "/v1/decisions", "/v1/policies", "/v1/samplers"]
    rng = random.Random(2)
    first = round_number()
    # Seen from outside the crowd, which takes all places: by a figure in its own answers.
    seen = [first]

    class Watching(Crowd):
        def take(self, fd):
            entry = self.open[fd]
            super().take(fd)
            if fd not in self.open and b"ramify_rounds_total" in entry[1]:
                seen.append(int(entry[1].split(b"\nramify_rounds_total ")[1].split()[0]))

    crowd = Watching(300, lambda: request(rng.choice(paths)))
    crowd.run(lambda c: seen[-1] >= first + 5 and sum(c.answers.values()) > 2000, again=True)
    crowd.leave()
    check("rounds go on meanwhile", seen[-1] >= first + 5, (first, seen[-1], crowd.answers))
    check("and 2000 were answered", sum(crowd.answers.values()) > 2000, crowd.answers)


def slow():
    """Those that say nothing, or a byte now and then, take no place from others for good."""
    crowd = [connect() for _ in range(60)]
    for s in crowd:
        s.setblocking(False)
    end, alive = time.monotonic() + PATIENCE, 1
    while alive and time.monotonic() < end:
        alive = 0
        for s in crowd:
            try:
                s.send(b"G" if s.fileno() % 2 else b"", socket.MSG_NOSIGNAL)
                alive += 1
            except BlockingIOError:
                alive += 1
            except OSError:
                pass
            try:
                if s.recv(1000) == b"":
                    alive -= 1
                    crowd.remove(s)
                    s.close()
            except (BlockingIOError, ConnectionResetError):
                pass
        time.sleep(0.2)
    check("slow ones are cut off", not alive, alive)


def lazy_readers():
    """Those that ask, and never take the answer."""
    crowd = []
    for _ in range(80):
        s = socket.socket(socket.AF_UNIX)
        s.setblocking(False)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        try:
            s.connect(PATH)
            s.send(request("/metrics") * 20, socket.MSG_NOSIGNAL)
        except OSError:
            pass
        crowd.append(s)
    first = round_before = round_number()
    end = time.monotonic() + PATIENCE
    while round_before < first + 3 and time.monotonic() < end:
        round_before = round_number()
    check("lazy readers hold nobody up", round_before >= first + 3, (first, round_before))
    for s in crowd:
        s.close()


round_number()
before, kib_before = descriptors(), peak_kib()
malformed()
endless_body()
thousand()
rounds_go_on()
lazy_readers()
slow()
check("as many sockets as before", settles(before), (before, descriptors()))
check("it took little memory", peak_kib() < kib_before + (16 << 10), (kib_before, peak_kib()))
check("it is still there", status_of(talk(request("/v1/status"))) == 200)
print(f"1..{tests}")
sys.exit(bool(failed))
