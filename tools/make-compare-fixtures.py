"""Writes test/fixtures/compare/measures.json: what scikit-learn, SciPy and plain NumPy say of small synthetic sets.

Everything is generated from fixed seeds; no outside data. Arrays are little-endian float32 in base64, row-major.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    /tmp/venv/bin/python tools/make-compare-fixtures.py

Distances are rounded to float32, as the engines return them, before anything is ranked; equal ones are in order of the index.
"""

import base64
import json
import math
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.manifold import ClassicalMDS, trustworthiness

OUT = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "compare" / "measures.json"
PERSISTENCE = 0.9
BINS = 6
QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def pack(array):
    array = np.ascontiguousarray(array, dtype="<f4")
    return {"shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode()}


def number(value):
    """JSON has no NaN."""
    return None if math.isnan(value) else float(value)


def cosine(x):
    dots = x @ x.T
    norms = np.diag(dots)
    return np.maximum(0, 1 - dots / np.sqrt(norms[:, None] * norms[None, :]))


def distances(x):
    x = x.astype("f8")
    differences = x[:, None, :] - x[None, :, :]
    return {
        "euclidean": np.sqrt((differences**2).sum(-1)).astype("f4"),
        "manhattan": np.abs(differences).sum(-1).astype("f4"),
        "cosine": cosine(x).astype("f4"),
    }


def ranking(matrix):
    """All others of each item, nearest first, ties by index."""
    own = matrix.astype("f8").copy()
    np.fill_diagonal(own, np.inf)
    return np.argsort(own, axis=1, kind="stable")[:, :-1]


def ranks_of(order):
    n = len(order)
    ranks = np.zeros((n, n))
    for i, row in enumerate(order):
        ranks[i, row] = np.arange(1, n)
    return ranks


def rbo(a, b):
    """Webber, Moffat and Zobel (2010), equation 32, for two lists of the same length."""
    k = len(a)
    common = [len(set(a[:d]) & set(b[:d])) for d in range(1, k + 1)]
    p = PERSISTENCE
    return common[-1] / k * p**k + (1 - p) / p * sum(x / d * p**d for d, x in enumerate(common, 1))


def agreement(first, second, sizes):
    n = len(first)
    overlaps = []
    for k in sizes:
        shared = np.array([len(set(a[:k]) & set(b[:k])) for a, b in zip(first, second)])
        x = np.arange(k + 1)
        overlaps.append(
            {
                "k": k,
                "share": float(np.mean(shared / k)),
                "jaccard": float(np.mean(shared / (2 * k - shared))),
                "chanceShare": k / (n - 1),
                "chanceJaccard": float(np.sum(x / (2 * k - x) * stats.hypergeom.pmf(x, n - 1, k, k))),
            }
        )
    k = sizes[-1]
    return {"overlaps": overlaps, "rbo": float(np.mean([rbo(a[:k], b[:k]) for a, b in zip(first, second)]))}


def correlations(first, second):
    upper = np.triu_indices(len(first), 1)
    x, y = first[upper].astype("f8"), second[upper].astype("f8")
    return {
        "pearson": number(stats.pearsonr(x, y).statistic),
        "spearman": number(stats.spearmanr(x, y).statistic),
        "kendall": number(stats.kendalltau(x, y).statistic),
    }


def neighborhoods(space, flat, positions, sizes):
    true_order, map_order = ranking(space), ranking(flat)
    results = []
    for k in sizes:
        # By ranks and not by distances, for scikit-learn leaves the order of ties open.
        trust = trustworthiness(ranks_of(true_order), positions.astype("f8"), n_neighbors=k, metric="precomputed")
        n = len(space)
        ranks = ranks_of(map_order)
        torn = sum(max(0, ranks[i, j] - k) for i in range(n) for j in true_order[i, :k])
        kept = np.mean([len(set(a[:k]) & set(b[:k])) / k for a, b in zip(true_order, map_order)])
        results.append(
            {
                "k": k,
                "trustworthiness": float(trust),
                "continuity": float(1 - 2 / (n * k * (2 * n - 3 * k - 1)) * torn),
                "kept": float(kept),
            }
        )
    return results


def global_quality(space, flat):
    n = len(space)
    upper = np.triu_indices(n, 1)
    x, y = space[upper], flat[upper]
    counts, edges, _ = np.histogram2d(x.astype("f8"), y.astype("f8"), bins=BINS, range=[[x.min(), x.max()], [y.min(), y.max()]])
    column = np.minimum(BINS - 1, np.digitize(x.astype("f8"), edges) - 1)
    scores = []
    for i in range(n):
        a, b = (i + 1) % n, (i + 5) % n
        order = np.sign(float(space[i, a]) - float(space[i, b]))
        if order:
            scores.append((1 + order * np.sign(float(flat[i, a]) - float(flat[i, b]))) / 2)
    return {
        **{key: value for key, value in correlations(space, flat).items() if key != "kendall"},
        "counts": counts.astype(int).ravel().tolist(),
        "quantiles": [
            [number(q) for q in (np.quantile(y[column == c].astype("f8"), QUANTILES) if (column == c).any() else [math.nan] * 5)]
            for c in range(BINS)
        ],
        "triplets": {
            "accuracy": float(np.mean(scores)),
            "standardError": float(np.std(scores) / math.sqrt(len(scores))),
            "triplets": len(scores),
        },
    }


def two_nn(matrix):
    """Facco et al. (2017): duplicates removed, a tenth of the largest ratios left out, a line through the origin."""
    n = len(matrix)
    stays = [i for i in range(n) if not (matrix[i, :i] == 0).any()]
    own = np.sort(matrix[np.ix_(stays, stays)].astype("f8"), axis=1)
    ratios = np.sort(own[:, 2] / own[:, 1])
    count = len(ratios)
    fitted = int(count * 0.9)
    x = np.log(ratios[:fitted])
    y = -np.log(1 - np.arange(1, fitted + 1) / count)
    return {"dimension": float((x @ y) / (x @ x)), "fitted": fitted, "duplicates": n - count}


def iso_score(x):
    """Rudman et al. (2022), algorithm 1, step by step."""
    d = x.shape[1]
    turned = (x - x.mean(0)) @ np.linalg.eigh(np.cov(x.T))[1]
    diagonal = np.diag(np.cov(turned.T))
    normalized = math.sqrt(d) * diagonal / np.linalg.norm(diagonal)
    defect = np.linalg.norm(normalized - 1) / math.sqrt(2 * (d - math.sqrt(d)))
    used = (d - defect**2 * (d - math.sqrt(d))) ** 2 / d**2
    return (d * used - 1) / (d - 1)


def isotropy(x):
    x = x.astype("f8")
    values = np.linalg.eigvalsh(np.cov(x.T))
    cosines = 1 - cosine(x)
    return {
        "isoScore": float(iso_score(x)),
        "effectiveDimensions": float(values.sum() ** 2 / (values**2).sum()),
        "meanCosine": float(cosines[np.triu_indices(len(x), 1)].mean()),
    }


def space(matrix, k):
    n = len(matrix)
    order = ranking(matrix)
    occurrences = np.bincount(order[:, :k].ravel(), minlength=n)
    upper = matrix[np.triu_indices(n, 1)].astype("f8")
    others = np.where(np.eye(n, dtype=bool), np.nan, matrix.astype("f8"))
    nearest, farthest = np.nanmin(others, 1), np.nanmax(others, 1)
    contrast = ((farthest - nearest) / nearest)[nearest > 0] if (nearest > 0).any() else np.array([math.nan])
    pairs = {tuple(sorted((i, int(j)))) for i in range(n) for j in order[i, :k]}
    return {
        "k": k,
        "skewness": number(stats.skew(occurrences)),
        "outliers": [float(matrix[i, order[i, :k]].astype("f8").mean()) for i in range(n)],
        "pairs": sorted([float(matrix[i, j]), i, j] for i, j in pairs)[:40],
        "pairCount": len(pairs),
        "twoNn": two_nn(matrix),
        "mean": float(upper.mean()),
        "deviation": float(upper.std()),
        "counts": np.histogram(upper, bins=BINS)[0].tolist(),
        "contrast": {"mean": float(contrast.mean()), "median": float(np.median(contrast))},
    }


def scaling(matrix, dims):
    fit = ClassicalMDS(n_components=dims, metric="precomputed").fit(matrix.astype("f8"))
    n = len(matrix)
    center = np.eye(n) - 1 / n
    values = np.linalg.eigvalsh(-0.5 * center @ matrix.astype("f8") ** 2 @ center)[::-1]
    return {
        "dims": dims,
        "scores": pack(fit.embedding_),
        "explained": (values[:dims] / values[values > 0].sum()).tolist(),
        "negativeShare": float(-values[values < 0].sum() / np.abs(values).sum()),
    }


def sets():
    rng = np.random.default_rng(11)
    yield "normal", rng.normal(size=(70, 6)), rng.normal(size=(70, 2))
    lengths = rng.normal(size=(60, 5)) * np.exp(rng.normal(size=(60, 1)) * 2)
    yield "lengths", lengths, lengths[:, :2] / np.linalg.norm(lengths, axis=1, keepdims=True)
    huge = rng.normal(size=(60, 8)) * np.array([30, 1, 1, 1, 1, 1, 1, 1])
    yield "huge", huge, np.stack([huge[:, 0], huge[:, 1] * 3], axis=1)
    # Few values, a constant column, and six rows that are there again.
    ties = rng.integers(0, 3, size=(44, 5)).astype("f8")
    ties[:, 2] = 1
    ties = np.concatenate([ties, ties[:6]])
    yield "ties", ties, ties[:, :2] + rng.normal(size=(50, 2)) * 0.3
    corner = np.ones((33, 4))
    corner[:, 0] = rng.integers(1, 30, size=33)
    yield "constant", corner, corner[:, :2] + rng.normal(size=(33, 2))


def main():
    cases = []
    for name, x, positions in sets():
        x, positions = x.astype("f4"), positions.astype("f4")
        n = len(x)
        sizes = [k for k in (1, 5, 15) if k < n / 2]
        spaces = distances(x)
        flat = distances(positions)["euclidean"]
        cases.append(
            {
                "name": name,
                "vectors": pack(x),
                "positions": pack(positions),
                "sizes": sizes,
                "agreement": {
                    other: agreement(ranking(spaces["euclidean"]), ranking(spaces[other]), sizes)
                    for other in ("manhattan", "cosine")
                },
                "correlations": {
                    other: correlations(spaces["euclidean"], spaces[other]) for other in ("manhattan", "cosine")
                },
                "metrics": {
                    metric: {
                        "neighborhoods": neighborhoods(matrix, flat, positions, sizes),
                        "global": global_quality(matrix, flat),
                    }
                    for metric, matrix in spaces.items()
                },
                "space": space(spaces["euclidean"], 7),
                "isotropy": isotropy(x),
                # Directions of equal or no extent are not defined: not of the sets that have them.
                "scaling": {
                    metric: scaling(spaces[metric], dims)
                    for metric, dims in (("euclidean", 2), ("manhattan", 3), ("cosine", 2))
                }
                if name in ("normal", "lengths", "huge")
                else {},
            }
        )
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"madeBy": "tools/make-compare-fixtures.py", "versions": versions, "cases": cases}, indent=1)
    OUT.write_text(text + "\n")


main()
