#!/usr/bin/env python3
"""Records what a real Thanos and a real Mimir answer to `check`, `status`, `gate` and `diff`.

    python3 xtask/record/stores.py THANOS MIMIR PROGRAMS OUT [STORE]

THANOS and MIMIR are their programs, built by Go from the modules in MODULES (`go mod download -json`
says where their source is; their `replace` lines hold only within it). PROGRAMS is a folder with
`cargo-slo`, `shop-orders` and `shop-payments`, such as `target/debug`. Writes `thanos.json` and
`mimir.json`, or one of them, into the folder OUT, which is `cargo-slo/tests/it/recorded_stores/answers`.
Run it at the root of the repository. It takes some ten minutes for each.
"""

import json
import os
import pathlib
import sys
import tempfile

import mimir
import thanos
from recording import Recorder

DEFINITION = "cargo-slo/tests/it/exports/shop-orders.slo.json"

# Thanos needs `zenhack.net/go/util`, for a replication that these runs don't use; where that module can't
# be had, a stand-in of its mutex and queue does for the build.
MODULES = {
    "thanos": "github.com/thanos-io/thanos@v0.39.2",
    "mimir": "github.com/grafana/mimir@v1.3.1-0.20260423142704-aced80d74930",
}


def main():
    thanos_program, mimir_program, programs, out, *only = sys.argv[1:]
    for name, store, program in [
        ("thanos", thanos, thanos_program),
        ("mimir", mimir, mimir_program),
    ]:
        if only and name not in only:
            continue
        started = []
        recorder = Recorder(os.path.join(programs, "cargo-slo"), DEFINITION)
        with tempfile.TemporaryDirectory() as folder:
            try:
                store.record(recorder, program, programs, folder, started)
            finally:
                for process in started:
                    process.kill()
                    process.wait()
        recorded = json.dumps({"store": MODULES[name], "answers": recorder.kept}, indent=1)
        path = pathlib.Path(out) / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Where it ran is nobody's concern.
        path.write_text(recorded.replace(folder, "") + "\n")
        print(f"wrote {path}: {len(recorder.kept)} answers")


main()
