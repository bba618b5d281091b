"""`make dev` beside another program."""

from __future__ import annotations

import socket

from assets.dev import HOST, free_port


def test_a_port_that_is_taken_is_passed_over() -> None:
    """Dagster itself would say so in one line among many, and go on without its UI."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]

        assert taken < free_port(taken) < taken + 20
