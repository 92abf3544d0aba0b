"""The Merkle tree of RFC 9162 over tiles: roots, proofs, and what checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_HASHES = 1 << TILE_HEIGHT  # as in C2SP tlog-tiles
EMPTY_ROOT = hashlib.sha256(b"").digest()

TileAt = Callable[[int, int], bytes]
"""Gives the hashes of the tile at (level, number); a tile that has grown since does no harm."""


class ProofMisshapen(Exception):
    """A path has not the length that its tree asks for."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_over(hashes: Sequence[bytes]) -> bytes:
    """Return the root over some hashes side by side, the last of which may stand for fewer leaves.

    Equal neighbours pair up first, and an odd one waits: the shape of RFC 9162 §2.1.1.
    """
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [node_hash(row[n], row[n + 1]) for n in range(0, len(row) - 1, 2)] + odd
    return row[0]


class Edge:
    """The right edge of a growing tree: one tile a level is all that growing needs to know."""

    def __init__(self, size: int = 0, tile_at: TileAt | None = None) -> None:
        """Take up a tree of `size` leaves where it was left; its last tiles are read once."""
        self.size = size
        self._rows: list[bytearray] = []
        for level, number in edge_tiles(size):
            count = (size >> (TILE_HEIGHT * level)) % TILE_HASHES
            row = tile_at(level, number)[: count * HASH_BYTES] if tile_at and count else b""
            self._rows.append(bytearray(row))

    def extend(self, leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
        """Add leaves' hashes; return each tile that changed, by (level, number)."""
        changed: dict[tuple[int, int], bytes] = {}
        before = self.size
        for leaf in leaves:
            changed |= self.add(leaf)
        if self.size > before:
            changed |= {
                (level, self._number(level)): bytes(row)
                for level, row in enumerate(self._rows)
                if row and self._count(level, before) != self._count(level, self.size)
            }
        return changed

    def add(self, leaf: bytes) -> dict[tuple[int, int], bytes]:
        """Add one leaf's hash; return the tiles that it filled, mostly none."""
        filled: dict[tuple[int, int], bytes] = {}
        self._push(0, leaf, filled)
        self.size += 1
        return filled

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        rest: list[bytes] = []
        for row in self._rows:
            if hashes := [*split(row), *rest]:
                rest = [root_over(hashes)]
        return rest[0] if rest else EMPTY_ROOT

    def _push(self, level: int, one: bytes, filled: dict[tuple[int, int], bytes]) -> None:
        if level == len(self._rows):
            self._rows.append(bytearray())
        row = self._rows[level]
        row += one
        if len(row) == TILE_HASHES * HASH_BYTES:
            number = self.size >> (TILE_HEIGHT * (level + 1))
            filled[level, number] = bytes(row)
            above = root_over(split(row))
            row.clear()
            self._push(level + 1, above, filled)

    def _number(self, level: int) -> int:
        return self.size >> (TILE_HEIGHT * (level + 1))

    @staticmethod
    def _count(level: int, size: int) -> int:
        return size >> (TILE_HEIGHT * level)


def edge_tiles(size: int) -> list[tuple[int, int]]:
    """Return the (level, number) of the last tile of each level, full or not, of a tree."""
    levels = range((max(size, 1).bit_length() - 1) // TILE_HEIGHT + 1)
    return [(level, size >> (TILE_HEIGHT * (level + 1))) for level in levels]


def root_at(size: int, tile_at: TileAt) -> bytes:
    """Return the root over the first `size` leaves."""
    return _root(0, size, tile_at) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, tile_at: TileAt) -> tuple[bytes, ...]:
    """Return the path from leaf `index` to the root over `size` leaves (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"Leaf {index} is not in a tree of {size}. Name one from 0 to {size - 1}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_of(end - start)
        if index < middle:
            path.append(_root(middle, end, tile_at))
            end = middle
        else:
            path.append(_root(start, middle, tile_at))
            start = middle
    return tuple(reversed(path))


def consistency_path(old: int, new: int, tile_at: TileAt) -> tuple[bytes, ...]:
    """Return what shows that the tree of `new` leaves only adds to that of `old` (§2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves does not follow one of {old}. Swap them.")
    if old in {0, new}:
        return ()
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + _left_of(end - start)
        if old <= middle:
            path.append(_root(middle, end, tile_at))
            end = middle
        else:
            path.append(_root(start, middle, tile_at))
            start, whole = middle, False
    if not whole:
        path.append(_root(start, end, tile_at))
    return tuple(reversed(path))


def root_by_inclusion(*, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's hash and its path lead to (§2.1.3.2).

    Raises:
        ProofMisshapen: The path is longer or shorter than this leaf's in such a tree.
    """
    if not 0 <= index < size:
        raise ProofMisshapen(f"Leaf {index} cannot be in a tree of {size} leaves.")
    at, last, root = index, size - 1, leaf
    for one in path:
        if last == 0:
            raise ProofMisshapen(f"The path of leaf {index} in {size} has {len(path)} steps: long.")
        if at % 2 or at == last:
            root = node_hash(one, root)
            while at and at % 2 == 0:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, one)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofMisshapen(f"The path of leaf {index} in {size} has {len(path)} steps: short.")
    return root


def roots_by_consistency(
    *, old: int, new: int, old_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the roots of both trees that a path leads to, for 0 < `old` < `new` (§2.1.4.2).

    Raises:
        ProofMisshapen: The path is longer or shorter than it must be between such trees.
    """
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not 0 < old < new or not path:
        raise ProofMisshapen(f"No path of {len(path)} steps leads from {old} to {new} leaves.")
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for one in steps[1:]:
        if last == 0:
            raise ProofMisshapen(f"The path from {old} to {new} has {len(path)} steps: long.")
        if at % 2 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while at and at % 2 == 0:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofMisshapen(f"The path from {old} to {new} has {len(path)} steps: short.")
    return first, second


def _root(start: int, end: int, tile_at: TileAt) -> bytes:
    """Return the root of leaves `start` to `end`; a full subtree comes out of one tile."""
    count = end - start
    if count & (count - 1) == 0:
        return _full(start, count.bit_length() - 1, tile_at)
    middle = start + _left_of(count)
    return node_hash(_full(start, (middle - start).bit_length() - 1, tile_at),
                     _root(middle, end, tile_at))  # fmt: skip


def _full(start: int, height: int, tile_at: TileAt) -> bytes:
    level, within = divmod(height, TILE_HEIGHT)
    number, offset = divmod(start >> (TILE_HEIGHT * level), TILE_HASHES)
    tile = tile_at(level, number)
    hashes = split(tile[offset * HASH_BYTES : (offset + (1 << within)) * HASH_BYTES])
    if len(hashes) != 1 << within:
        raise ValueError(
            f"Tile {number} of level {level} holds {len(tile) // HASH_BYTES} hashes; "
            f"{offset + (1 << within)} are needed. Run `tradeloop proof audit`."
        )
    return root_over(hashes)


def _left_of(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def split(row: bytes | bytearray) -> list[bytes]:
    """Return the hashes that lie side by side in a tile."""
    return [bytes(row[n : n + HASH_BYTES]) for n in range(0, len(row), HASH_BYTES)]
