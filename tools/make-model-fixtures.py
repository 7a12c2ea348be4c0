#!/usr/bin/env python3
"""Writes test/fixtures/models/: small inputs and what PyTorch makes of them.

    pip install torch==2.13.0 transformers safetensors numpy pillow
    apt-get install python3-skimage wordnet-base
    python tools/make-model-fixtures.py --cache /tmp/nearfield-models

The photographs come from Debian's python3-skimage 0.19.3: `astronaut` (NASA, public domain), `coffee` and `chelsea` (CC0),
says its README in skimage/data. The fourth picture is drawn here, with transparent parts, which the model is to see on white.
"""

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file

from model_sources import TextModel, image_features, load_image_model

SIZE = 224

TEXTS = [
    "dog",
    "a red car on the road",
    "",
    "   ",
    "Ünïcödé café naïve résumé",
    "日本語のテキスト and 中文",
    "🐶🎉 emoji party 👩‍👩‍👧",
    "The quick brown fox jumps over the lazy dog.",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "Mixed CASE, punctuation!? (yes) — “quotes”… 3.14 & 42%",
    "word " * 400,
    "An embedding maps a picture or a sentence to a vector, so that things that mean the same lie near each other. " * 6,
]

HARD_STRINGS = [
    *TEXTS,
    *"a|I|1|!|...|?!|--|—|–|…|#hashtag|@mention|a_b|a-b|a/b|a\\b|C++|C#|.NET|node.js|x=y+1|50%|$5.99|€10|£7|¥100".split("|"),
    "don't", "it's John's", "rock 'n' roll", "O’Neill", "e-mail", "e.g. i.e. etc.", "U.S.A.", "3,141.59", "1e-9", "0xFF",
    "http://example.com/a?b=c&d=e#f", "someone@example.org", "C:\\Users\\x", "<b>bold</b>", "{\"a\": [1, 2]}", "`code`",
    "\ttab\tand\nnewline\r\nreturn", "no\u00a0break", "zero\u200bwidth", "soft\u00adhyphen", "bom\ufeff", "null\u0000byte",
    "control\u0007bell", "replacement \ufffd", "private \ue000 use", "line\u2028separator", "ideographic\u3000space", "thin\u2009space",
    "é vs e\u0301", "Å Å \u212b", "ﬁ ligature", "ß STRASSE", "İstanbul ı", "ŁÓDŹ", "Ø ø đ Đ", "ñ Ñ", "œuvre", "ﬀ ﬃ",
    "Привет мир", "Ελληνικά", "עברית", "العربية", "हिन्दी", "ไทย", "한국어", "ひらがな カタカナ", "漢字仮名", "㐀𠀀", "Tiếng Việt",
    "👍", "👍🏽", "❤️", "🇫🇷", "1️⃣", "🏳️‍🌈", "☕ coffee", "→ ⇒ ∑ ∞ ≠ √", "½ ² ³ ™ © ®", "♠♥♦♣",
    "[CLS]", "[SEP] in the middle", "[MASK] [PAD] [UNK]", "[cls]", "##ing", "##", "unaffable", "tokenization", "embeddings",
    "pneumonoultramicroscopicsilicovolcanoconiosis", "a" * 99, "a" * 100, "a" * 101, "x" * 300, "aaa" * 80 + " b",
    "goldfinch, Carduelis carduelis", "WordPiece", "ALL CAPS SENTENCE", "cAmElCaSe", "snake_case_name", "kebab-case-name",
    "Ａｌｌ　ｗｉｄｅ", "𝔉𝔯𝔞𝔨𝔱𝔲𝔯", "ⓒⓘⓡⓒⓛⓔⓓ", "Z̷̢̛a̶l̴g̵o̸", "\u202eright-to-left\u202c", "٣٤٥", "Ⅷ", "mañana?¿¡",
    "  leading and trailing  ", "many     spaces", ".", "'", "\"", "''", "``", "~^|<>", "，。！？「」",
]


def photograph(path: Path) -> np.ndarray:
    image = Image.open(path).convert("RGBA")
    side = min(image.size)
    left, top = (image.width - side) / 2, (image.height - side) / 2
    return np.asarray(image.resize((SIZE, SIZE), Image.BICUBIC, box=(left, top, left + side, top + side)))


def drawing() -> np.ndarray:
    """A red disc that fades out over a transparent ground with a blue bar."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    distance = np.hypot(x - 112, y - 96)
    rgba = np.zeros((SIZE, SIZE, 4), np.uint8)
    rgba[..., 0] = 220
    rgba[..., 1] = x // 2
    rgba[..., 3] = np.clip(255 - distance * 2.5, 0, 255)
    rgba[180:200, 20:200] = (30, 60, 200, 255)
    return rgba


def on_white(rgba: np.ndarray) -> torch.Tensor:
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return torch.tensor(rgba[..., :3] * alpha + 255 * (1 - alpha))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--photographs", type=Path, default=Path("/usr/lib/python3/dist-packages/skimage/data"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "test/fixtures/models")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    names = ["astronaut.png", "coffee.png", "chelsea.png"]
    pictures = [photograph(options.photographs / name) for name in names] + [drawing()]
    features, probabilities = image_features(
        load_image_model(options.cache), torch.stack([on_white(picture) for picture in pictures])
    )
    text = TextModel(options.cache)
    reference = {
        "features": features.numpy(),
        "probabilities": probabilities.numpy(),
        "texts": text.embed(TEXTS).numpy(),
    }
    (options.out / "pictures.rgba.gz").write_bytes(gzip.compress(np.stack(pictures).tobytes(), 9, mtime=0))
    save_file(reference, options.out / "reference.safetensors")
    (options.out / "texts.json").write_text(json.dumps(TEXTS, ensure_ascii=True, indent=1) + "\n")
    tokens = [
        {"text": string, "ids": text.tokenizer(string, truncation=True, max_length=256)["input_ids"]}
        for string in HARD_STRINGS
    ]
    (options.out / "tokens.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in tokens) + "\n]\n")
    print(f"{len(pictures)} pictures, {len(TEXTS)} texts, {len(tokens)} tokenized strings")


if __name__ == "__main__":
    main()
