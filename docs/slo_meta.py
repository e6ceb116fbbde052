"""Prints the records that compiled programs carry, a line of JSON each."""
import json
import struct
import sys
import zlib

MAGIC = b"\x7fSLOMETA"
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    seen = set()
    at = data.find(MAGIC)
    while at >= 0:
        header = data[at + 8 : at + 20]
        if len(header) == 12:
            version, kind, length, checksum = struct.unpack("<HHII", header)
            payload = data[at + 20 : at + 20 + length]
            whole = len(payload) == length and zlib.crc32(header[:8] + payload) == checksum
            if whole and version == 1 and kind in (0, 1, 2) and payload not in seen:
                seen.add(payload)
                print(json.dumps(json.loads(payload)))
        at = data.find(MAGIC, at + 8)
