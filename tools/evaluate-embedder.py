#!/usr/bin/env python3
"""Measures the embedded model on labelled pictures: are neighbors of one kind, and does a typed kind find its pictures?

    python tools/evaluate-embedder.py --cache /tmp/nearfield-models --pictures pictures/

`pictures` has a folder a label; folders within folders are labels too (animal/bird/x.png is an animal and a bird; see
gather-evaluation-pictures.py). The networks run in PyTorch at full precision, which tests hold the tfjs ones to; the joint space
is computed from public/models/ as src/models/joint-space.ts does. Pictures are cropped and resized with PIL's bicubic filter.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import load_file

from model_joint import unit
from model_sources import TextModel, image_features, load_image_model

SIZE = 224
FEW = 10  # a label of fewer pictures cannot fill a list of ten


def prepare(path: Path, crop: float) -> np.ndarray:
    image = Image.open(path).convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    side = min(image.size) * crop
    left, top = (image.width - side) / 2, (image.height - side) / 2
    box = (left, top, left + side, top + side)
    return np.asarray(ground.convert("RGB").resize((SIZE, SIZE), Image.BICUBIC, box=box))


def near(rows: np.ndarray, count: int) -> np.ndarray:
    similarity = unit(rows) @ unit(rows).T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=Path(__file__).parent.parent / "public/models")
    options = parser.parse_args()
    manifest = json.loads((options.models / "manifest.json").read_text())
    joint = load_file(options.models / manifest["files"]["joint"]["path"])

    paths = sorted(path for path in options.pictures.rglob("*") if path.is_file())
    labels_of = [path.relative_to(options.pictures).parts[:-1] for path in paths]
    model = load_image_model(options.cache)
    outputs = []
    for start in range(0, len(paths), 32):
        batch = np.stack([prepare(path, manifest["picture"]["crop"]) for path in paths[start : start + 32]])
        outputs.append(image_features(model, torch.tensor(batch)))
    features = np.concatenate([features.numpy() for features, _ in outputs])
    probabilities = np.concatenate([probabilities.numpy() for _, probabilities in outputs])

    top = np.argsort(-probabilities, axis=1, kind="stable")[:, : manifest["joint"]["top"]]
    weights = np.take_along_axis(probabilities, top, 1) ** manifest["joint"]["power"]
    weights /= weights.sum(1, keepdims=True)
    label_rows = joint["labels"].astype(np.float32)
    pictures = unit((weights[:, :, None] * label_rows[top]).sum(1) - joint["center"])

    labels = sorted({label for own in labels_of for label in own})
    has = {label: np.array([label in own for own in labels_of]) for label in labels}
    labels = [label for label in labels if has[label].sum() >= FEW]
    words = unit(TextModel(options.cache).embed(labels).numpy() - joint["center"])
    by_feature, by_joint = near(features, 5), near(pictures, 5)
    found = np.argsort(-(words @ pictures.T), axis=1, kind="stable")[:, :10]
    print(f"{len(paths)} pictures; labels with at least {FEW}\n")
    print("| label | pictures | 5 nearest alike, picture space | 5 nearest alike, joint space | typed: of the first 10 |")
    print("|---|---|---|---|---|")
    for row, label in enumerate(labels):
        own = has[label]
        shares = [f"{own[neighbors[own]].mean():.0%}" for neighbors in (by_feature, by_joint)]
        print(f"| {label} | {own.sum()} | {shares[0]} | {shares[1]} | {own[found[row]].sum()} |")


if __name__ == "__main__":
    main()
