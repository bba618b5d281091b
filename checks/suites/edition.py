"""Asked of the files of an edition after publishing; a failure means that readers would see something broken."""

from __future__ import annotations

from checks.declarations import CheckSeverity, Suite, columns, flag_is, none_of

EDITION = Suite(
    name="edition",
    asks_of="every file of the edition, after publishing",
    identity=("path",),
    columns=columns(words="path", counts="broken_links schema_errors figures_differ", flags="exists empty"),
    checks=(
        flag_is(
            "exists",
            expected=True,
            name="files_present",
            suite="edition",
            severity=CheckSeverity.CRITICAL,
            blocking=True,
            description="Every file that the edition lists is there.",
            says="{path}: listed, and not there",
        ),
        flag_is(
            "empty",
            name="no_empty_file",
            suite="edition",
            severity=CheckSeverity.CRITICAL,
            blocking=True,
            description="No file of the edition is empty.",
            says="{path}: holds nothing",
            where=("exists", (True,)),
        ),
        none_of(
            "broken_links",
            name="links_resolve",
            suite="edition",
            blocking=True,
            description="Every link within the edition leads somewhere.",
            says="{path}: links that lead nowhere: {broken_links}",
        ),
        none_of(
            "schema_errors",
            name="schemas_validate",
            suite="edition",
            blocking=True,
            description="Every data file agrees with its published schema.",
            says="{path}: errors against its schema: {schema_errors}",
        ),
        none_of(
            "figures_differ",
            name="same_figures_everywhere",
            suite="edition",
            blocking=True,
            description="Every format shows the same figures.",
            says="{path}: figures that differ from those of the other formats: {figures_differ}",
        ),
    ),
)
