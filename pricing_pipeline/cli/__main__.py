"""Lets `python -m pricing_pipeline.cli` run the command line where the script is not installed."""

from pricing_pipeline.cli import main

main()
