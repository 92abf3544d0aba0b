"""`python -m tradeloop` is the `tradeloop` command."""

from tradeloop.cli.main import run

run()
