"""Bytes in, facts out: what a page says, with evidence. `reader.read_page` is the way in; no network, no clock, no database here."""
