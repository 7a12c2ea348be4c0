#!/usr/bin/env python3
"""Writes test/fixtures/lab/probes.json: what the probes of src/lab/probes give in scikit-learn, NumPy and PyTorch.

    pip install numpy scikit-learn torch==2.13.0
    python tools/make-lab-probe-fixtures.py

All inputs are multiples of 1/32, so that they are the same in 32 and 64 bits. Each case has a seed of its own.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import RidgeClassifierCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).parent.parent / "test/fixtures/lab/probes.json"
PENALTIES = [0.1, 1, 10, 100, 1_000, 10_000]


# Inputs

def grid(values):
    return np.round(values * 32) / 32


def labeled(seed, rows, dimension, levels, signal, kind="plain"):
    """Rows whose place tells their level, the better the stronger the signal."""
    random = np.random.default_rng(seed)
    labels = random.integers(levels, size=rows)
    middles = random.normal(size=(levels, dimension))
    values = grid(random.normal(size=(rows, dimension)) + signal * middles[labels])
    if kind == "constant column":
        values[:, 0] = 2.5
    if kind == "duplicate columns":
        values[:, 1] = values[:, 0]
        values[:, 2] = -2 * values[:, 0]
    if kind == "scales":
        values = values * 2.0 ** np.linspace(-6, 6, dimension).round()
    if kind == "missing level":
        labels[: rows // 2][labels[: rows // 2] == 1] = 0
    if kind == "collapsed":
        values[:] = values[0]
    return values, labels


def pair(seed, rows, dimension, noise, kind="plain"):
    random = np.random.default_rng(seed)
    first = grid(random.normal(size=(rows, dimension)))
    second = grid(first + noise * random.normal(size=(rows, dimension)))
    if kind == "duplicates":
        first[rows // 2:] = first[: rows - rows // 2]
        second[rows // 2:] = second[: rows - rows // 2]
    if kind == "apart":
        first[:, 0] += 4
        second[:, 1] -= 3
    if kind == "second collapsed":
        second[:] = second[0]
    if kind == "collapsed":
        first[:] = first[0]
        second[:] = second[0]
    if kind == "low rank":
        basis = grid(random.normal(size=(3, dimension)))
        first = grid(random.integers(-4, 5, size=(rows, 3)) / 4) @ basis
        second = first[:, ::-1].copy()
    if kind == "constant column":
        first[:, 2] = 1.5
        second[:, 0] = 0
    return first, second


# References

def knn(values, labels, k):
    """Votes as scikit-learn counts them; levels with equally many win as often."""
    half = len(values) // 2
    model = KNeighborsClassifier(k, metric="cosine", algorithm="brute").fit(values[:half], labels[:half])
    votes = np.round(model.predict_proba(values[half:]) * k)
    wins = votes == votes.max(1, keepdims=True)
    own = labels[half:, None] == model.classes_
    return float(((wins & own).sum(1) / wins.sum(1)).mean())


def knn_by_lot(values, labels, k):
    """The definition, with places shared among those that tie for the last."""
    half = len(values) // 2
    unit = F.normalize(torch.tensor(values)).numpy()
    total = 0.0
    for row, label in zip(unit[half:], labels[half:]):
        similarity = (unit[:half] * row).sum(1)
        boundary = np.sort(similarity)[-k]
        above, tied = similarity > boundary, similarity == boundary
        share = above + tied * (k - above.sum()) / tied.sum()
        votes = np.array([share[labels[:half] == level].sum() for level in range(labels.max() + 1)])
        wins = np.isclose(votes, votes.max(), rtol=0, atol=1e-9)
        total += wins[label] / wins.sum()
    return total / (len(values) - half)


def linear(values, labels):
    half = len(values) // 2
    model = make_pipeline(StandardScaler(), RidgeClassifierCV(PENALTIES)).fit(values[:half], labels[:half])
    told = model.predict(values[half:])
    return {"value": float((told == labels[half:]).mean()), "penalty": float(model[-1].alpha_)}


def recall(first, second, k):
    """Each query's expected share where lots are drawn among those that tie with its own item."""
    similarity = (F.normalize(torch.tensor(first)) @ F.normalize(torch.tensor(second)).T).numpy()
    found = 0.0
    for i, row in enumerate(similarity):
        # The product of matrices rounds by the place; what is equal is equal to ten digits.
        others = np.delete(row, i)
        tied = np.isclose(others, row[i], rtol=0, atol=1e-10)
        above = (~tied & (others > row[i])).sum()
        found += min(1.0, max(0.0, (k - above) / (tied.sum() + 1)))
    return found / len(first)


def effective_rank(values):
    singular = np.linalg.svd(values, compute_uv=False)
    singular[singular < 1e-7 * np.linalg.norm(values)] = 0
    share = singular / singular.sum() if singular.sum() > 0 else singular
    share = share[share > 0]
    return float(np.exp(-(share * np.log(share)).sum())) if len(share) else 0.0


def alignment_of(first, second):
    """align_loss of Wang and Isola's code, alpha 2."""
    x, y = F.normalize(torch.tensor(first)), F.normalize(torch.tensor(second))
    return float((x - y).norm(p=2, dim=1).pow(2).mean())


def uniformity_of(values):
    """uniform_loss of Wang and Isola's code, t 2."""
    return float(torch.pdist(F.normalize(torch.tensor(values)), p=2).pow(2).mul(-2).exp().mean().log())


def gap_of(first, second):
    x, y = F.normalize(torch.tensor(first)), F.normalize(torch.tensor(second))
    return float((x.mean(0) - y.mean(0)).norm())


def correlation_of(first, second):
    def standardized(values):
        deviation = values.std(0)
        return (values - values.mean(0)) / np.where(deviation > 0, deviation, np.inf)
    return standardized(first).T @ standardized(second) / len(first)


# Cases

LABELED = [
    ("strong signal", (1, 120, 8, 4, 2.0), {}),
    ("weak signal", (2, 200, 16, 8, 0.5), {}),
    ("no signal", (3, 160, 8, 3, 0.0), {}),
    ("two levels", (4, 100, 6, 2, 0.6), {}),
    ("more dimensions than rows", (5, 80, 96, 4, 0.4), {}),
    ("as many dimensions as rows", (6, 64, 32, 3, 0.5), {}),
    ("constant column", (7, 120, 8, 4, 1.0), {"kind": "constant column"}),
    ("duplicate columns", (8, 120, 8, 4, 1.0), {"kind": "duplicate columns"}),
    ("columns of all scales", (9, 120, 9, 4, 1.0), {"kind": "scales"}),
    ("a level that is never learned", (10, 120, 8, 4, 1.5), {"kind": "missing level"}),
    ("collapsed", (11, 120, 8, 4, 1.0), {"kind": "collapsed"}),
]

PAIRS = [
    ("near", (21, 48, 8, 0.4), {}),
    ("noisy", (22, 60, 12, 1.5), {}),
    ("unrelated", (23, 60, 8, 50.0), {}),
    ("duplicates", (24, 40, 8, 0.5), {"kind": "duplicates"}),
    ("apart", (25, 48, 8, 0.7), {"kind": "apart"}),
    ("second collapsed", (26, 30, 8, 0.5), {"kind": "second collapsed"}),
    ("collapsed", (27, 30, 8, 0.5), {"kind": "collapsed"}),
    ("low rank", (28, 40, 10, 0.5), {"kind": "low rank"}),
    ("constant column", (29, 40, 6, 0.5), {"kind": "constant column"}),
    ("more dimensions than rows", (30, 10, 24, 0.5), {}),
]


def table(values):
    return {"count": len(values), "width": values.shape[1], "values": values.ravel().tolist()}


def labeled_case(name, arguments, options):
    values, labels = labeled(*arguments, **options)
    has_ties = options.get("kind") == "collapsed"
    nearest = {str(k): knn_by_lot(values, labels, k) for k in (1, 5, 10)}
    if not has_ties:
        for k in nearest:
            assert abs(nearest[k] - knn(values, labels, int(k))) < 1e-12, name
    return {"name": name, "rows": table(values), "labels": labels.tolist(), "knn": nearest, "linear": linear(values, labels)}


def pair_case(name, arguments, options):
    first, second = pair(*arguments, **options)
    return {
        "name": name,
        "first": table(first),
        "second": table(second),
        "recall": {
            str(k): {"forward": recall(first, second, k), "backward": recall(second, first, k)} for k in (1, 5)
        },
        "rank": effective_rank(first),
        "centeredRank": effective_rank(first - first.mean(0)),
        "alignment": alignment_of(first, second),
        "uniformity": uniformity_of(first),
        "gap": gap_of(first, second),
        "correlation": correlation_of(first, second).ravel().tolist(),
    }


if __name__ == "__main__":
    cases = {
        "labeled": [labeled_case(*case) for case in LABELED],
        "pairs": [pair_case(*case) for case in PAIRS],
    }
    OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print(f"{OUT}: {OUT.stat().st_size} bytes")
