"""What a store is asked and answers, kept scene by scene."""

import http.server
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

LOOPBACK = "127.0.0.1"

# What is sent beside a question says how to answer it.
BESIDE = {"nocache", "partial_response", "dedup", "max_source_resolution"}


def free_address():
    with socket.create_server((LOOPBACK, 0)) as free:
        return f"{LOOPBACK}:{free.getsockname()[1]}"


def send(url, body, headers):
    why = ""
    for _ in range(60):
        try:
            request = urllib.request.Request(url, body, headers)
            return urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError as error:
            why = f"{error}: {error.read().decode(errors='replace')}"
            # It is ready before its storage is.
            if error.code < 500:
                break
        except OSError as error:
            why = error
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


def value(store, query, headers=None):
    """The only value of an expression, or none."""
    status, body = ask(store, "api/v1/query", {"query": query}, headers)
    if status != 200:
        sys.exit(f"{query}: {status}: {body}")
    result = json.loads(body)["data"]["result"]
    return float(result[0]["value"][1]) if result else None


class Recorder:
    """Asks a store as `cargo slo` does, and keeps what it answers."""

    def __init__(self, cargo_slo, definition):
        self.cargo_slo = cargo_slo
        self.definition = definition
        self.kept = []

    def keep(self, scene, path, form, status, body):
        asked = {key: value for key, value in form.items() if key not in BESIDE}
        answer = {"scene": scene, "path": path, "asked": asked, "status": status, "body": body}
        same = (scene, path, asked)
        if not any((kept["scene"], kept["path"], kept["asked"]) == same for kept in self.kept):
            self.kept.append(answer)

    def ask(self, scene, store, path, form, headers=None):
        """A question that no command asks."""
        self.keep(scene, path, form, *ask(store, path, form, headers))

    def play(self, scene, store, headers, commands, instead=None):
        """What is answered to commands, each of which has `STORE` for the address and is given the
        definition; some of what they send may be sent otherwise instead."""
        with self.before(scene, store, headers, instead or {}) as server:
            proxy = f"http://{LOOPBACK}:{server.server_port}"
            for command in commands:
                words = command.replace("STORE", proxy).split()
                run = subprocess.run(
                    [self.cargo_slo, "slo", *words, "--export", self.definition],
                    check=False,
                    capture_output=True,
                    text=True,
                )
                print(f"--- {scene}: {command}: {run.returncode}\n{run.stdout}{run.stderr}")

    def before(self, scene, store, headers, instead):
        """A proxy before a store."""
        recorder = self

        class Proxy(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self.answer({**dict(urllib.parse.parse_qsl(body)), **instead})

            def do_GET(self):
                self.answer({})

            def answer(self, form):
                path = self.path.lstrip("/")
                status, body = ask(store, path, form, headers)
                recorder.keep(scene, path, form, status, body)
                self.send_response(status)
                self.send_header("content-length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((LOOPBACK, 0), Proxy)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return Ending(server)


class Ending:
    """A server that ends with its block."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        return self.server

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
