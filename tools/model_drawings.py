"""What drawings add to the joint space: a linear map from picture features to text vectors, learned from named drawings.

The classifier knows photographs: a drawn rooster is a "pencil sharpener" to it. Its features know more than its labels, so a ridge
regression (closed form) reads the drawings' text vectors off them, and model_alignment.py trains it on with CLIP's loss.
tools/gather-drawings.py makes the drawings.
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from model_alignment import align
from model_joint import mix, unit
from model_sources import TextModel, image_features

SIZE = 224
CROP = 0.875
# As a label's vector: the share of the kinds against the name's.
KIND_SHARE = 0.6
# Chosen on half of the kinds of tools/sample-kinds.json and of the photographs' labels; docs/models.md has both halves.
RIDGE = 1.0  # times the mean variance of a feature
WEIGHT = 2.0  # of the map, against the mix of labels
# A drawing that is this near to a sample picture (cosine of the features) is another version of it: samples are to stay unseen.
SAME = 0.9


def prepare(image: Image.Image, crop: float = CROP) -> np.ndarray:
    """The middle of a picture as the network sees it: on white, 224 × 224 × 3."""
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    side = min(image.size) * crop
    left, top = (image.width - side) / 2, (image.height - side) / 2
    box = (left, top, left + side, top + side)
    return np.asarray(ground.convert("RGB").resize((SIZE, SIZE), Image.BICUBIC, box=box))


def embed_pictures(model: torch.nn.Module, pictures: list[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
    """Features n × 1280 and probabilities n × 1000."""
    outputs = []
    for start in range(0, len(pictures), 32):
        batch = np.stack([prepare(picture) for picture in pictures[start : start + 32]])
        outputs.append(image_features(model, torch.tensor(batch)))
    return tuple(np.concatenate([output[part].numpy() for output in outputs]) for part in (0, 1))


def read_samples(folder: Path) -> tuple[list[str], list[Image.Image]]:
    with zipfile.ZipFile(folder / "samples.zip") as archive:
        names = [entry["file"] for entry in json.loads((folder / "samples.json").read_text())["pictures"]]
        return names, [Image.open(io.BytesIO(archive.read(name))) for name in names]


def drawing_map(
    model: torch.nn.Module, text: TextModel, drawings: Path, samples: Path, joint: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Two tensors: a picture's features (1280) times `drawn`, plus `drawn.bias`, is to be added to its mix of labels (of `joint`)."""
    listed = json.loads((drawings / "drawings.json").read_text())
    features, probabilities = embed_pictures(model, [Image.open(drawings / entry["file"]) for entry in listed])
    unseen, _ = embed_pictures(model, read_samples(samples)[1])
    kept = np.flatnonzero((unit(features) @ unit(unseen).T).max(axis=1) < SAME)
    print(f"{len(kept)} drawings; {len(listed) - len(kept)} left out as versions of a sample picture")

    names = [listed[at]["names"] for at in kept]
    kinds = [list(dict.fromkeys(listed[at]["kinds"] + listed[at]["tags"])) for at in kept]
    words = sorted({word for own in names + kinds for word in own}, key=lambda word: (len(word), word))
    vector = dict(zip(words, text.embed(words).numpy()))

    def mean(of: list[str]) -> np.ndarray:
        return unit(np.mean([vector[word] for word in of], axis=0))

    targets = np.stack(
        [
            unit((1 - KIND_SHARE) * mean(own) + KIND_SHARE * mean(above)) if above else mean(own)
            for own, above in zip(names, kinds)
        ]
    ).astype(np.float64)
    features = features[kept].astype(np.float64)
    center = features.mean(axis=0)
    moved = features - center
    square = moved.T @ moved
    penalty = RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    ridge = WEIGHT * np.linalg.solve(square + penalty, moved.T @ (targets - targets.mean(axis=0)))
    mixed = mix(probabilities[kept], joint["labels"].astype(np.float32))
    trained, bias = align(features, mixed, names, kinds, vector, joint["center"], (ridge, -center @ ridge))
    rounded = trained.astype(np.float16)
    # What rounding moved the middle of the drawings by is put back.
    return {"drawn": rounded, "drawn.bias": (bias + center @ (trained - rounded)).astype(np.float32)}
