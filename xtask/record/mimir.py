"""Mimir in one process: tenants, limits and a ruler."""

import os
import re
import subprocess
import textwrap
import time

import ruled
from events import fill
from recording import LOOPBACK, free_address, send, wait_for

# Tenants: with events only, with a ruler, and with limits.
EVENTS, LIVE, SMALL = [{"X-Scope-OrgID": tenant} for tenant in ["shop", "live", "small"]]

LIMITS = """\
overrides:
  small:
    max_fetched_series_per_query: 1
"""


def record(recorder, program, programs, folder, started):
    url = start(program, folder, started)
    store = f"{url}/prometheus"
    for tenant in [EVENTS, SMALL]:
        fill(f"{url}/otlp/v1/metrics", tenant)
    time.sleep(3)
    asked = ["check --prometheus STORE", "status --prometheus STORE"]
    recorder.play("events", store, EVENTS, asked)
    recorder.play("no-tenant", store, {}, asked)
    recorder.play("other-tenant", store, {"X-Scope-OrgID": "other"}, asked)
    recorder.play("too-many-series", store, SMALL, asked)
    now = int(time.time())
    form = {"query": "slo_events", "start": str(now - 200 * 86400), "end": str(now), "step": "86400"}
    recorder.ask("too-long", store, "api/v1/query_range", form, EVENTS)
    with_ruler(recorder, url, programs, folder)


def with_ruler(recorder, url, programs, folder):
    """Budgets that Mimir's ruler keeps."""
    store = f"{url}/prometheus"
    upload(recorder, store, ruled.generated(recorder, "mimir", folder))
    at = ruled.moment(ruled.play(recorder, programs, folder, store, LIVE, f"{url}/otlp/v1/metrics"))
    recorder.ask("configured", store, "config/v1/rules", {}, LIVE)
    asked = [f"status --prometheus STORE --at {at}", f"gate --prometheus STORE --at {at}"]
    recorder.play("ruled-other-tenant", store, EVENTS, asked)


def upload(recorder, store, files):
    """Loads rules group by group, as Mimir takes them."""
    for file in files:
        for group in re.split(r"^  - ", file.read_text(), flags=re.M)[1:]:
            group = textwrap.dedent("    " + group).encode()
            headers = {**LIVE, "Content-Type": "application/yaml"}
            send(f"{store}/config/v1/rules/{file.stem}", group, headers)


def start(program, folder, started):
    """Starts one; gives its address."""
    http, grpc, gossip = [free_address().split(":")[1] for _ in range(3)]
    url = f"http://{LOOPBACK}:{http}"
    limits = os.path.join(folder, "limits.yaml")
    with open(limits, "w") as file:
        file.write(LIMITS)
    log = open(os.path.join(folder, "mimir.log"), "a")
    rings = ["ingester.ring", "distributor.ring", "compactor.ring"]
    rings += ["store-gateway.sharding-ring", "ruler.ring"]
    arguments = [
        "-target=all",
        f"-server.http-listen-port={http}",
        f"-server.http-listen-address={LOOPBACK}",
        f"-server.grpc-listen-port={grpc}",
        f"-server.grpc-listen-address={LOOPBACK}",
        "-common.storage.backend=filesystem",
        f"-common.storage.filesystem.dir={folder}/mimir",
        "-blocks-storage.storage-prefix=blocks",
        f"-blocks-storage.tsdb.dir={folder}/tsdb",
        f"-blocks-storage.bucket-store.sync-dir={folder}/sync",
        f"-compactor.data-dir={folder}/compactor",
        f"-ruler.rule-path={folder}/rules",
        "-ruler.poll-interval=10s",
        f"-activity-tracker.filepath={folder}/activity",
        f"-runtime-config.file={limits}",
        "-usage-stats.enabled=false",
        "-ingester.ring.replication-factor=1",
        f"-query-frontend.instance-addr={LOOPBACK}",
        f"-memberlist.bind-addr={LOOPBACK}",
        f"-memberlist.bind-port={gossip}",
        f"-memberlist.advertise-addr={LOOPBACK}",
        "-query-frontend.max-total-query-length=100d",
        *[f"-{ring}.store=inmemory" for ring in rings],
        *[f"-{ring}.instance-addr={LOOPBACK}" for ring in rings],
    ]
    started.append(subprocess.Popen([program, *arguments], stdout=log, stderr=log))
    wait_for(f"{url}/ready")
    return url
