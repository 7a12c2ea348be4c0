#!/usr/bin/env python3
"""Gathers named drawings for the joint space to learn from: Open Clip Art and emoji in four styles, none of them a sample picture.

    apt-get download openclipart-svg=1:0.18+dfsg-19 fonts-noto-color-emoji=2.042-0+deb12u1
    for p in *.deb; do dpkg-deb -x $p data; done
    npm pack emojibase-data@17.0.0 @lobehub/fluent-emoji-3d@1.1.0 @iconify-json/fluent-emoji-flat@1.2.6 @iconify-json/noto-v1@1.2.5
    for p in *.tgz; do mkdir ${p%.tgz} && tar xzf $p -C ${p%.tgz}; done
    pip install pillow==13.0.0 resvg_py==0.5.0
    python tools/gather-drawings.py --openclipart data/usr/share/openclipart/svg \
      --noto data/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf --emojibase emojibase-data-17.0.0/package \
      --fluent lobehub-fluent-emoji-3d-1.1.0/package --flat iconify-json-fluent-emoji-flat-1.2.6/package \
      --noto-before iconify-json-noto-v1-1.2.5/package --out drawings

Writes a picture each and drawings.json: file, source (of an emoji: style and code point), names, kinds, tags. The drawings of Open
Clip Art are in the public domain (each must say so itself); Noto's are under the SIL Open Font License 1.1, those before its
redrawing of 2017 under Apache-2.0; Fluent's, and the emoji's names (emojibase), under the MIT license.
"""

import argparse
import hashlib
import io
import json
import re
import signal
from pathlib import Path

import resvg_py
from PIL import Image, ImageDraw, ImageFont

NOTO_SHA256 = "e5899ed38b8ed83e08bd3ac5de09791e9d19d288333a796de1d35ad17396f1ec"
PUBLIC_DOMAIN = "http://web.resource.org/cc/PublicDomain"
# Folders of things. The others hold signs, icons, flags, patterns and playing cards.
FOLDERS = (
    "animals", "buildings", "computer/hardware", "containers", "education", "electronics", "food", "geography/astronomy",
    "office", "people", "plants", "recreation/holiday", "recreation/music", "recreation/party", "recreation/sports", "recreation/toys",
    "science", "signs_and_symbols/weather", "tools", "transportation/boating", "transportation/vehicles", "transportation", "unsorted",
)  # fmt: skip
NOT_BELOW = ("transportation/aiga-symbols", "transportation/roadsigns")
# Emojibase's numbers of: animals and nature, food and drink, travel and places, activities, objects.
EMOJI_GROUPS = (3, 4, 5, 6, 7)
SLOW = 5  # seconds; a few drawings take minutes
NOTO_SIZE = 109  # the only size that the font's bitmaps have


def on_white(picture: Image.Image) -> Image.Image:
    """Cut to what is drawn, then in the middle of a white square, as the sample pictures come to the network."""
    picture = picture.convert("RGBA")
    box = picture.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox()
    picture = picture.crop(box)
    picture.thumbnail((224, 224), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    return ground.convert("RGB")


def words_of(text: str) -> str:
    return re.sub(r"[\s_\-,.()0-9]+", " ", text).strip().lower()


def clip_art(root: Path, used: set[str]):
    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    for path in sorted(root.rglob("*.svg")):
        file = path.relative_to(root).as_posix()
        folder = file.rpartition("/")[0]
        inside = any(folder == each or folder.startswith(f"{each}/") for each in FOLDERS)
        text = path.read_text("utf-8", "replace")
        if not inside or folder in NOT_BELOW or file in used or PUBLIC_DOMAIN not in text or len(text) > 1_000_000:
            continue
        title = re.search(r"<dc:title>([^<]*)</dc:title>", text)
        names = [words_of(title[1])] if title and words_of(title[1]) else [words_of(path.stem)]
        subjects = re.search(r"<dc:subject>(.*?)</dc:subject>", text, re.DOTALL)
        tags = re.findall(r"<rdf:li>([^<]*)</rdf:li>", subjects[1]) if subjects else []
        kinds = dict.fromkeys(words_of(each) for each in [*tags, *folder.split("/")])
        try:
            signal.alarm(SLOW)
            data = bytes(resvg_py.svg_to_bytes(svg_path=str(path), width=256))
            picture = on_white(Image.open(io.BytesIO(data)))
        except (TimeoutError, ValueError, OSError):
            continue
        finally:
            signal.alarm(0)
        yield picture, file, names, [kind for kind in kinds if len(kind) > 1 and kind not in names], []


def icons(package: Path) -> dict[str, str]:
    """The drawings of an Iconify package as SVG, by name."""
    listed = json.loads((package / "icons.json").read_text())
    width, height = listed.get("width", 16), listed.get("height", 16)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width} {height}">'
    return {name: f"{head}{icon['body']}</svg>" for name, icon in listed["icons"].items()}


def drawn(svg: str) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=256))))


def noto_drawer(font_file: Path):
    if hashlib.sha256(font_file.read_bytes()).hexdigest() != NOTO_SHA256:
        raise SystemExit(f"{font_file} has not the recorded checksum: another version?")
    font = ImageFont.truetype(str(font_file), NOTO_SIZE)

    def draw(each: dict) -> Image.Image | None:
        canvas = Image.new("RGBA", (160, 160))
        ImageDraw.Draw(canvas).text((10, 10), each["emoji"], font=font, embedded_color=True)
        return canvas if canvas.getbbox() else None

    return draw


def fluent_drawer(package: Path, used: set[str]):
    def draw(each: dict) -> Image.Image | None:
        path = package / f"assets/{each['hexcode'].lower()}.webp"
        return Image.open(path) if path.exists() and slug(each["label"]) not in used else None

    return draw


def flat_drawer(package: Path):
    svgs, names = icons(package), json.loads((package / "chars.json").read_text())

    def draw(each: dict) -> Image.Image | None:
        codes = (each["hexcode"].lower(), each["hexcode"].lower().replace("-fe0f", ""))
        name = next((names[code] for code in codes if code in names), None)
        return drawn(svgs[name]) if name in svgs else None

    return draw


def noto_before_drawer(package: Path):
    svgs = icons(package)

    def draw(each: dict) -> Image.Image | None:
        name = slug(each["label"])
        return drawn(svgs[name]) if name in svgs else None

    return draw


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def emoji(emojibase: Path, styles: dict):
    subgroups = json.loads((emojibase / "meta/groups.json").read_text())["subgroups"]
    for each in json.loads((emojibase / "en/data.json").read_text()):
        if each.get("group") not in EMOJI_GROUPS:
            continue
        # "animal-bird" is an animal and a bird.
        kinds = subgroups[str(each["subgroup"])].split("-")
        for style, draw in styles.items():
            if picture := draw(each):
                yield on_white(picture), f"{style}/{each['hexcode']}", [each["label"].lower()], kinds, each.get("tags", [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("openclipart", "noto", "emojibase", "fluent", "flat", "noto-before", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    samples = json.loads((Path(__file__).parent.parent / "public/samples/samples.json").read_text())["pictures"]
    used = {each["from"] for each in samples if "from" in each}
    used_emoji = {Path(each["file"]).stem for each in samples if each["file"].startswith("fluent/")}
    styles = {
        "noto": noto_drawer(options.noto),
        "fluent": fluent_drawer(options.fluent, used_emoji),
        "flat": flat_drawer(options.flat),
        "noto-before": noto_before_drawer(options.noto_before),
    }
    listed = []
    for picture, source, names, kinds, tags in [*emoji(options.emojibase, styles), *clip_art(options.openclipart, used)]:
        file = f"{len(listed):05}.png"
        picture.save(options.out / file)
        listed.append({"file": file, "source": source, "names": names, "kinds": kinds, "tags": tags})
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in listed)
    (options.out / "drawings.json").write_text(f"[\n{lines}\n]\n")
    print(f"{len(listed)} drawings")


if __name__ == "__main__":
    main()
