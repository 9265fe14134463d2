"""The command line: parse, call, print, exit code. Nothing heavy is imported until a command runs."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress
from types import FrameType

from pipeline.cli.app import app
from pipeline.cli.options import note
from pipeline.errors import PipelineError

__all__ = ["app", "main"]

_INTERRUPTED = 130
_TERMINATED = 143


def main() -> None:
    """Run the `pipeline` command; an expected error is one line on standard error and exit code 1."""
    # Texts and tables are many small objects and few cycles: collecting less often saves a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that can't show “ must not stop a run
    with suppress(ValueError):  # only the main thread gets signals
        signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except SystemExit as ended:
        if ended.code in (_INTERRUPTED, _TERMINATED):
            note("interrupted: no half file or version is left")
        raise
    except PipelineError as error:
        note(f"error: {error}")
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        note(f"error: can't write results ({error.strerror}): make room, or name a file with --output")
        sys.exit(1)


def _end(_signal: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C when told to from outside, so that nothing temporary stays behind."""
    sys.exit(_TERMINATED)
