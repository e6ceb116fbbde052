#!/usr/bin/env python3
"""Records what a real Thanos and a real Mimir answer to the questions of `check` and `status`.

    python3 xtask/record/stores.py THANOS MIMIR CARGO_SLO OUT

THANOS and MIMIR are their programs, built by Go from the modules in MODULES (`go mod download -json`
says where their source is; their `replace` lines hold only within it). CARGO_SLO is the program
`cargo-slo`. Writes `thanos.json` and `mimir.json` into the folder OUT, which is
`cargo-slo/tests/it/recorded_stores/answers`. Run it at the root of the repository.
"""

import http.server
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

LOOPBACK = "127.0.0.1"
DEFINITION = "cargo-slo/tests/it/exports/shop-orders.slo.json"

# Thanos needs `zenhack.net/go/util`, for a replication that these runs don't use; where that module can't
# be had, a stand-in of its mutex and queue does for the build.
MODULES = {
    "thanos": "github.com/thanos-io/thanos@v0.39.2",
    "mimir": "github.com/grafana/mimir@v1.3.1-0.20260423142704-aced80d74930",
}

# What is sent beside a question says how to answer it.
BESIDE = {"nocache", "partial_response", "dedup", "max_source_resolution"}


def field(number, payload):
    """A field of a protobuf message that holds bytes."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def attribute(number, key, value):
    text = field(1, value.encode())
    return field(number, field(1, key.encode()) + field(2, text))


def events(moment, start, counts):
    """An export of `slo.events` as OTLP sends it, with cumulative counts by outcome."""
    points = b""
    for outcome, count in counts.items():
        labels = {
            "slo.journey": "checkout",
            "slo.endpoint": "place-order",
            "slo.sli": "availability",
            "slo.outcome": outcome,
        }
        point = b"".join(attribute(7, *label) for label in labels.items())
        point += varint(2 << 3 | 1) + struct.pack("<Q", start * 10**9)
        point += varint(3 << 3 | 1) + struct.pack("<Q", moment * 10**9)
        point += varint(6 << 3 | 1) + struct.pack("<q", count)
        points += field(1, point)
    data = points + varint(2 << 3) + varint(2) + varint(3 << 3) + varint(1)
    metric = field(1, b"slo.events") + field(3, b"{event}") + field(7, data)
    resource = b"".join(
        attribute(1, key, value)
        for key, value in [
            ("service.namespace", "shop"),
            ("service.name", "shop-orders"),
            ("service.instance.id", "orders-1"),
        ]
    )
    return field(1, field(1, resource) + field(2, field(2, metric)))


def fill(url, headers):
    """Ten minutes of events: one bad in ten."""
    now = int(time.time()) // 60 * 60
    for minute in range(10):
        counts = {"good": 90 * minute, "bad": 10 * minute}
        body = events(now - (9 - minute) * 60, now - 540, counts)
        send(url, body, {**headers, "Content-Type": "application/x-protobuf"})


def send(url, body, headers):
    for _ in range(60):
        try:
            request = urllib.request.Request(url, body, headers)
            return urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError as error:
            why = f"{error}: {error.read().decode(errors='replace')}"
            # It is ready before its storage is.
            if error.code < 500:
                break
            time.sleep(1)
    sys.exit(f"{url}: {why}")


def wait_for(url, headers=None):
    for _ in range(240):
        try:
            request = urllib.request.Request(url, headers=headers or {})
            return urllib.request.urlopen(request, timeout=5).read()
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.5)
    sys.exit(f"nothing answers at {url}")


def ask(url, path, form, headers=None):
    """The status and the body of an answer."""
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(f"{url}/{path}", data, headers or {})
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.read().decode()


def recording(store, headers, kept):
    """A proxy before a store; gives its address."""

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self.answer(dict(urllib.parse.parse_qsl(body)))

        def do_GET(self):
            self.answer({})

        def answer(self, form):
            path = self.path.lstrip("/")
            status, body = ask(store, path, form, headers)
            keep(kept, path, form, status, body)
            self.send_response(status)
            self.send_header("content-length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{LOOPBACK}:{server.server_port}"


def keep(kept, path, form, status, body):
    asked = {key: value for key, value in form.items() if key not in BESIDE}
    kept.append({"path": path, "asked": asked, "status": status, "body": body})


def record(store, headers, cargo_slo, kept):
    """What the store answers to `check` and to `status`."""
    proxy = recording(store, headers, kept)
    for command in ["check", "status"]:
        subprocess.run(
            [cargo_slo, "slo", command, "--prometheus", proxy, DEFINITION],
            check=False,
        )
    once = {json.dumps([answer["path"], answer["asked"]]): answer for answer in kept}
    kept[:] = once.values()


def thanos(program, cargo_slo, folder, started):
    def start(*arguments):
        log = open(os.path.join(folder, f"{arguments[0]}.log"), "a")
        started.append(subprocess.Popen([program, *arguments], stdout=log, stderr=log))

    receiver, query, strict = 29190, 29191, 29195
    start(
        "receive",
        f"--tsdb.path={folder}/thanos",
        "--label=replica=\"a\"",
        f"--remote-write.address={LOOPBACK}:{receiver}",
        f"--receive.capnproto-address={LOOPBACK}:29201",
        f"--http-address={LOOPBACK}:29192",
        f"--grpc-address={LOOPBACK}:29193",
    )
    start(
        "query",
        f"--http-address={LOOPBACK}:{query}",
        f"--grpc-address={LOOPBACK}:29194",
        f"--endpoint={LOOPBACK}:29193",
        "--query.replica-label=replica",
    )
    # One of its stores dies.
    start(
        "receive",
        f"--tsdb.path={folder}/dying",
        "--label=replica=\"b\"",
        f"--remote-write.address={LOOPBACK}:29197",
        f"--receive.capnproto-address={LOOPBACK}:29200",
        f"--http-address={LOOPBACK}:29198",
        f"--grpc-address={LOOPBACK}:29199",
    )
    dying = started[-1]
    start(
        "query",
        f"--http-address={LOOPBACK}:{strict}",
        f"--grpc-address={LOOPBACK}:29196",
        f"--endpoint-strict={LOOPBACK}:29193",
        f"--endpoint-strict={LOOPBACK}:29199",
        "--query.replica-label=replica",
    )
    wait_for(f"http://{LOOPBACK}:29192/-/ready")
    wait_for(f"http://{LOOPBACK}:{query}/-/ready")
    wait_for(f"http://{LOOPBACK}:29198/-/ready")
    wait_for(f"http://{LOOPBACK}:{strict}/-/ready")
    fill(f"http://{LOOPBACK}:{receiver}/api/v1/otlp", {})
    fill(f"http://{LOOPBACK}:29197/api/v1/otlp", {})
    time.sleep(10)
    kept = []
    record(f"http://{LOOPBACK}:{query}", {}, cargo_slo, kept)
    dying.kill()
    for partial in ["false", "true"]:
        form = {"query": "slo_events_total", "time": str(int(time.time()))}
        status, body = ask(
            f"http://{LOOPBACK}:{strict}", "api/v1/query", {**form, "partial_response": partial}
        )
        keep(kept, "partial-" + partial, form, status, body)
    return kept


def mimir(program, cargo_slo, folder, started):
    url, tenant = f"http://{LOOPBACK}:29290", {"X-Scope-OrgID": "shop"}
    log = open(os.path.join(folder, "mimir.log"), "a")
    started.append(
        subprocess.Popen(
            [
                program,
                "-target=all",
                "-server.http-listen-port=29290",
                f"-server.http-listen-address={LOOPBACK}",
                "-server.grpc-listen-port=29291",
                f"-server.grpc-listen-address={LOOPBACK}",
                "-common.storage.backend=filesystem",
                f"-common.storage.filesystem.dir={folder}/mimir",
                "-blocks-storage.storage-prefix=blocks",
                f"-blocks-storage.tsdb.dir={folder}/tsdb",
                f"-blocks-storage.bucket-store.sync-dir={folder}/sync",
                f"-compactor.data-dir={folder}/compactor",
                f"-ruler.rule-path={folder}/rules",
                f"-activity-tracker.filepath={folder}/activity",
                "-usage-stats.enabled=false",
                "-ingester.ring.replication-factor=1",
                "-ingester.ring.store=inmemory",
                "-distributor.ring.store=inmemory",
                "-compactor.ring.store=inmemory",
                "-store-gateway.sharding-ring.store=inmemory",
                "-ruler.ring.store=inmemory",
                "-query-frontend.instance-addr=127.0.0.1",
                "-memberlist.bind-addr=127.0.0.1",
                "-memberlist.bind-port=29292",
                "-memberlist.advertise-addr=127.0.0.1",
                "-ingester.ring.instance-addr=127.0.0.1",
                "-distributor.ring.instance-addr=127.0.0.1",
                "-compactor.ring.instance-addr=127.0.0.1",
                "-store-gateway.sharding-ring.instance-addr=127.0.0.1",
                "-ruler.ring.instance-addr=127.0.0.1",
                "-query-frontend.max-total-query-length=100d",
            ],
            stdout=log,
            stderr=log,
        )
    )
    wait_for(f"{url}/ready")
    fill(f"{url}/otlp/v1/metrics", tenant)
    time.sleep(3)
    kept = []
    store = f"{url}/prometheus"
    record(store, tenant, cargo_slo, kept)
    now = int(time.time())
    form = {"query": "slo_events", "time": str(now)}
    keep(kept, "no-tenant", form, *ask(store, "api/v1/query", form))
    keep(kept, "other-tenant", form, *ask(store, "api/v1/query", form, {"X-Scope-OrgID": "other"}))
    form = {"query": "slo_events", "start": str(now - 200 * 86400), "end": str(now), "step": "86400"}
    keep(kept, "limit", form, *ask(store, "api/v1/query_range", form, tenant))
    status, body = ask(store, "config/v1/rules", {}, tenant)
    keep(kept, "rules", {}, status, body)
    return kept


def main():
    thanos_program, mimir_program, cargo_slo, out = sys.argv[1:]
    for name, run, program in [("thanos", thanos, thanos_program), ("mimir", mimir, mimir_program)]:
        started = []
        with tempfile.TemporaryDirectory() as folder:
            try:
                kept = run(program, cargo_slo, folder, started)
            finally:
                for process in started:
                    process.kill()
                    process.wait()
        path = pathlib.Path(out) / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        recorded = {"store": MODULES[name], "answers": kept}
        path.write_text(json.dumps(recorded, indent=1) + "\n")
        print(f"wrote {path}: {len(kept)} answers")


main()
