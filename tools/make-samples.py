"""Makes the sample set in public/samples from three packages. The same inputs give the same bytes.

    mkdir /tmp/samples && cd /tmp/samples
    npm pack @lobehub/fluent-emoji-3d@1.1.0 emojibase-data@17.0.0
    apt-get download openclipart-svg=1:0.18+dfsg-19
    python -m venv venv && venv/bin/pip install pillow==13.0.0 resvg_py==0.5.0
    venv/bin/python REPOSITORY/tools/make-samples.py /tmp/samples [contact-sheet.png]

What is taken stands in make-samples-list.txt. Every drawing must state the public domain in its own metadata.
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import resvg_py
from PIL import Image, ImageDraw

SIDE = 192  # longest side in pixels
QUALITY = 80
PUBLIC_DOMAIN = "http://web.resource.org/cc/PublicDomain"

SOURCES = {
    "fluent": {
        "file": "lobehub-fluent-emoji-3d-1.1.0.tgz",
        "sha256": "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
    },
    "emojibase": {
        "file": "emojibase-data-17.0.0.tgz",
        "sha256": "d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
    },
    "openclipart": {
        "file": "openclipart-svg_1%3a0.18+dfsg-19_all.deb",
        "sha256": "989712d90d57dfa3230049f553bb43b76c30ee4d4b8c5f6e106e33f7db5cbdc5",
    },
}


def checked(folder: Path, source: str) -> Path:
    path = folder / SOURCES[source]["file"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SOURCES[source]["sha256"]:
        raise SystemExit(f"{path} has the checksum {digest}, not the recorded one: another version?")
    return path


def read_list(path: Path):
    """Gives (kind, 'emoji', label, []) and (kind, path, name, tags), and the words."""
    wanted, words, kind = [], [], ""
    for line in path.read_text("utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            kind = line.strip("[]")
        elif kind == "words":
            words += [word.strip() for word in line.split(",")]
        elif line.startswith("emoji:"):
            wanted += [(kind, "emoji", label.strip(), []) for label in line[6:].split(",")]
        else:
            file, _, rest = line.partition(" = ")
            name, _, tags = rest.partition(": ")
            wanted.append((kind, file, name, [tag.strip() for tag in tags.split(",") if tag.strip()]))
    return wanted, words


def fitted(picture: Image.Image) -> Image.Image:
    picture = picture.convert("RGBA")
    box = picture.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox()
    picture = picture.crop(box)
    scale = SIDE / max(picture.size)
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    return picture.resize(size, Image.Resampling.LANCZOS)


def draw_svg(path: Path) -> Image.Image:
    text = path.read_text("utf-8", "replace")
    if PUBLIC_DOMAIN not in text:
        raise SystemExit(f"{path} does not state that it is in the public domain.")
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(path), width=512))))


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def contact_sheet(pictures, path: Path) -> None:
    cell, columns = 100, 20
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * cell, rows * cell), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (name, data) in enumerate(pictures):
        x, y = i % columns * cell, i // columns * cell
        picture = Image.open(io.BytesIO(data)).convert("RGBA")
        picture.thumbnail((80, 80))
        sheet.paste(picture, (x + 10, y + 14), picture)
        draw.text((x + 2, y), name[:16], fill="black")
    sheet.save(path)


def main() -> None:
    inputs = Path(sys.argv[1])
    tools = Path(__file__).parent
    target = tools.parent / "public" / "samples"
    target.mkdir(parents=True, exist_ok=True)
    wanted, words = read_list(tools / "make-samples-list.txt")

    with tarfile.open(checked(inputs, "emojibase")) as tar:
        emoji = {each["label"]: each for each in json.load(tar.extractfile("package/en/data.json"))}
    # Read in one go: jumping about in a compressed archive unpacks it anew at every jump.
    with tarfile.open(checked(inputs, "fluent")) as tar:
        fluent = {each.name: tar.extractfile(each).read() for each in tar if each.isfile()}

    def draw_emoji(label: str) -> Image.Image:
        code = emoji[label]["hexcode"].lower()
        file = next(
            f"package/assets/{each}.webp"
            for each in (code, f"{code}-fe0f", code.replace("-fe0f", ""))
            if f"package/assets/{each}.webp" in fluent
        )
        return Image.open(io.BytesIO(fluent[file]))

    pictures, listed, files = [], [], set()
    with tempfile.TemporaryDirectory() as unpacked:
        subprocess.run(["dpkg", "-x", str(checked(inputs, "openclipart")), unpacked], check=True)
        clip_art = Path(unpacked) / "usr/share/openclipart/svg"
        for kind, file, name, tags in wanted:
            if file == "emoji":
                picture, folder, tags = draw_emoji(name), "fluent", emoji[name]["tags"]
            else:
                picture, folder = draw_svg(clip_art / file), "openclipart"
            stored = f"{folder}/{slug(name)}.webp"
            if stored in files:
                raise SystemExit(f"{stored} is made twice: give one of them another name.")
            files.add(stored)
            buffer = io.BytesIO()
            fitted(picture).save(buffer, "WEBP", quality=QUALITY, method=6)
            pictures.append((stored, buffer.getvalue()))
            every = dict.fromkeys([kind, *tags])
            entry = {"file": stored, "name": name, "tags": [tag for tag in every if tag != name]}
            listed.append(entry if folder == "fluent" else {**entry, "from": file})

    with zipfile.ZipFile(target / "samples.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, data in pictures:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    lines = ",\n".join(f"    {json.dumps(each, ensure_ascii=False)}" for each in listed)
    text = f'{{\n  "pictures": [\n{lines}\n  ],\n  "words": {json.dumps(words)}\n}}\n'
    (target / "samples.json").write_text(text, "utf-8")
    size = (target / "samples.zip").stat().st_size
    print(f"{len(pictures)} pictures, {len(words)} words, {size:,} bytes")
    print("sha256", hashlib.sha256((target / "samples.zip").read_bytes()).hexdigest())
    if len(sys.argv) > 2:
        contact_sheet([(Path(name).stem, data) for name, data in pictures], Path(sys.argv[2]))


main()
