"""Where captures, facts, their history, changes and costs rest: DuckDB, and nothing of it elsewhere.

Open with `connection.open_warehouse`; `captures` and `observations` bring things in, `refresh.apply` moves history on,
`catalog`, `changes`, `frames` and `reports` read them out again. Everything here is a function of the log beside the
captures.
"""
