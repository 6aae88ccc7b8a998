#!/usr/bin/env python3
"""siuo-eval run over TLS: a server that nobody vouches for is not asked; --ca-file vouches; proxies come from the
environment."""

import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
KEY = "sk-test-tls-0123456789"
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402


def make_certificate(folder: Path, name: str, host: str) -> tuple[Path, Path]:
    """Its own authority, for that address."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "2", "-keyout", key, "-out", certificate, "-subj", f"/CN={name}", "-addext", f"subjectAltName={host}"],
                   check=True, capture_output=True)
    return certificate, key


class SafeServer(web.Server):
    """The test server behind TLS; requests whose handshake fails never reach its log."""

    def __init__(self, certificate: Path, key: Path):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.context = context
        super().__init__()

    def get_request(self):
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def base(self, api: str) -> str:
        return super().base(api).replace("http:", "https:")


class Proxy(BaseHTTPRequestHandler):
    """Notes what it was asked for, and says no."""

    def log_message(self, *args):
        pass

    def do_POST(self):
        self.server.asked.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()


def run(base: str, out: Path, *more, **environment) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run([EVAL, "run", "--data", ROOT / "examples/sample-suite", "--out", out, "--model", "m", "--endpoint", base,
                           "--key-env", "TEST_KEY", "--task", "mcqa", "--limit", "2", "--retries", "1", *more],
                          capture_output=True, text=True, timeout=120, env=clean | {"TEST_KEY": KEY} | environment)


def check_certificates(folder: Path):
    good, other = make_certificate(folder, "good", "IP:127.0.0.1"), make_certificate(folder, "other", "DNS:elsewhere.example")
    with SafeServer(*good) as server:
        got = run(server.base("openai"), folder / "unknown")
        expect("an unknown authority is no authority, and stops the run", got.returncode == 4 and not server.log and
               got.stderr.count("check the endpoint and --ca-file") == 1, got.stderr)
        got = run(server.base("openai"), folder / "wrong", "--ca-file", other[0])
        expect("nor is another one", got.returncode == 4 and "certificate" in got.stderr and not server.log, got.stderr)
        got = run(server.base("openai"), folder / "known", "--ca-file", good[0])
        expect("--ca-file vouches", got.returncode == 0 and len(server.log) == 2 and "0 failed" in got.stderr, got.stderr)
        got = run(server.base("openai"), folder / "no-file", "--ca-file", folder / "missing.pem")
        expect("a missing --ca-file", got.returncode == 2 and "missing.pem" in got.stderr and len(server.log) == 2, got.stderr)
    with SafeServer(*other) as server:
        got = run(server.base("openai"), folder / "name", "--ca-file", other[0])
        expect("a certificate is for its own host", got.returncode == 4 and not server.log, got.stderr)
    found = [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    expect("no file holds the key", not found, found)


def check_proxy(folder: Path):
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    proxy.asked = []
    threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    address = f"http://127.0.0.1:{proxy.server_address[1]}"
    run("http://model.example/v1", folder / "proxy", http_proxy=address)
    expect("http_proxy is used", "http://model.example/v1/chat/completions" in proxy.asked, proxy.asked)
    asked = len(proxy.asked)
    with web.Server() as server:
        got = run(server.base("openai"), folder / "direct", http_proxy=address, no_proxy="127.0.0.1")
        expect("no_proxy, too", got.returncode == 0 and len(proxy.asked) == asked and len(server.log) == 2, got.stderr)
    proxy.shutdown()
    proxy.server_close()


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        check_proxy(Path(name))
        if shutil.which("openssl"):
            check_certificates(Path(name))
        else:
            print("skipped: TLS (openssl is not installed, which makes the certificates)")
    return finish("checks: TLS is verified; proxies come from the environment")


sys.exit(main())
