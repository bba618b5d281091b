"""What can go wrong, for the person who reads it: where, what was found, what to do. One line each.

PipelineError
├── RegistryError      vendor, workload or comparison files: every error of every file at once
├── SettingsError      settings, thresholds, environment, home folder
├── FetchError         a source that could not be fetched
├── ExtractError       bytes that could not be read as a page
├── CaptureError       a blob or a log entry that is missing, torn or false
├── WarehouseError     the DuckDB file: locked, newer than we are, damaged
├── ClaimError         placeholders and claims in editorial text
└── PublishError       an edition that could not be made or switched
"""


class PipelineError(Exception):
    """Anything that the program tells its user in one line; the command line turns it into exit code 2."""


class RegistryError(PipelineError):
    """One or more faults in the files that people edit; `problems` holds a line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class SettingsError(PipelineError):
    """A setting that cannot be used."""


class FetchError(PipelineError):
    """A source that could not be fetched."""


class ExtractError(PipelineError):
    """Bytes that could not be read as a page."""


class CaptureError(PipelineError):
    """A blob or a log entry that is missing, torn or false."""


class WarehouseError(PipelineError):
    """A warehouse that could not be opened, written or trusted."""


class ClaimError(PipelineError):
    """A placeholder or claim that the warehouse cannot serve."""


class PublishError(PipelineError):
    """An edition that could not be made or switched."""
