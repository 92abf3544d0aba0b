"""The tree over tiles is that of RFC 9162, at every size and for every leaf."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.journal.tree import (
    EMPTY_ROOT,
    Edge,
    ProofMisshapen,
    consistency_path,
    edge_tiles,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_at,
    root_by_inclusion,
    roots_by_consistency,
)

# The reference leaves and roots of Certificate Transparency, as its first implementation has them
# (github.com/google/certificate-transparency, python/ct/crypto/merkle_test.py).
REFERENCE_LEAVES = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
REFERENCE_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION_5_OF_8 = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)
SIZE_MAX = 300
LARGE = 256 * 256 + 300  # three levels of tiles


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word, over hashes of leaves."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return node_hash(plain_root(hashes[:left]), plain_root(hashes[left:]))


class Grown:
    """A tree with all its tiles."""

    def __init__(self, leaves: Sequence[bytes], steps: Sequence[int] = ()) -> None:
        """Grow it in parts."""
        self.tiles: dict[tuple[int, int], bytes] = {}
        start = 0
        for step in (*steps, len(leaves)):
            # Each part takes up the tree from its tiles, as a sequencer that was started anew.
            edge = Edge(start, self.at)
            end = min(start + step, len(leaves))
            self.tiles |= edge.extend(leaves[start:end])
            start = end
            assert edge.root() == plain_root(leaves[:end])

    def at(self, level: int, number: int) -> bytes:
        """Give one tile."""
        return self.tiles[level, number]


LEAVES = [leaf_hash(str(n).encode()) for n in range(SIZE_MAX)]
ROOTS = [plain_root(LEAVES[:size]) for size in range(SIZE_MAX + 1)]
TREE = Grown(LEAVES)


def test_reference_roots_come_out() -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in REFERENCE_LEAVES]
    tree = Grown(leaves)

    assert [root_at(size, tree.at).hex() for size in range(1, 9)] == list(REFERENCE_ROOTS)
    assert [one.hex() for one in inclusion_path(5, 8, tree.at)] == list(INCLUSION_5_OF_8)
    assert root_at(0, tree.at) == EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(SIZE_MAX + 1))
def test_a_grown_tree_has_the_root_of_the_plain_definition(size: int) -> None:
    edge = Edge()
    edge.extend(LEAVES[:size])

    assert edge.root() == root_at(size, TREE.at) == ROOTS[size]


@given(steps=st.lists(st.integers(0, 700), max_size=8))
def test_a_tree_grown_in_parts_is_the_tree_grown_at_once(steps: list[int]) -> None:
    leaves = [leaf_hash(bytes([n % 256, n // 256])) for n in range(min(sum(steps), 1500))]

    assert Grown(leaves, steps).tiles == Grown(leaves).tiles


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 300])
def test_every_leaf_proves_its_place_and_no_other(size: int) -> None:
    for index in range(size):
        path = inclusion_path(index, size, TREE.at)
        root = root_by_inclusion(leaf=LEAVES[index], index=index, size=size, path=path)
        assert root == ROOTS[size]
        wrong = LEAVES[(index + 1) % SIZE_MAX]
        assert root_by_inclusion(leaf=wrong, index=index, size=size, path=path) != ROOTS[size]


def test_every_pair_of_sizes_is_consistent() -> None:
    for new in (*range(2, 40), 255, 256, 257, 300):
        for old in range(1, new):
            path = consistency_path(old, new, TREE.at)
            roots = roots_by_consistency(old=old, new=new, old_root=ROOTS[old], path=path)
            assert roots == (ROOTS[old], ROOTS[new])


@given(
    old=st.integers(1, SIZE_MAX - 1),
    new=st.integers(2, SIZE_MAX),
    odd=st.binary(min_size=32, max_size=32),
)
def test_another_history_is_not_consistent(old: int, new: int, odd: bytes) -> None:
    if old >= new:
        return
    path = consistency_path(old, new, TREE.at)

    assert roots_by_consistency(old=old, new=new, old_root=ROOTS[old], path=path) != (
        odd,
        ROOTS[new],
    )
    if path:
        bent = (odd, *path[1:])
        assert roots_by_consistency(old=old, new=new, old_root=ROOTS[old], path=bent) != (
            ROOTS[old], ROOTS[new],
        )  # fmt: skip


@given(size=st.integers(2, SIZE_MAX), data=st.data())
def test_a_path_too_long_or_too_short_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, TREE.at)

    for bent in (path[:-1], (*path, path[0])):
        with pytest.raises(ProofMisshapen):
            root_by_inclusion(leaf=LEAVES[index], index=index, size=size, path=bent)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_path(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_path(index, size, TREE.at)
    with pytest.raises(ProofMisshapen):
        root_by_inclusion(leaf=LEAVES[0], index=index, size=size, path=())


def test_a_tree_of_three_levels_of_tiles_holds() -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(LARGE)]
    tree = Grown(leaves, (65_535, 1, 1, 255))
    root = plain_root(leaves)

    assert max(level for level, _ in tree.tiles) == 2
    assert root_at(LARGE, tree.at) == root
    for index in (0, 255, 256, 65_535, 65_536, 65_791, LARGE - 1):
        path = inclusion_path(index, LARGE, tree.at)
        assert root_by_inclusion(leaf=leaves[index], index=index, size=LARGE, path=path) == root
    for old in (1, 256, 65_535, 65_536, 65_792, LARGE - 1):
        path = consistency_path(old, LARGE, tree.at)
        old_root = plain_root(leaves[:old])
        assert roots_by_consistency(old=old, new=LARGE, old_root=old_root, path=path) == (
            old_root, root,
        )  # fmt: skip


def test_growing_reads_only_the_right_edge() -> None:
    assert edge_tiles(0) == [(0, 0)]
    assert edge_tiles(256) == [(0, 1), (1, 0)]
    assert edge_tiles(65_537) == [(0, 256), (1, 1), (2, 0)]
