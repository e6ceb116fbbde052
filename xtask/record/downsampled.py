"""A month of a budget in blocks of which Thanos keeps only samples five minutes apart, but for the last days."""

import json
import pathlib
import subprocess

HOUR, DAY = 3600, 86400
LABELS = '{job="shop/shop-orders",slo="shop-orders/checkout/place-order.availability"'

# Longer ago than this, raw samples are gone.
RAW_DAYS = 2


def month(now):
    """What rules recorded in 31 days: a hundred events each hour, one of them bad."""
    lines = []

    def metric(name, samples):
        lines.append(f"# TYPE {name} gauge")
        for labels, all_samples in samples:
            lines.extend(f"{name}{LABELS}{labels}}} {value} {time}" for time, value in all_samples)

    outcomes = [(',slo_outcome="good"', 99), (',slo_outcome="bad"', 1)]
    hours = range(now // HOUR * HOUR - 31 * DAY, now, HOUR)
    minutes = range(now // 60 * 60 - 1200, now, 60)

    def each(name, moments, times):
        metric(name, [(labels, [(t, times * n) for t in moments]) for labels, n in outcomes])

    each("slo:events:count1h", hours, 1)
    each("slo:events:count_this_hour", minutes, 0)
    each("slo:events:sum_window", minutes, 720)
    for pace, times in [("1h", 1), ("6h", 6), ("3d", 72)]:
        each(f"slo:events:sum{pace}", minutes, times)
    metric("slo:objective:ratio", [("", [(t, 0.9995) for t in minutes])])
    return "\n".join([*lines, "# EOF\n"])


def bucket(program, folder, now):
    """Blocks of it as compactor and retention leave them; gives the configuration of the bucket."""
    folder = pathlib.Path(folder) / "downsampled"
    blocks = folder / "bucket"
    blocks.mkdir(parents=True)
    (folder / "month").write_text(month(now))
    promtool = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "-q"]
    subprocess.run([*promtool, folder / "month", blocks], check=True)
    for meta in blocks.glob("*/meta.json"):
        about = json.loads(meta.read_text())
        about["thanos"] = {
            "labels": {"ruler": "a"},
            "downsample": {"resolution": 0},
            "source": "ruler",
        }
        meta.write_text(json.dumps(about))
    config = folder / "bucket.yaml"
    config.write_text(f"type: FILESYSTEM\nconfig: {{directory: {blocks}}}\n")
    with open(folder / "compact.log", "w") as log:
        subprocess.run(
            [
                program,
                "compact",
                f"--data-dir={folder}/compact",
                f"--objstore.config-file={config}",
                "--consistency-delay=0s",
                "--delete-delay=0s",
                f"--retention.resolution-raw={RAW_DAYS}d",
                "--http-address=127.0.0.1:0",
            ],
            check=True,
            stdout=log,
            stderr=log,
        )
    return config
