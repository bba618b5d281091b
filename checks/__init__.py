"""What must hold: checks declared once as plain data, judged by Great Expectations, told as findings.

It knows no warehouse: a frame comes in (names of columns, and rows), a result goes out.
"""
