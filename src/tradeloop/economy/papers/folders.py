"""Messages as files: one XML file each, in a folder for each kind, and the firms as a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from tradeloop.economy.papers.clock import EPOCH
from tradeloop.economy.papers.messages import Message, xml
from tradeloop.economy.papers.town import Firm

FIRM_COLUMNS = ("customs_code", "uscc", "name", "from", "source")
LISTED_FROM = EPOCH.replace(year=2020)
LISTED_BY = "synthetic register"


class Folders:
    """Writes papers as a port's client would leave them on a disk."""

    def __init__(self, into: Path, sender: Firm) -> None:
        """Write below `into`, as `sender`."""
        self._into = into
        self._sender = sender
        self.files = 0

    def write(self, message: Message) -> None:
        """Write one message as `CEB303/000001.xml`."""
        folder = self._into / message.kind
        if message.number == 1:
            folder.mkdir(parents=True, exist_ok=True)
        text = xml(message, self._sender)
        folder.joinpath(f"{message.number:06}.xml").write_bytes(text.encode())
        self.files += 1

    def close(self, firms: Sequence[Firm]) -> None:
        """Write the firm table."""
        self._into.mkdir(parents=True, exist_ok=True)
        with self._into.joinpath("firms.csv").open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(FIRM_COLUMNS)
            table.writerows(
                (firm.customs_code, firm.uscc, firm.name, LISTED_FROM.isoformat(), LISTED_BY)
                for firm in firms
            )
        self.files += 1
