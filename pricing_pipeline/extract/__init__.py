"""Bytes in, facts out, with evidence. `reader.read_page` is the way in; no network, clock or database."""
