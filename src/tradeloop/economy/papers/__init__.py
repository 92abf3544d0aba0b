"""A made-up town of cross-border parcels: its customs papers, and the truth about them."""

from tradeloop.economy.papers.generate import Generated, GenerationRefused, generate
from tradeloop.economy.papers.town import TownUnknown

__all__ = ["Generated", "GenerationRefused", "TownUnknown", "generate"]
