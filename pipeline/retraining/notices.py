"""Notices: telling a program or an address what came of a run. What goes wrong with that never fails the run."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import ssl
import subprocess
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import SettingsError

_AGENT = "inspection-pipeline"


def command_words(command: str) -> list[str]:
    """The words of a command line, which no shell reads. Raises `SettingsError` when there are none."""
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError as error:
        raise SettingsError(f"--notify {command!r}: not a command ({error}): close the quotation") from None
    if not words:
        raise SettingsError("--notify: needs a command")
    # Without POSIX rules, quotes stay part of the words.
    return words if os.name != "nt" else [word.strip('"') for word in words]


def check_address(address: str) -> None:
    """Raise `SettingsError` unless a webhook's address is http or https with a host."""
    try:
        parts = urlsplit(address)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fit = False
    if not fit:
        raise SettingsError(f"--webhook {address!r}: not an address: give http://… or https://…")


def run_command(command: str, told: Mapping[str, Any], seconds: float) -> str | None:
    """Run a command, no shell between, with JSON on its standard input; what went wrong, in a line."""
    words = command_words(command)
    try:
        done = subprocess.run(  # noqa: S603 the user's own command
            words,
            input=json.dumps(told, ensure_ascii=False).encode() + b"\n",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{words[0]} was not notified: it took longer than {seconds:g} seconds"
    except OSError as error:
        return f"{words[0]} was not notified: {error.strerror or error}"
    return f"{words[0]} ended with {done.returncode} when notified" if done.returncode else None


def post(address: str, told: Mapping[str, Any], seconds: float) -> str | None:
    """Post JSON to a webhook, following no redirection; what went wrong, in a line, without the address's secrets."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/json", "User-Agent": _AGENT}
    try:
        connection.request("POST", target, json.dumps(told, ensure_ascii=False).encode(), headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"{host} was not notified: {reason}"
    finally:
        connection.close()
    return f"{host} answered {status} when notified" if status >= 300 else None
