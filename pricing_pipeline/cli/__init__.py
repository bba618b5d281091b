"""The front door: the only place that may reach up to warehouse, checks and assets, and only inside a command's function."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line: exit code 0 fine, 1 ran and found problems, 2 wrong use; errors in one line, no traceback."""
    from pricing_pipeline.cli.app import app
    from pricing_pipeline.errors import PipelineError

    try:
        app()
    except PipelineError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        print("stopped; what was fetched is kept, run the command again to go on", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("PRICING_PIPELINE_DEBUG"):
            raise
        _complain(f"unexpected {type(error).__name__}: {error} (set PRICING_PIPELINE_DEBUG=1 to see where)")


def _complain(text: str) -> None:
    for line in text.splitlines() or ["unknown error"]:
        print(f"error: {line}", file=sys.stderr)
    sys.exit(2)
