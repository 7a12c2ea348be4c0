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


def real_distances(x, y):
    return {
        "euclidean": cdist(x, y, "euclidean"),
        "manhattan": cdist(x, y, "cityblock"),
        "cosine": cdist(x, y, "cosine"),
        "dot": x @ y.T,
    }


def make_symbols(random, name, dtype, low, high, dimension):
    """Whole numbers, compared as they are."""
    rows = random.integers(low, high, (5, dimension), dtype=dtype)
    columns = random.integers(low, high, (11, dimension), dtype=dtype)
    # Random whole numbers of a wide range are never the same: half of each column is taken from a row.
    for i, column in enumerate(columns):
        column[: dimension // 2] = rows[i % len(rows), : dimension // 2]
    return {
        "name": name,
        "dimension": dimension,
        "rows": rows.ravel().tolist(),
        "columns": columns.ravel().tolist(),
        "distances": (cdist(rows, columns, "hamming") * dimension).round().astype(int).ravel().tolist(),
    }


def make_case(name, rows, columns):
    x, y = rows.astype(numpy.float64), columns.astype(numpy.float64)
    halves_x, halves_y = (values.astype(numpy.float16).astype(numpy.float64) for values in (rows, columns))
    medians = numpy.median(y, axis=0)
    bits_x, bits_y = x > medians, y > medians
    distances = {
        **real_distances(x, y),
        # SciPy gives the share of differing positions; we give their number.
        "hamming": cdist(bits_x, bits_y, "hamming") * x.shape[1],
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
        "distancesOfHalves": {
            metric: floats(values) for metric, values in real_distances(halves_x, halves_y).items()
        },
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
    symbols = [
        make_symbols(random, "bytes", numpy.uint8, 0, 256, 67),
        make_symbols(random, "signed 16-bit integers", numpy.int16, -300, 300, 33),
        make_symbols(random, "32-bit integers", numpy.int32, -(2**31), 2**31 - 1, 20),
    ]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    made = {"madeBy": "tools/make-metric-fixtures.py", "versions": versions, "k": K, "scale": SCALE}
    made.update({"cases": cases, "symbols": symbols})
    OUT.write_text(json.dumps(made, separators=(",", ":")) + "\n")
    print(f"{OUT}: {OUT.stat().st_size} bytes")


main()
