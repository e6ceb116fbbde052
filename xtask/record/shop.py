"""The example shop's orders and payments, which export to a store, and a client that counts."""

import http.client
import os
import subprocess
import time

# What the client counts.
PLACED = "shop-orders/checkout/place-order.availability"
FOUND = "shop-orders/browse/find-order.availability"

# How often they export.
INTERVAL_MS = "5000"


class Shop:
    """Two processes; payments refuse cards while there is the file `switch`."""

    def __init__(self, programs, folder, endpoint, headers):
        self.programs = programs
        self.folder = folder
        self.started = []
        self.counts = {slo: {"good": 0, "bad": 0} for slo in [PLACED, FOUND]}
        self.exporting = {
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_HEADERS": ",".join(f"{k}={v}" for k, v in headers.items()),
            "OTEL_METRIC_EXPORT_INTERVAL": INTERVAL_MS,
            "OTEL_LOGS_EXPORTER": "none",
            "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=shop",
        }
        self.switch = os.path.join(folder, "payments-fail")
        faults = {"SHOP_ERROR_RATE": "1", "SHOP_SWITCH": self.switch}
        payments = self.start("shop-payments", faults)
        self.orders = self.start("shop-orders", {"SHOP_PAYMENTS_URL": f"http://{payments}"})

    def start(self, service, variables):
        process = subprocess.Popen(
            [os.path.join(self.programs, service)],
            env={**os.environ, **self.exporting, **variables},
            stdout=subprocess.PIPE,
            stderr=open(os.path.join(self.folder, f"{service}.log"), "a"),
            text=True,
        )
        self.started.append(process)
        return process.stdout.readline().strip().removeprefix("listening on ")

    def order(self, times):
        """So many orders, and a look at the first of them after each."""
        client = http.client.HTTPConnection(self.orders, timeout=30)
        for _ in range(times):
            body = '{"product": "cup", "cents": 9}'
            client.request("POST", "/orders", body, {"content-type": "application/json"})
            answer = client.getresponse()
            answer.read()
            self.count(PLACED, answer)
            client.request("GET", "/orders/0")
            answer = client.getresponse()
            answer.read()
            self.count(FOUND, answer)

    def count(self, slo, answer):
        self.counts[slo]["good" if answer.status < 500 else "bad"] += 1

    def go_on(self, seconds):
        """Some orders each second."""
        end = time.time() + seconds
        while time.time() < end:
            self.order(5)
            time.sleep(1)

    def fail(self, times):
        with open(self.switch, "w"):
            self.order(times)
        os.remove(self.switch)

    def kill(self):
        for process in self.started:
            process.kill()
            process.wait()
