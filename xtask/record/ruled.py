"""A shop whose budgets a ruler keeps, by the rules that `cargo slo generate` writes."""

import json
import pathlib
import subprocess
import sys
import time

from recording import value
from shop import PLACED, Shop

# The commands that are recorded; they ask for the same moment where they can.
COMMANDS = [
    "status --prometheus STORE --at {at}",
    f"status --prometheus STORE --at {{at}} --explain {PLACED}",
    "gate --prometheus STORE --at {at} --change feature",
    "diff --against STORE",
]

# How long a ruler may take to count what was exported.
PATIENCE_SECONDS = 900


def generated(recorder, store, folder):
    """The files of rules for a store."""
    out = pathlib.Path(folder) / "generated"
    subprocess.run(
        [recorder.cargo_slo, "slo", "generate", "prometheus", "--store", store, "-o", out]
        + ["--retention", "31", "--export", recorder.definition],
        check=True,
    )
    return sorted(out.glob("*.prometheus.yaml"))


def play(recorder, programs, folder, store, headers, endpoint):
    """Lets a shop run until its budgets are what its client counted, and records what is told of them; gives
    the moment."""
    shop = Shop(programs, folder, endpoint, headers)
    try:
        shop.go_on(60)
        shop.fail(10)
        shop.go_on(60)
        agree(shop, store, headers)
    finally:
        shop.kill()
    at = int(time.time())
    commands = [command.format(at=moment(at)) for command in COMMANDS]
    recorder.play("ruled", store, headers, commands)
    recorder.keep("ruled", "ledger", {}, 200, json.dumps(shop.counts))
    return at


def moment(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def agree(shop, store, headers):
    """Waits until the ruler has counted what the client has."""
    end = time.time() + PATIENCE_SECONDS
    counted = {}
    while time.time() < end:
        counted = {slo: {} for slo in shop.counts}
        for slo, outcomes in shop.counts.items():
            for outcome in outcomes:
                query = f'slo:events:sum_window{{slo="{slo}",slo_outcome="{outcome}"}}'
                counted[slo][outcome] = value(store, query, headers)
        if counted == shop.counts:
            return
        time.sleep(5)
    sys.exit(f"the ruler counted {counted} of {shop.counts}")
