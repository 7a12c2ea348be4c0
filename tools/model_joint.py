"""The joint space: the vectors that a picture's probable labels are mixed from (ConSE, Norouzi et al. 2014).

A label's vector is more than its name's: 0.4 of it is the mean of its name and WordNet synonyms, 0.6 the mean of its kinds, up the
WordNet tree ("goldfinch" → finch, bird, vertebrate, animal), so that "bird" finds a goldfinch. The numbers were chosen by
tools/evaluate-embedder.py; docs/models.md has the table.
"""

import numpy as np

from model_labels import WordNet
from model_sources import TextModel

KIND_SHARE = 0.6
# How many of the most probable labels are mixed, and the power that their probabilities are raised to first: below 1 the runners-up
# count for more, which brings pictures of one kind together.
TOP = 25
POWER = 0.6
# Two words of an ancestor say what it is; more are rare ones.
WORDS_A_KIND = 2
# Ancestors that nearly everything has say nothing.
EMPTY_KINDS = {
    "entity", "physical entity", "object", "physical object", "thing", "whole", "unit", "matter", "substance", "abstraction",
    "psychological feature", "causal agent", "being", "organism", "living thing", "animate thing", "artifact", "artefact",
    "instrumentality", "instrumentation", "chordate", "craniate",
}  # fmt: skip


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def mix(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The label vectors (1000 × 384) of each picture's most probable labels, mixed: n × 384."""
    top = np.argsort(-probabilities, axis=1, kind="stable")[:, :TOP]
    weights = np.take_along_axis(probabilities, top, 1) ** POWER
    return np.einsum("nk,nkd->nd", weights / weights.sum(1, keepdims=True), labels[top])


def label_vectors(text: TextModel, classes: list[tuple[str, int]], wordnet: WordNet) -> tuple[dict[str, np.ndarray], dict]:
    """The tensors of the joint space, and the settings that go into the manifest."""
    names = [list(dict.fromkeys([name, *wordnet.synset(offset)[0]])) for name, offset in classes]
    kinds = [
        [words[:WORDS_A_KIND] for words in wordnet.kinds(offset) if not EMPTY_KINDS.intersection(words)]
        for _, offset in classes
    ]
    words = {word for own in names for word in own} | {word for own in kinds for kind in own for word in kind}
    # Sorted by length so that batches hold little padding; and in one order, for the same bytes each time.
    order = sorted(words, key=lambda word: (len(word), word))
    vector = dict(zip(order, text.embed(order).numpy()))

    def mean(of: list[str]) -> np.ndarray:
        return unit(np.mean([vector[word] for word in of], axis=0))

    labels = []
    for own, above in zip(names, kinds):
        label = mean(own)
        if above:
            label = (1 - KIND_SHARE) * label + KIND_SHARE * unit(np.mean([mean(kind) for kind in above], axis=0))
        labels.append(unit(label))
    rows = np.stack(labels).astype(np.float16)
    # What all labels share says nothing of a picture, and keeps pictures and words apart: it is taken off both.
    center = rows.astype(np.float32).mean(axis=0)
    return {"labels": rows, "center": center}, {"dimension": rows.shape[1], "top": TOP, "power": POWER}
