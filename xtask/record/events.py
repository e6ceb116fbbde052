"""Ten minutes of `slo.events` as OTLP sends them, of a shop that is not run."""

import struct
import time

from recording import send


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
