"""PyTorch on the cases that `npm run bench:dawn` measured, beside them in one table.

    python3 bench-torch.py dawn.json --json both.json

takes the sizes from a result of the bench on Dawn and adds rows of PyTorch to it: on CUDA where there is one, else on the
CPU. Needs torch only. Values are random and of no matter here: the bench's own run looks at results.

Matrix products are of 32-bit floats with TF32 off. Neighbors are what one writes in PyTorch: scores by a product, topk, in
chunks that fit the memory. Hamming is left out: PyTorch counts no bits.
"""

import argparse
import json
import statistics
import time

import torch

# Scores of a chunk of queries: 2 GiB.
CHUNK_BYTES = 2**31
REPETITIONS = 7
CASE_SECONDS = 15


def products(case, device):
    a = torch.rand(case["rows"], case["dimension"], device=device) - 0.5
    b = torch.rand(case["columns"], case["dimension"], device=device) - 0.5
    return lambda: [a @ b.T]


def manhattan(case, device):
    a = torch.rand(case["rows"], case["dimension"], device=device) - 0.5
    b = torch.rand(case["columns"], case["dimension"], device=device) - 0.5
    return lambda: [torch.cdist(a, b, p=1)]


def neighbors(case, device):
    rows, k = case["rows"], case["k"]
    points = torch.rand(rows, case["dimension"], device=device) - 0.5
    norms = (points * points).sum(1)
    chunk = max(1, min(rows, CHUNK_BYTES // (4 * rows)))

    def run():
        indices, distances = [], []
        for first in range(0, rows, chunk):
            queries = points[first : first + chunk]
            # Orders as the distance does: the query's own norm and the root change nothing.
            scores = torch.addmm(norms, queries, points.T, alpha=-2)
            nearest = scores.topk(k + 1, dim=1, largest=False)
            squared = nearest.values + norms[first : first + chunk, None]
            indices.append(nearest.indices)
            distances.append(squared.clamp_min(0).sqrt())
        return [torch.cat(indices), torch.cat(distances)]

    return run


TASKS = {"products": products, "manhattan": manhattan, "neighbors": neighbors}


def synchronize(device):
    if device == "cuda":
        torch.cuda.synchronize()


def measure(case, device):
    """Durations in ms: until the result is in the host's memory, and until the device is done."""
    run = TASKS[case["task"]](case, device)
    run()
    synchronize(device)
    wall, kernel = [], []
    began = time.perf_counter()
    while len(wall) < REPETITIONS and (not wall or time.perf_counter() - began < CASE_SECONDS):
        start = time.perf_counter()
        results = run()
        synchronize(device)
        done = time.perf_counter()
        for result in results:
            result.cpu()
        wall.append(1000 * (time.perf_counter() - start))
        kernel.append(1000 * (done - start))
    return wall, kernel


def row_of(case, device, by):
    copied = {
        key: case[key]
        for key in ("task", "rows", "columns", "dimension", "k", "title", "unit", "work", "peak")
        if key in case
    }
    row = {**copied, "by": by, "wallMs": [], "kernelMs": []}
    try:
        wall, kernel = measure(case, device)
    except RuntimeError as error:
        return {**row, "verdict": {"isRight": False, "says": f"failed: {str(error).splitlines()[0]}"}}
    timed = kernel if device == "cuda" else []
    return {**row, "wallMs": wall, "kernelMs": timed, "verdict": {"isRight": True, "says": "not looked at"}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", help="what npm run bench:dawn -- --json FILE wrote")
    parser.add_argument("--json", help="where to write both results; printed otherwise")
    arguments = parser.parse_args()
    with open(arguments.cases, encoding="utf-8") as file:
        result = json.load(file)

    torch.backends.cuda.matmul.allow_tf32 = False
    torch.set_float32_matmul_precision("highest")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    name = torch.cuda.get_device_name() if device == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    by = f"PyTorch {torch.__version__}, {device}"
    rows = []
    with torch.no_grad():
        for case in result["rows"]:
            rows.append(case)
            if case["task"] not in TASKS or not case["wallMs"] or case["by"] != "Nearfield":
                continue
            row = row_of(case, device, by)
            if row["wallMs"]:
                print(f"{row['title']}: {by} {statistics.median(row['wallMs']):.1f} ms", flush=True)
            rows.append(row)
    merged = {**result, "rows": rows, "torch": f"{by} on {name}, TF32 off"}
    text = json.dumps(merged, indent=2)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    else:
        print(text)


if __name__ == "__main__":
    main()
