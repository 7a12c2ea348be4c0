#!/usr/bin/env python3
"""Measures the embedded model on labelled pictures: are neighbors of one kind, and does a typed kind find its pictures?

    python tools/evaluate-embedder.py --cache /tmp/nearfield-models --pictures pictures/
    python tools/evaluate-embedder.py --cache /tmp/nearfield-models --samples

`pictures` has a folder a label; folders within folders are labels too (animal/bird/x.png is an animal and a bird; see
gather-evaluation-pictures.py). --samples takes the sample set instead, with the kinds of sample-kinds.json, sorted by hand. The
networks run in PyTorch at full precision, which tests hold the tfjs ones to; the joint space is computed from public/models/ as
src/models/joint-space.ts does. Pictures are cropped and resized with PIL's bicubic filter.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import load_file

from model_drawings import embed_pictures, read_samples
from model_joint import mix, unit
from model_sources import TextModel, load_image_model

TOOLS = Path(__file__).parent
LIST = 10
FEW = {"pictures": 10, "samples": 7}  # labels of fewer are left out


def near(rows: np.ndarray, count: int) -> np.ndarray:
    similarity = unit(rows) @ unit(rows).T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :count]


def read_folders(root: Path) -> tuple[list[Image.Image], dict[str, np.ndarray]]:
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    labels_of = [path.relative_to(root).parts[:-1] for path in paths]
    labels = sorted({label for own in labels_of for label in own})
    return [Image.open(path) for path in paths], {label: np.array([label in own for own in labels_of]) for label in labels}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, required=True)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--pictures", type=Path)
    which.add_argument("--samples", action="store_true")
    parser.add_argument("--models", type=Path, default=TOOLS.parent / "public/models")
    options = parser.parse_args()
    manifest = json.loads((options.models / "manifest.json").read_text())
    joint = load_file(options.models / manifest["files"]["joint"]["path"])

    if options.samples:
        names, images = read_samples(TOOLS.parent / "public/samples")
        kinds = json.loads((TOOLS / "sample-kinds.json").read_text())
        has = {kind: np.array([name in own for name in names]) for kind, own in kinds.items()}
    else:
        images, has = read_folders(options.pictures)
    has = {label: own for label, own in has.items() if own.sum() >= FEW["samples" if options.samples else "pictures"]}
    features, probabilities = embed_pictures(load_image_model(options.cache), images)

    mixed = mix(probabilities, joint["labels"].astype(np.float32))
    drawn = features @ joint["drawn"].astype(np.float32) + joint["drawn.bias"]
    pictures = unit(mixed + drawn - joint["center"])

    words = unit(TextModel(options.cache).embed(list(has)).numpy() - joint["center"])
    by_feature, by_joint = near(features, 5), near(pictures, 5)
    found = np.argsort(-(words @ pictures.T), axis=1, kind="stable")
    print(f"{len(images)} pictures\n")
    print("| label | pictures | 5 nearest alike, picture space | 5 nearest alike, joint space | typed: of the first 10 |")
    print("|---|---|---|---|---|")
    typed = []
    for row, (label, own) in enumerate(has.items()):
        shares = [f"{own[neighbors[own]].mean():.0%}" for neighbors in (by_feature, by_joint)]
        count = min(LIST, int(own.sum()))
        of = "" if count == LIST else f" of {count}"
        right = own[found[row, :count]].sum()
        typed.append(right / count)
        print(f"| {label} | {own.sum()} | {shares[0]} | {shares[1]} | {right}{of} |")
    print(f"\nOf the first {LIST}, averaged over {len(has)} labels: {np.mean(typed):.1%}")


if __name__ == "__main__":
    main()
