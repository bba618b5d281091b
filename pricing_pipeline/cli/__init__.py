"""The front door: the only place that may reach up to warehouse, checks and assets, and only inside a command's function."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import click

NAME = "pricing-pipeline"
# Circular garbage is looked for after so many new objects. Importing what a refresh needs makes 400,000 that stay, and
# looking through them every 700 took 2 of its 15 seconds.
NEW_OBJECTS = 100_000


def main() -> None:
    """Run the command line: exit code 0 fine, 1 ran and found problems, 2 wrong use; errors in one line, no traceback."""
    import click

    from pricing_pipeline.errors import PipelineError

    _pass_over_what_stays()
    try:
        _run()
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        _complain(_in_one_line(error))
    except PipelineError as error:
        _complain(str(error))
    except (KeyboardInterrupt, click.Abort):
        print("stopped; what was fetched is kept, run the command again to go on", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _complain(
            f"{error.filename or 'a file'}: {error.strerror or error}; check the folder, its permissions and the space left"
        )
    except Exception as error:
        if os.environ.get("PRICING_PIPELINE_DEBUG"):
            raise
        said = " ".join(str(error).split())[:500]
        _complain(f"unexpected {type(error).__name__}: {said} (set PRICING_PIPELINE_DEBUG=1 to see where)")


def _pass_over_what_stays() -> None:
    """Let the search for circular garbage wait, and not take the process apart at its end: the system does so at once."""
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)


def _run() -> None:
    """Without Typer's own handling of errors, which prints boxes of several lines."""
    from typer.main import get_command

    from pricing_pipeline.cli.app import app

    command = get_command(app)
    with command.make_context(NAME, sys.argv[1:]) as context:
        command.invoke(context)
    sys.stdout.flush()


def _in_one_line(error: click.ClickException) -> str:
    """What a wrong use is called, and where the right one is described."""
    context = getattr(error, "ctx", None)
    said = " ".join(error.format_message().split()).rstrip(".").removeprefix("Invalid value: ")
    return f"{said}; see `{context.command_path if context else NAME} --help`"


def _complain(text: str) -> NoReturn:
    from pricing_pipeline.cli.output import printable

    for line in printable(text).splitlines() or ["unknown error"]:
        print(f"error: {line}", file=sys.stderr)
    sys.exit(2)
