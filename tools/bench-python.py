"""faiss and scikit-learn on the tasks that bench/python.mjs wrote: what `npm run bench:python` runs.

    python3 bench-python.py tasks.json result.json

Each task names .npy files. Contenders run in turns, each with all cores; medians and spread go to result.json. Results are
held against float64 before they count. Needs: pip install faiss-cpu scikit-learn
"""

import datetime
import json
import os
import platform
import statistics
import sys
import time

import faiss
import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import cdist
from scipy.special import softmax
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

REPETITIONS = 5
SAMPLES = 200


def products(a, b):
    exact = a[:SAMPLES].astype(np.float64) @ b.astype(np.float64).T
    contenders = {"NumPy a @ b.T": lambda: a @ b.T}
    return contenders, lambda result: error_of(result[:SAMPLES], exact, 1e-4)


def neighbors(a, k):
    def search_faiss():
        index = faiss.IndexFlatL2(a.shape[1])
        index.add(a)
        return without_self(index.search(a, k + 1)[1])

    def search_sklearn():
        fitted = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(a)
        return fitted.kneighbors()[1]

    truth = cdist(a[:SAMPLES].astype(np.float64), a.astype(np.float64))
    np.fill_diagonal(truth, np.inf)
    nearest = np.argsort(truth, axis=1)[:, :k]
    contenders = {"faiss IndexFlatL2": search_faiss, "scikit-learn NearestNeighbors, brute": search_sklearn}
    return contenders, lambda result: recall_of(result[:SAMPLES], nearest)


def search(a, b, k):
    index = faiss.IndexFlatIP(a.shape[1])
    index.add(a)
    fitted = NearestNeighbors(n_neighbors=k, algorithm="brute", metric="cosine").fit(a)
    truth = b.astype(np.float64) @ a.astype(np.float64).T
    nearest = np.argsort(-truth, axis=1)[:, :k]
    contenders = {
        "faiss IndexFlatIP": lambda: index.search(b, k)[1],
        "scikit-learn NearestNeighbors, brute": lambda: fitted.kneighbors(b)[1],
    }
    return contenders, lambda result: recall_of(result, nearest)


def manhattan(a, b):
    exact = cdist(a[:SAMPLES].astype(np.float64), b.astype(np.float64), "cityblock")
    contenders = {
        "scikit-learn pairwise_distances": lambda: pairwise_distances(a, b, metric="manhattan", n_jobs=-1),
        "SciPy cdist": lambda: cdist(a, b, "cityblock"),
    }
    return contenders, lambda result: error_of(result[:SAMPLES], exact, 2e-3)


def hamming(a):
    bits = a > 0
    packed = np.packbits(bits, axis=1)
    exact = cdist(bits[:SAMPLES], bits, "hamming") * bits.shape[1]

    def search_faiss():
        index = faiss.IndexBinaryFlat(bits.shape[1])
        index.add(packed)
        return index.search(packed, 15)[0]

    def judge(result):
        expected = exact if result.shape[1] == len(a) else np.sort(exact, axis=1)[:, : result.shape[1]]
        return error_of(result[:SAMPLES], expected, 0.5)

    contenders = {
        "SciPy cdist on bools": lambda: cdist(bits, bits, "hamming") * bits.shape[1],
        "faiss IndexBinaryFlat, 15 nearest": search_faiss,
    }
    return contenders, judge


def similarity(a, b):
    def run():
        logits = np.float32(100) * (a @ b.T)
        return np.stack([softmax(logits, axis=1), softmax(logits, axis=0), logits])

    logits = 100 * (a.astype(np.float64) @ b.astype(np.float64).T)
    exact = np.stack([softmax(logits, axis=1), softmax(logits, axis=0)])
    return {"NumPy and SciPy softmax": run}, lambda result: error_of(result[:2], exact, 1e-3)


def without_self(indices):
    """n × k from n × (k + 1) that hold each row itself, or one too many where duplicates crowd it out."""
    rows, columns = indices.shape
    others = indices != np.arange(rows)[:, None]
    others[others.all(axis=1), -1] = False
    return indices[others].reshape(rows, columns - 1)


def error_of(result, exact, tolerance):
    worst = float(np.max(np.abs(result - exact)))
    return {"isRight": worst <= tolerance, "says": f"error up to {worst:.0e}" if worst else "exact"}


def recall_of(result, nearest):
    found = sum(len(set(row) & set(truth)) for row, truth in zip(result, nearest))
    recall = found / nearest.size
    return {"isRight": recall >= 0.999, "says": f"recall {recall:.3f}"}


TASKS = {
    "products": products,
    "neighbors": neighbors,
    "search": search,
    "manhattan": manhattan,
    "hamming": hamming,
    "similarity": similarity,
}


def measure(task):
    sets = {name: np.load(file) for name, file in task["files"].items()}
    extra = {"k": task["k"]} if "k" in task else {}
    contenders, judge = TASKS[task["id"].split("-")[0]](**sets, **extra)
    verdicts = {name: judge(run()) for name, run in contenders.items()}
    durations = {name: [] for name in contenders}
    for _ in range(REPETITIONS):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            durations[name].append(1000 * (time.perf_counter() - start))
    rows = []
    for name, times in durations.items():
        median = statistics.median(times)
        row = {"name": name, "durationsMs": times, "medianMs": median, "fastestMs": min(times)}
        row |= {"slowestMs": max(times), "share": 1, "verdict": verdicts[name]}
        if "work" in task:
            row["rate"] = task["work"] / (median / 1000)
        rows.append(row)
    kept = {key: task[key] for key in ("id", "title", "unit", "note") if key in task}
    return {**kept, "rows": rows}


def main():
    _, asked, answered = sys.argv
    with open(asked, encoding="utf-8") as file:
        tasks = json.load(file)
    reports = []
    for task in tasks:
        print(f"{task['id']} …", file=sys.stderr, flush=True)
        reports.append(measure(task))
    result = {
        "date": datetime.date.today().isoformat(),
        "versions": f"faiss {faiss.__version__}, scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, "
        f"NumPy {np.__version__}, Python {platform.python_version()}",
        "machine": f"{os.cpu_count()} cores, {platform.system().lower()} {platform.machine()}",
        "reports": reports,
    }
    with open(answered, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
