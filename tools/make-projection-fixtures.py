"""Writes test/fixtures/projection/*.json: what scikit-learn and umap-learn say of small synthetic sets.

Everything is generated from fixed seeds; no outside data. Arrays are little-endian float32 in base64, row-major.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 umap-learn==0.5.12
    /tmp/venv/bin/python tools/make-projection-fixtures.py
"""

import base64
import json
import statistics
from pathlib import Path

import numpy as np
import sklearn
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

FOLDER = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "projection"
VERSIONS = {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "umap-learn": umap.__version__}


def pack(array):
    array = np.ascontiguousarray(array, dtype="<f4")
    return {"shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode()}


def write(name, value):
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"madeBy": "tools/make-projection-fixtures.py", "versions": VERSIONS, **value}, indent=1)
    (FOLDER / name).write_text(text + "\n")


def kept(high, low, k):
    """Mean share of the k nearest in `high` that are among the k nearest in `low`."""
    a, b = (NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False) for x in (high, low))
    return float(np.mean([len(set(p) & set(q)) / k for p, q in zip(a, b)]))


def curve(n, rng):
    """An S-curve in space, turned into 6 dimensions with a little noise."""
    t = 3 * np.pi * (rng.random(n) - 0.5)
    points = np.stack([np.sin(t), 2 * rng.random(n), np.sign(t) * (np.cos(t) - 1)], axis=1)
    turn, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    return points @ turn[:3] + rng.normal(size=(n, 6)) * 0.02


def groups(n, rng):
    """Eight groups of unequal width in 8 dimensions."""
    centers = rng.uniform(-6, 6, size=(8, 8))
    label = np.arange(n) % 8
    return centers[label] + rng.normal(size=(n, 8)) * (0.5 + label[:, None] * 0.2)


def quality():
    rng = np.random.default_rng(7)
    cases = []
    for n, d, dims in [(40, 3, 2), (120, 6, 2), (97, 5, 3)]:
        high = rng.normal(size=(n, d)).astype("f4")
        low = (high[:, :dims] + rng.normal(size=(n, dims)) * 0.4).astype("f4")
        results = [
            {"k": k, "trustworthiness": float(trustworthiness(high, low, n_neighbors=k)), "kept": kept(high, low, k)}
            for k in (1, 5, 15)
        ]
        cases.append({"vectors": pack(high), "positions": pack(low), "results": results})
    write("quality.json", {"cases": cases})


def principal():
    rng = np.random.default_rng(8)
    cases = []
    for n, d in [(60, 20), (40, 100), (25, 3), (300, 64)]:
        # Values that fall by a tenth from one direction to the next, far from the origin.
        x = (rng.normal(size=(n, d)) * 0.9 ** np.arange(d) @ np.linalg.qr(rng.normal(size=(d, d)))[0] + 5).astype("f4")
        fit = PCA(n_components=3, svd_solver="full").fit(x.astype("f8"))
        cases.append(
            {
                "vectors": pack(x),
                "scores": pack(fit.transform(x.astype("f8"))),
                "explained": fit.explained_variance_ratio_.tolist(),
            }
        )
    write("pca.json", {"cases": cases})


def maps():
    rng = np.random.default_rng(9)
    cases = []
    for name, high in [("curve", curve(400, rng)), ("groups", groups(400, rng))]:
        high = high.astype("f4")
        runs = [umap.UMAP(n_neighbors=15, min_dist=0.1, random_state=seed, n_jobs=1).fit_transform(high) for seed in (1, 2, 3)]
        cases.append(
            {
                "name": name,
                "vectors": pack(high),
                "neighbors": 15,
                "trustworthiness": statistics.median(float(trustworthiness(high, low, n_neighbors=15)) for low in runs),
                "kept": statistics.median(kept(high, low, 15) for low in runs),
            }
        )
    write("maps.json", {"cases": cases})


quality()
principal()
maps()
