"""The joint space: the vectors that a picture's probable labels are mixed from (ConSE, Norouzi et al. 2014)."""

import numpy as np

from model_labels import WordNet
from model_sources import TextModel

TOP = 10


def label_text(name: str, offset: int, wordnet: WordNet) -> str:
    words, _ = wordnet.synset(offset)
    return ", ".join(dict.fromkeys([name, *words]))


def label_vectors(text: TextModel, classes: list[tuple[str, int]], wordnet: WordNet) -> tuple[dict[str, np.ndarray], dict]:
    """The tensors of the joint space, and the settings that go into the manifest."""
    vectors = text.embed([label_text(name, offset, wordnet) for name, offset in classes]).numpy()
    zeros = np.zeros(vectors.shape[1], np.float32)
    tensors = {"labels": vectors.astype(np.float16), "mean.picture": zeros, "mean.text": zeros}
    return tensors, {"dimension": vectors.shape[1], "top": TOP}
