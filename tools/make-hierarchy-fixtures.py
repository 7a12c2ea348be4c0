"""Makes test/fixtures/compare/hierarchy.json: hierarchies and optimal leaf orders of SciPy, which ours are held to.

    pip install scipy==1.17.1
    python tools/make-hierarchy-fixtures.py

Seeded; the same versions give the same file.
"""

import json
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import pdist, squareform

TARGET = Path(__file__).resolve().parents[1] / "test" / "fixtures" / "compare" / "hierarchy.json"
COUNT = 60
DIMENSION = 4


def main() -> None:
    random = np.random.default_rng(7)
    centers = random.normal(size=(5, DIMENSION)) * 3
    rows = (centers[random.integers(0, 5, COUNT)] + random.normal(size=(COUNT, DIMENSION))).astype(np.float32)
    # As our engine hands them over: float32.
    distances = squareform(pdist(rows.astype(np.float64))).astype(np.float32)
    condensed = squareform(distances.astype(np.float64), checks=False)
    cases = {}
    for method in ["average", "complete", "single", "ward"]:
        tree = linkage(condensed, method)
        order = leaves_list(optimal_leaf_ordering(tree, condensed))
        cases[method] = {
            "merges": tree.tolist(),
            "length": float(distances[order[:-1], order[1:]].astype(np.float64).sum()),
        }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps({"rows": rows.tolist(), "cases": cases}, separators=(",", ":")) + "\n")


main()
