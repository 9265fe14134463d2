"""Telling a program or an address what came of a run."""

from __future__ import annotations

import json
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.retraining.notices import check_address, command_words, post, run_command

TOLD = {"outcome": "kept", "reason": "an “odd” one"}


def python(code: str, *arguments: object) -> str:
    words = [sys.executable, "-c", code, *map(str, arguments)]
    return shlex.join(words) if sys.platform != "win32" else " ".join(f'"{word}"' for word in words)


def test_a_command_gets_the_outcome_and_no_shell_reads_it(tmp_path: Path):
    code = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read() + sys.argv[2].encode())"
    assert run_command(python(code, tmp_path / "told", "$(id);"), TOLD, 30) is None
    first, second = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == TOLD
    assert second == "$(id);"


@pytest.mark.parametrize(
    ("code", "said"),
    [("raise SystemExit(4)", "ended with 4"), ("import time; time.sleep(60)", "longer than 0.5 seconds")],
)
def test_a_command_that_fails_is_told(code: str, said: str):
    start = time.monotonic()
    found = run_command(python(code), TOLD, 0.5 if "time" in code else 30)
    assert found is not None and said in found
    assert time.monotonic() - start < 20


def test_a_command_that_is_not_there_is_told():
    assert run_command("no-such-program-here", TOLD, 5) == (
        "no-such-program-here was not notified: No such file or directory"
    )


@pytest.mark.parametrize("command", ["", "  ", "mail 'unfinished"])
def test_what_is_no_command_is_refused(command: str):
    with pytest.raises(SettingsError, match="--notify"):
        command_words(command)


class Listener(BaseHTTPRequestHandler):
    """Takes what is posted; the path says how to answer."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, self.headers["Content-Type"], json.loads(body)))  # type: ignore[attr-defined]
        if "slow" in self.path:
            time.sleep(2)
        status = 302 if "moved" in self.path else 500 if "broken" in self.path else 204
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    made = HTTPServer(("127.0.0.1", 0), Listener)
    made.received = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def test_an_address_gets_the_outcome(server: HTTPServer):
    assert post(f"http://127.0.0.1:{server.server_port}/hook?key=a%20b", TOLD, 5) is None
    assert server.received == [("/hook?key=a%20b", "application/json", TOLD)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "said"),
    [("broken?key=secret", "127.0.0.1 answered 500 when notified"), ("moved", "127.0.0.1 answered 302 when notified")],
)
def test_an_answer_that_is_none_is_told_and_no_redirection_followed(server: HTTPServer, path: str, said: str):
    assert post(f"http://127.0.0.1:{server.server_port}/{path}", TOLD, 5) == said
    assert len(server.received) == 1  # type: ignore[attr-defined]


def test_an_address_that_is_slow_is_left(server: HTTPServer):
    start = time.monotonic()
    assert post(f"http://127.0.0.1:{server.server_port}/slow", TOLD, 0.3) == "127.0.0.1 was not notified: timed out"
    assert time.monotonic() - start < 1.5


def test_an_address_where_nobody_listens_is_told(server: HTTPServer):
    port = server.server_port
    server.server_close()
    found = post(f"http://127.0.0.1:{port}/", TOLD, 2)
    assert found is not None and found.startswith("127.0.0.1 was not notified: ")


@pytest.mark.parametrize(
    "address", ["", "example.org", "ftp://example.org", "http://", "file:///etc/passwd", "http://a:99999", "http://[x"]
)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(SettingsError, match=r"--webhook .*: not an address: give http://… or https://…"):
        check_address(address)


def test_what_is_an_address_passes():
    check_address("https://example.org:8443/hook?x=1")
