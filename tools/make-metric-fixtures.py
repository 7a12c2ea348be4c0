"""Makes test/fixtures/metrics/metrics.json: distances, neighbors and similarity by SciPy, scikit-learn and NumPy.

    python -m venv /tmp/venv-metrics && /tmp/venv-metrics/bin/pip install numpy scipy scikit-learn
    /tmp/venv-metrics/bin/python tools/make-metric-fixtures.py

Inputs are float32 (rounded to 4 decimals first, which keeps the file small); answers are computed in float64 from them.
"""

import json
import pathlib

import numpy
import scipy
import scipy.special
import sklearn
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

OUT = pathlib.Path(__file__).parent.parent / "test" / "fixtures" / "metrics" / "metrics.json"
K = 6
SCALE = 100


def floats(values):
    return [float(f"{value:.9g}") for value in numpy.asarray(values, dtype=numpy.float64).ravel()]


def make_rows(random, count, dimension, mean=0.0):
    return numpy.round(random.normal(mean, 1, (count, dimension)), 4).astype(numpy.float32)


def make_case(name, rows, columns):
    x, y = rows.astype(numpy.float64), columns.astype(numpy.float64)
    medians = numpy.median(y, axis=0)
    bits_x, bits_y = x > medians, y > medians
    distances = {
        "euclidean": cdist(x, y, "euclidean"),
        "manhattan": cdist(x, y, "cityblock"),
        "cosine": cdist(x, y, "cosine"),
        # SciPy gives the share of differing positions; we give their number.
        "hamming": cdist(bits_x, bits_y, "hamming") * x.shape[1],
        "dot": x @ y.T,
    }
    neighbors = {}
    for metric in ["euclidean", "manhattan", "cosine"]:
        search = NearestNeighbors(n_neighbors=K, metric=metric, algorithm="brute").fit(y)
        found_distances, found_indices = search.kneighbors()
        neighbors[metric] = {"indices": found_indices.ravel().tolist(), "distances": floats(found_distances)}
    unit_x = x / numpy.linalg.norm(x, axis=1, keepdims=True)
    unit_y = y / numpy.linalg.norm(y, axis=1, keepdims=True)
    logits = SCALE * unit_x @ unit_y.T
    return {
        "name": name,
        "dimension": x.shape[1],
        "rows": floats(rows),
        "columns": floats(columns),
        "distances": {metric: floats(values) for metric, values in distances.items()},
        "neighborsOfColumns": neighbors,
        "similarity": {
            "logits": floats(logits),
            "overLabels": floats(scipy.special.softmax(logits, axis=1)),
            "overPictures": floats(scipy.special.softmax(logits, axis=0)),
        },
    }


def main():
    random = numpy.random.default_rng(20240611)
    cases = [
        make_case(name, make_rows(random, 7, dimension, mean), make_rows(random, 19, dimension, mean))
        for name, dimension, mean in [
            ("3 dimensions", 3, 0),
            ("5 dimensions", 5, 0),
            ("63 dimensions", 63, 0),
            ("65 dimensions", 65, 0),
            ("512 dimensions", 512, 0),
            ("64 dimensions, around 10,000", 64, 1e4),
        ]
    ]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    made = {"madeBy": "tools/make-metric-fixtures.py", "versions": versions, "k": K, "scale": SCALE, "cases": cases}
    OUT.write_text(json.dumps(made, separators=(",", ":")) + "\n")
    print(f"{OUT}: {OUT.stat().st_size} bytes")


main()
