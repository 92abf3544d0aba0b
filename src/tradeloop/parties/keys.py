"""Under which keys a name is filed, so that names with a slip or another order meet."""

from __future__ import annotations

from itertools import combinations

from tradeloop.parties.facts import Name

FOLDED = str.maketrans("cqzvwgx", "kksffkk", "aeiouyhj")
PAIRED_WORDS_MAX = 5
LONG_WORD_LETTERS = 6
END_LETTERS = 4


def keys_of(name: Name) -> set[str]:
    """Return the keys of a name: two names that share none are not compared.

    By sound: each word, each two words, all of them sorted, all as one word. By letters: each
    two words, the whole name, the beginnings and ends of long words, and each two neighbours of
    Chinese, Japanese or Korean letters. One slip in a word leaves its beginning or its end.
    """
    sounds = sorted({sound_of(word) for word in name.tokens})
    keys = {f"w{sound}" for sound in sounds if len(sound) > 1}
    keys |= {f"p{a}|{b}" for a, b in combinations(sounds[:PAIRED_WORDS_MAX], 2)}
    words = sorted(set(name.tokens))[:PAIRED_WORDS_MAX]
    keys |= {f"l{a} {b}" for a, b in combinations(words, 2)}
    keys |= {f"a{'|'.join(sounds)}", f"o{sound_of(''.join(name.tokens))}"}
    keys.add(f"e{' '.join(name.tokens)}")
    for word in name.tokens:
        if len(word) >= LONG_WORD_LETTERS:
            keys |= {f"b{word[:END_LETTERS]}", f"z{word[-END_LETTERS:]}"}
    for word in name.native or ():
        keys |= {f"c{word[at : at + 2]}" for at in range(len(word) - 1)}
    return keys


def sound_of(word: str) -> str:
    """Return a word without its vowels, letters that sound alike made one, none twice."""
    if word.isdigit():
        return word
    first = "a" if word[:1] in "aeiou" else word[:1].translate(FOLDED) or word[:1]
    rest = word[1:].translate(FOLDED)
    kept = [b for a, b in zip(first + rest, rest, strict=False) if a != b]
    return first + "".join(kept)
