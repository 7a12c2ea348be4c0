#!/usr/bin/env python3
"""Writes test/fixtures/bert/ and test/fixtures/vit/: tiny sentence models and vision transformers with random weights in the true file
layouts, what PyTorch makes of them layer by layer, and hard strings with the token ids that transformers gives them under BERT's own
vocabulary (the one that ships in public/models/).

    pip install torch==2.13.0 transformers==5.23.0 sentence-transformers==6.2.0 safetensors numpy pillow==13.0.0
    python tools/make-transformer-fixtures.py

The strings and the photographs are those of test/fixtures/clip/ (tools/make-clip-fixtures.py).

With the folder of a true sentence model, it writes what that makes of the hard strings instead, for tools/check-sentence-model.mjs:

    python tools/make-transformer-fixtures.py --model FOLDER --out reference.json
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModel, AutoModelForImageClassification, AutoModelForMaskedLM, PreTrainedTokenizerFast
from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "test/fixtures"
LONGEST_STRING = 128

TEXTS = [
    "a photo of a cat", "The RED house, café!", "", "in the morning, on the hill, there was a large old tree of many leaves and no one under it",
    "cat", "naïve 猫 🐱 cats' tails",
]


# Sentence models

SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 24}
# Layers large enough to become int8, and so one of them.
WIDE = {**SMALL, "num_hidden_layers": 1, "hidden_size": 32, "intermediate_size": 128, "num_attention_heads": 4}
OLD = "sentence_transformers.models."
NEW = "sentence_transformers.sentence_transformer.modules."
OLD_POOLING = {f"pooling_mode_{mode}": False for mode in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")}

# How the files of each are arranged follows published ones: all-MiniLM-L6-v2; LaBSE and e5; models saved by the library's present release.
SENTENCE_MODELS = {
    "minilm": {
        "config": {"model_type": "bert", **WIDE, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "position_embedding_type": "absolute", "pad_token_id": 0},
        "tokenizer": "wordpiece",
        "modules": [("", OLD + "Transformer"), ("1_Pooling", OLD + "Pooling"), ("2_Normalize", OLD + "Normalize")],
        "pooling": {"word_embedding_dimension": 32, **OLD_POOLING, "pooling_mode_mean_tokens": True},
        "length": {"max_seq_length": 16, "do_lower_case": False},
    },
    "cls-dense": {
        "config": {"model_type": "bert", **SMALL, "hidden_act": "gelu_new", "layer_norm_eps": 1e-5, "type_vocab_size": 1},
        "tokenizer": "wordpiece",
        "masked": True,
        "modules": [("", OLD + "Transformer"), ("1_Pooling", OLD + "Pooling"), ("2_Dense", OLD + "Dense"), ("3_Normalize", OLD + "Normalize")],
        "pooling": {"word_embedding_dimension": 16, **OLD_POOLING, "pooling_mode_cls_token": True},
        "dense": {"in_features": 16, "out_features": 12, "bias": True, "activation_function": "torch.nn.modules.activation.Tanh"},
        "length": {"max_seq_length": 20, "do_lower_case": False},
        "prompts": {"prompts": {"query": "cat: ", "passage": "house: "}, "default_prompt_name": "query"},
    },
    "roberta": {
        "config": {"model_type": "roberta", **SMALL, "hidden_act": "relu", "layer_norm_eps": 1e-5, "type_vocab_size": 1, "pad_token_id": 1},
        "tokenizer": "bytes",
        "modules": [("", OLD + "Transformer"), ("1_Pooling", OLD + "Pooling")],
        "pooling": {"word_embedding_dimension": 16, **OLD_POOLING, "pooling_mode_max_tokens": True, "pooling_mode_mean_sqrt_len_tokens": True},
        "length": {"max_seq_length": 18, "do_lower_case": True},
    },
    "xlm-roberta": {
        "config": {"model_type": "xlm-roberta", **SMALL, "hidden_act": "gelu", "type_vocab_size": 1, "pad_token_id": 1},
        "tokenizer": "unigram",
        "masked": True,
        "modules": [("", "sentence_transformers.base.modules.transformer.Transformer"), ("1_Pooling", NEW + "pooling.Pooling")],
        "pooling": {"embedding_dimension": 16, "pooling_mode": ["mean", "cls"], "include_prompt": True},
    },
    "mpnet": {
        "config": {"model_type": "mpnet", **SMALL, "hidden_act": "gelu", "relative_attention_num_buckets": 32, "layer_norm_eps": 1e-5},
        "tokenizer": "wordpiece-roberta",
        "modules": [("", OLD + "Transformer"), ("1_Pooling", OLD + "Pooling"), ("2_Normalize", OLD + "Normalize")],
        "pooling": {"word_embedding_dimension": 16, **OLD_POOLING, "pooling_mode_mean_tokens": True},
    },
    # Nothing but the network: pooled by the mean.
    "distilbert": {
        "config": {
            "model_type": "distilbert", "dim": 16, "hidden_dim": 32, "n_layers": 2, "n_heads": 2, "max_position_embeddings": 24,
            "activation": "relu",
        },
        "tokenizer": "wordpiece",
    },
}


def wordpiece(cls: str, sep: str, pad: str, unk: str, first: list[str]) -> dict:
    """The shipped tokenizer of MiniLM, its vocabulary cut down to letters and a few words."""
    full = json.loads((ROOT / "public/models/tokenizer.json").read_text())
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    words = ["the", "cat", "house", "photo", "of", "in", "on", "and", "was", "tree", "##s", "##ing", "##ed", "red", "morning", "hill"]
    digits_and_marks = list("0123456789!?.,:;'\"()-") + ["猫"]
    vocabulary = [*first, *letters, *(f"##{letter}" for letter in letters), *words, *digits_and_marks]
    ids = {word: at for at, word in enumerate(dict.fromkeys(vocabulary))}
    small = json.loads(json.dumps(full))
    small["model"].update(vocab=ids, unk_token=unk)
    small["added_tokens"] = [
        {"id": ids[token], "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for token in (pad, unk, cls, sep)
    ]
    # As the published file has it, though nobody heeds it.
    small["truncation"] = {"max_length": 128, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}
    template = processors.TemplateProcessing(single=f"{cls} $A {sep}", pair=f"{cls} $A {sep} $B:1 {sep}:1", special_tokens=[(cls, ids[cls]), (sep, ids[sep])])
    carrier = Tokenizer(models.WordPiece(ids, unk_token=unk))
    carrier.post_processor = template
    small["post_processor"] = json.loads(carrier.to_str())["post_processor"]
    return small


def unigram(marks: list[str]) -> Tokenizer:
    """Pieces with made-up scores: training them gives others each time."""
    letters = sorted(set("".join(TEXTS)) - set(" 🐱"))
    pieces = ["▁the", "▁c", "at", "▁a", "▁photo", "ph", "oto", "▁house", "ou", "se", "▁", "in", "ing", "▁in", "an", "er", "es", "▁on", "é,"]
    scored = [*((mark, 0.0) for mark in marks), *((piece, -2 - 0.11 * at) for at, piece in enumerate(pieces))]
    return Tokenizer(models.Unigram([*scored, *((letter, -5 - 0.07 * at) for at, letter in enumerate(letters))], unk_id=3))


def bytes_or_unigram(kind: str) -> dict:
    marks = ["<s>", "<pad>", "</s>", "<unk>"]
    if kind == "bytes":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=290, special_tokens=marks, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False,
        )
        tokenizer.train_from_iterator(TEXTS * 3, trainer)
    else:
        tokenizer = unigram(marks)
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        tokenizer.decoder = decoders.Metaspace()
        tokenizer.add_special_tokens(marks)
    if kind == "bytes":
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    else:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)],
        )
    return json.loads(tokenizer.to_str())


def tokenizer_json(kind: str) -> tuple[dict, dict]:
    """And the marks, for the configuration."""
    if kind == "wordpiece":
        marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
        return wordpiece("[CLS]", "[SEP]", "[PAD]", "[UNK]", list(marks.values())), marks
    marks = {"cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "unk_token": "<unk>"}
    if kind == "wordpiece-roberta":
        return wordpiece("<s>", "</s>", "<pad>", "<unk>", list(marks.values())), marks
    return bytes_or_unigram(kind), marks


def fill(model: torch.nn.Module, seed: int) -> None:
    """Random weights of sizes at which every part of the network matters: attention is uneven, norms are not plain, nothing dies out."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm_or_patch = "LayerNorm" in name or "projection" in name
            if ("embedding" in name and not is_norm_or_patch) or "relative_attention_bias" in name:
                parameter.copy_(0.6 * noise)
            elif parameter.ndim == 1:
                parameter.copy_(0.2 * noise + (1 if name.endswith("weight") or "lambda" in name else 0))
            else:
                parameter.copy_(1.3 * noise / parameter[0].numel() ** 0.5)
    model.eval()


def save(model: torch.nn.Module, folder: Path) -> None:
    """The weights alone: the configuration is written by hand, as published ones are."""
    model.save_pretrained(folder / "saved")
    shutil.move(folder / "saved/model.safetensors", folder / "model.safetensors")
    shutil.rmtree(folder / "saved")


def write_sentence_model(name: str, parts: dict, seed: int) -> None:
    folder = FIXTURES / "bert" / name
    tokenizer, marks = tokenizer_json(parts["tokenizer"])
    vocabulary = len(tokenizer["model"]["vocab"])
    write_json(folder / "config.json", {**parts["config"], "vocab_size": vocabulary})
    write_compact(folder / "tokenizer.json", tokenizer)
    longest = 24 - (2 if name in ("roberta", "xlm-roberta", "mpnet") else 0)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": longest, **marks})
    if "modules" in parts:
        modules = [{"idx": at, "name": str(at), "path": path, "type": kind} for at, (path, kind) in enumerate(parts["modules"])]
        write_json(folder / "modules.json", modules)
        write_json(folder / "1_Pooling/config.json", parts["pooling"])
    if "length" in parts:
        write_json(folder / "sentence_bert_config.json", parts["length"])
    if "prompts" in parts:
        write_json(folder / "config_sentence_transformers.json", parts["prompts"])
    config = AutoConfig.from_pretrained(folder, attn_implementation="eager")
    model = (AutoModelForMaskedLM if parts.get("masked") else AutoModel).from_config(config)
    fill(model, seed)
    save(model, folder)
    if "dense" in parts:
        write_json(folder / "2_Dense/config.json", parts["dense"])
        linear = torch.nn.Linear(parts["dense"]["in_features"], parts["dense"]["out_features"])
        fill(linear, seed + 100)
        save_file({f"linear.{key}": value.numpy() for key, value in linear.state_dict().items()}, folder / "2_Dense/model.safetensors")
    write_sentence_reference(folder, AutoModel.from_pretrained(folder, attn_implementation="eager").eval())


def write_sentence_reference(folder: Path, network: torch.nn.Module) -> None:
    """Ids, padded with -1; states layer by layer, of padding too; vectors as sentence-transformers gives them, at unit length."""
    sentences = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    prompt = sentences.prompts.get(sentences.default_prompt_name or "") or ""
    features = sentences.preprocess([prompt + text for text in TEXTS])
    with torch.no_grad():
        states = network(features["input_ids"], attention_mask=features["attention_mask"], output_hidden_states=True).hidden_states
        vectors = torch.from_numpy(sentences.encode(TEXTS, batch_size=len(TEXTS)))
        alone = torch.from_numpy(sentences.encode(TEXTS, batch_size=1))
    assert (vectors - alone).abs().max() < 1e-5, (vectors - alone).abs().max()
    ids = features["input_ids"].masked_fill(features["attention_mask"] == 0, -1)
    tensors = {
        "ids": ids.to(torch.int32), "vectors": torch.nn.functional.normalize(vectors),
        **{f"layer.{at}": state for at, state in enumerate(states)},
    }
    save_file({key: np.ascontiguousarray(value.numpy()) for key, value in tensors.items()}, folder / "reference.safetensors")


def write_true_model(folder: str, out: Path) -> None:
    sentences = SentenceTransformer(folder, device="cpu", local_files_only=True)
    strings = [case[0] for case in json.loads((FIXTURES / "clip/strings.json").read_text())]
    prompt = sentences.prompts.get(sentences.default_prompt_name or "") or ""
    ids = [sentences.preprocess([prompt + text])["input_ids"][0].tolist() for text in strings]
    write_compact(out, {"texts": strings, "ids": ids, "vectors": sentences.encode(strings).tolist()})


def write_strings() -> None:
    """Each hard string with its ids under MiniLM's vocabulary."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_file(str(ROOT / "public/models/tokenizer.json")), pad_token="[PAD]")
    tokenizer.backend_tokenizer.no_padding()
    strings = [case[0] for case in json.loads((FIXTURES / "clip/strings.json").read_text())]
    ids = tokenizer(strings, truncation=True, max_length=LONGEST_STRING).input_ids
    lines = [json.dumps([text, own], separators=(",", ":")) for text, own in zip(strings, ids)]
    (FIXTURES / "bert/strings.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


def write_buckets() -> None:
    """MPNet's buckets of distances, for keys so far behind a query (or before it)."""
    offsets = torch.arange(-600, 601)
    buckets = MPNetEncoder.relative_position_bucket(offsets, num_buckets=32).tolist()
    write_compact(FIXTURES / "bert/buckets.json", {"first": -600, "buckets": buckets})


# Vision transformers

IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
DINO_PREPROCESSING = {
    "crop_size": {"height": 28, "width": 28}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_rescale": True,
    "do_resize": True, **IMAGENET, "image_processor_type": "BitImageProcessor", "resample": 3, "rescale_factor": 0.00392156862745098,
    "size": {"shortest_edge": 32},
}
TINY = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "patch_size": 7}

# DINOv2 learned with larger pictures than its preprocessing makes; so here, and once the other way round.
VISION_MODELS = {
    "dinov2": {
        "config": {
            "model_type": "dinov2", **TINY, "num_hidden_layers": 1, "hidden_size": 32, "num_attention_heads": 4, "image_size": 42, "mlp_ratio": 4, "hidden_act": "gelu",
            "layer_norm_eps": 1e-6, "layerscale_value": 1.0, "use_swiglu_ffn": False,
        },
        "preprocessor": DINO_PREPROCESSING,
    },
    "dinov2-larger": {
        "config": {"model_type": "dinov2", **TINY, "image_size": 28, "use_swiglu_ffn": True, "mlp_ratio": 4},
        "preprocessor": {**DINO_PREPROCESSING, "crop_size": {"height": 37, "width": 37}, "size": {"shortest_edge": 40}},
        "classifier": True,
    },
    "registers": {
        "config": {"model_type": "dinov2_with_registers", **TINY, "image_size": 49, "mlp_ratio": 2, "num_register_tokens": 3},
        "preprocessor": DINO_PREPROCESSING,
    },
    "vit": {
        "config": {"model_type": "vit", **TINY, "intermediate_size": 40, "image_size": 28, "hidden_act": "gelu_new"},
        # The oldest form.
        "preprocessor": {"do_normalize": True, "do_resize": True, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": 28},
        "classifier": True,
    },
}


def photographs() -> list[Image.Image]:
    stored = load_file(FIXTURES / "clip/pictures.safetensors")
    return [Image.fromarray(stored[f"picture.{at}"]) for at in range(4)]


def write_vision_model(name: str, parts: dict, photos: list[Image.Image], seed: int) -> None:
    """Pixels and states of the first two pictures, vectors of all, as the network gives them."""
    folder = FIXTURES / "vit" / name
    write_json(folder / "config.json", parts["config"])
    write_json(folder / "preprocessor_config.json", parts["preprocessor"])
    config = AutoConfig.from_pretrained(folder, attn_implementation="eager")
    model = (AutoModelForImageClassification if parts.get("classifier") else AutoModel).from_config(config)
    fill(model, seed)
    save(model, folder)
    network = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    processor = (ViTImageProcessorPil if name == "vit" else BitImageProcessorPil).from_pretrained(folder)
    pixels = processor(photos, return_tensors="pt").pixel_values
    with torch.no_grad():
        out = network(pixels, output_hidden_states=True)
    vectors = out.last_hidden_state[:, 0]
    if name != "vit":
        assert torch.equal(vectors, out.pooler_output)
    tensors = {
        "pixels": pixels[:2].permute(0, 2, 3, 1), "vectors": vectors,
        **{f"layer.{at}": state[:2] for at, state in enumerate(out.hidden_states)},
    }
    save_file({key: np.ascontiguousarray(value.numpy()) for key, value in tensors.items()}, folder / "reference.safetensors")


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def write_compact(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n")


def write_fixtures() -> None:
    torch.manual_seed(0)
    write_json(FIXTURES / "bert/texts.json", TEXTS)
    write_strings()
    write_buckets()
    for seed, (name, parts) in enumerate(SENTENCE_MODELS.items()):
        write_sentence_model(name, parts, seed)
    photos = photographs()
    for seed, (name, parts) in enumerate(VISION_MODELS.items()):
        write_vision_model(name, parts, photos, 50 + seed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--out", type=Path, default=Path("reference.json"))
    arguments = parser.parse_args()
    if arguments.model:
        write_true_model(arguments.model, arguments.out)
    else:
        write_fixtures()
