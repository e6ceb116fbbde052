"""Thanos: receivers, queriers and a ruler."""

import os
import subprocess
import time

import downsampled
import ruled
from events import fill
from recording import free_address, wait_for
from shop import PLACED


def record(recorder, program, programs, folder, started):
    events(recorder, Parts(program, os.path.join(folder, "events"), started))
    parts = Parts(program, os.path.join(folder, "ruled"), started)
    rules = ruled.generated(recorder, "thanos", folder)
    with_ruler(recorder, parts, programs, folder, rules)
    month(recorder, Parts(program, os.path.join(folder, "month"), started))


class Parts:
    """Starts parts of a Thanos."""

    def __init__(self, program, folder, started):
        self.program = program
        self.folder = folder
        self.started = started
        os.makedirs(folder)

    def start(self, *arguments):
        """Starts one; gives its addresses for HTTP and for gRPC, and its process."""
        http, grpc = free_address(), free_address()
        log = open(os.path.join(self.folder, f"{arguments[0]}.log"), "a")
        addresses = [f"--http-address={http}", f"--grpc-address={grpc}"]
        process = subprocess.Popen([self.program, *arguments, *addresses], stdout=log, stderr=log)
        self.started.append(process)
        wait_for(f"http://{http}/-/ready")
        return f"http://{http}", grpc, process

    def receiver(self, replica):
        """Gives also where it takes OTLP."""
        writing = free_address()
        parts = self.start(
            "receive",
            f"--tsdb.path={self.folder}/{replica}",
            f'--label=replica="{replica}"',
            f"--remote-write.address={writing}",
            f"--receive.capnproto-address={free_address()}",
        )
        return *parts, f"http://{writing}/api/v1/otlp"

    def query(self, *endpoints):
        labels = ["--query.replica-label=replica", "--query.replica-label=ruler"]
        url, _, _ = self.start("query", *endpoints, *labels)
        return url


def events(recorder, parts):
    """Ten minutes of events that no rule has counted, and a store that dies."""
    _, whole, _, into_whole = parts.receiver("a")
    _, dying, process, into_dying = parts.receiver("b")
    query = parts.query(f"--endpoint={whole}")
    strict = parts.query(f"--endpoint-strict={whole}", f"--endpoint-strict={dying}")
    fill(into_whole, {})
    fill(into_dying, {})
    time.sleep(10)
    recorder.play("events", query, {}, ["check --prometheus STORE", "status --prometheus STORE"])
    process.kill()
    form = {"query": "slo_events_total", "time": str(int(time.time()))}
    for partial in ["false", "true"]:
        recorder.ask(
            f"partial-{partial}", strict, "api/v1/query", {**form, "partial_response": partial}
        )


def with_ruler(recorder, parts, programs, folder, rules):
    """Budgets that Thanos Ruler keeps; then it dies, and is forgotten."""
    _, receiver, _, otlp = parts.receiver("a")
    ruler_at = free_address()
    query = parts.query(f"--endpoint={receiver}", f"--endpoint={ruler_at}")
    strict = parts.query(f"--endpoint-strict={receiver}", f"--endpoint-strict={ruler_at}")
    ruler = start_ruler(parts, query, ruler_at, rules)
    at = ruled.moment(ruled.play(recorder, programs, folder, query, {}, otlp))
    ruler.kill()
    ruler.wait()
    asked = [f"status --prometheus STORE --at {at}", f"gate --prometheus STORE --at {at}"]
    recorder.play("ruler-dead", strict, {}, asked)
    # Queriers look for endpoints each few seconds.
    time.sleep(30)
    recorder.play("ruler-gone", query, {}, asked)


def start_ruler(parts, query, grpc, rules):
    http = free_address()
    log = open(os.path.join(parts.folder, "rule.log"), "a")
    arguments = [
        "rule",
        f"--data-dir={parts.folder}/ruler",
        "--eval-interval=1m",
        '--label=ruler="a"',
        f"--query={query}",
        *[f"--rule-file={file}" for file in rules],
        f"--http-address={http}",
        f"--grpc-address={grpc}",
    ]
    process = subprocess.Popen([parts.program, *arguments], stdout=log, stderr=log)
    parts.started.append(process)
    wait_for(f"http://{http}/-/ready")
    return process


def month(recorder, parts):
    """A spent budget of a month of which raw samples are gone, asked as `cargo slo` asks and as whoever
    leaves the choice of samples to Thanos."""
    now = int(time.time())
    config = downsampled.bucket(parts.program, parts.folder, now)
    arguments = [f"--data-dir={parts.folder}/gateway", f"--objstore.config-file={config}"]
    _, gateway, _ = parts.start("store", *arguments)
    query = parts.query(f"--endpoint={gateway}")
    time.sleep(10)
    at = ruled.moment(now)
    asked = [
        f"status --prometheus STORE --at {at}",
        f"status --prometheus STORE --at {at} --explain {PLACED}",
    ]
    recorder.play("month", query, {}, asked)
    recorder.play("month-downsampled", query, {}, asked, {"max_source_resolution": "1h"})
