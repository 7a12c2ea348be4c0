#!/usr/bin/env python3
"""Writes test/fixtures/clip/: tiny CLIP checkpoints with random weights in the true file layouts, what PyTorch makes of them layer by
layer, and hard strings with the token ids that transformers gives them under CLIP's true vocabulary.

    pip install torch==2.13.0 torchvision transformers==5.23.0 safetensors numpy pillow==13.0.0 open_clip_torch==3.3.0
    python tools/make-clip-fixtures.py

The vocabulary is the one of OpenAI's CLIP (MIT), which the open_clip_torch package carries (MIT): its first 48,894 merges. What is
around it in tokenizer.json is what transformers writes for it, now and before its version 5; files of a hub were not at hand, so that
one which is arranged otherwise is not covered. The photographs are cut from test/fixtures/models/, which says where they are from.
"""

import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import open_clip
import torch
from open_clip.model import CLIP as OpenClip
from open_clip.model import CLIPTextCfg, CLIPVisionCfg
from PIL import Image
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import bytes_to_unicode
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

OUT = Path(__file__).parent.parent / "test/fixtures/clip"
MERGES = 48_894
SMALL_MERGES = 100
CONTEXT = 77
SMALL_CONTEXT = 12

TEXTS = ["a photo of a cat", "the red house", "", "in the morning, on the hill, there was a large old tree of many leaves", "cat"]

# What the configuration files leave out are the defaults of transformers.
QUICK_GELU = {
    "model_type": "clip",
    "projection_dim": 20,
    "text_config": {
        "vocab_size": 512 + SMALL_MERGES + 2, "hidden_size": 24, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,
        "max_position_embeddings": SMALL_CONTEXT, "eos_token_id": 512 + SMALL_MERGES + 1,
    },
    "vision_config": {
        "hidden_size": 24, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 3, "image_size": 48, "patch_size": 16,
    },
}
# As the older files are: numbers twice, of which the `_dict` ones count, and an end-of-text id that no text has.
MIXED = {
    "model_type": "clip",
    "projection_dim": 16,
    "text_config": {"hidden_act": "relu", "hidden_size": 512},
    "text_config_dict": {
        "vocab_size": 512 + SMALL_MERGES + 2, "hidden_size": 16, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4,
        "max_position_embeddings": SMALL_CONTEXT, "hidden_act": "gelu_new", "layer_norm_eps": 1e-3, "bos_token_id": 0, "eos_token_id": 2,
    },
    "vision_config": {
        "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 40, "patch_size": 8,
        "hidden_act": "gelu", "layer_norm_eps": 1e-6,
    },
    "vision_config_dict": None,
}
OPEN_CLIP = {
    "model_cfg": {
        "embed_dim": 20,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 24, "head_width": 8, "patch_size": 8},
        "text_cfg": {"context_length": SMALL_CONTEXT, "vocab_size": 512 + SMALL_MERGES + 2, "width": 16, "heads": 2, "layers": 2},
    },
    "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]},
}

PREPROCESSING = {
    "hf-quick-gelu": {
        "crop_size": {"height": 48, "width": 48}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_rescale": True,
        "do_resize": True, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_processor_type": "CLIPImageProcessor",
        "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 48},
    },
    # The oldest form, with plain numbers; a resized edge that is longer than the crop.
    "hf-mixed": {
        "crop_size": 40, "do_center_crop": True, "do_normalize": True, "do_resize": True, "feature_extractor_type": "CLIPFeatureExtractor",
        "image_mean": [0.5, 0.4, 0.3], "image_std": [0.5, 0.25, 0.2], "resample": 2, "size": 45,
    },
}


# Strings

ENGLISH = """
a photo of a cat|a photo of a {}|a bad photo of the dog.|itap of my goldfinch|a black and white photo of the old harbor|a diagram
a tattoo of a hamster|the origami dragon|a jpeg corrupted photo of a car|graffiti of a bird on a brick wall|a close-up photo of an eye
two people riding bicycles through heavy rain|a man in a suit, standing next to a red double-decker bus in London|an astronaut on a horse
The quick brown fox jumps over the lazy dog.|JUMPING FOX|cAmElCaSe|snake_case_name|kebab-case-name|dotted.name.here|path/to/file.txt
supercalifragilisticexpialidocious|antidisestablishmentarianism|pneumonoultramicroscopicsilicovolcanoconiosis|floccinaucinihilipilification
it's|It's John's|don't|DON'T|I'll|we've|they're|I'm|he'd|'tis|'twas the night|rock 'n' roll|'s|'t 're 've 'm 'll 'd|'S 'LL|o'clock|y'all'd've
it’s|don’t|‘quoted’|“double quoted”|«guillemets»|„German“|`code`|``latex''|'''|""|"he said 'hi'"|dogs' toys|''s|'''ll|s'|x's's
3|42|1,000,000|3.14159|1e-9|0xFF|2026-11-23|12:34:56|50%|$5.99|€10|£7|¥100|₹5|№5|#1|1st 2nd 3rd|007|1234567890123456789|4K 8MP|A4|B52s|H2O|CO₂|x²+y²=z²|½ cup|Ⅷ|①②③|٣٤٥|१२३|一二三|𝟙𝟚𝟛|²³¹
C++|C#|.NET|node.js|x=y+1|a&b|a && b|a||b|!true|[1, 2, 3]|{"key": "value"}|<b>bold</b>|<br/>|</div>|f(x) = x^2|~/.bashrc|C:\\Users\\me|http://example.com/a?b=c&d=e#f|someone@example.org|@user #tag|@@@|###|***|---|___|===|~~~|^^^|\\\\|||||
!|?|.|,|;|:|...|…|?!|!!!|???|--|—|–|-|_|*|&|%|$|#|@|~|^|(|)|[|]|{|}|<|>|/|\\|'|"|`|+|=|⸮|‽|•|·|†|‡|§|¶|©|®|™|°|µ|¿|¡
I|a|A|z|Z|i|ab|AB|Aa|aaaaaaaaaa|zzzzzzzzzzzz|qwertyuiop|xkcd|www|lol|OMG!!!|hahaha|sooooo goooood|brrrr
"""

LANGUAGES = """
Ünïcödé café naïve résumé|CAFÉ NAÏVE RÉSUMÉ|façade|Ångström|Å Å å|Ø ø đ Đ|ŁÓDŹ|Žluťoučký kůň|Příliš|Straße STRASSE ß ẞ|mañana?¿¡|œuvre Œuvre|Ærøskøbing|ﬁ ﬂ ﬀ ﬃ ligatures|ǅ ǈ ǋ|ŉ|ĳ Ĳ
İstanbul ı I i|İ|I\u0307|ΟΔΟΣ|ΑΣ ΒΣ. Σ|ὈΔΥΣΣΕΎΣ|Ελληνικά|Σίσυφος|ΜΆΪΟΣ|ά ά|Привет мир|ПРИВЕТ МИР|ёЁйЙ|Українська ґ Ґ|Ћирилица|Тоҷикӣ|ქართული|ᲥᲐᲠᲗᲣᲚᲘ|Հայերեն|և ԵՒ
日本語のテキスト|中文字符|繁體中文|漢字仮名交じり|ひらがな|カタカナ|ｶﾀｶﾅ|㐀𠀀𠮷|한국어|한글|가|ㄱㄴㄷ|注音ㄅㄆ|ａｂｃ　ＡＢＣ|１２３|、。！？「」|中文 and English 混排|日本語a日本語|々〆ヶ|〇一二|〜～|㍿ ㌔ ㎏
العربية|مرحبا بالعالم|السَّلَامُ عَلَيْكُمْ|ﻻ ﷺ ﷽|فارسی‌زبان|اردو|עברית|שָׁלוֹם|abc עברית def|\u202eright-to-left\u202c|\u200fمرحبا\u200e|\u2067abc\u2069|ייִדיש|ܐܪܡܝܐ|ދިވެހި
हिन्दी|नमस्ते दुनिया|क्षत्रिय|বাংলা|தமிழ்|తెలుగు|ಕನ್ನಡ|മലയാളം|ગુજરાતી|ਪੰਜਾਬੀ|සිංහල|ไทย|สวัสดี|ລາວ|ភាសាខ្មែរ|မြန်မာ|བོད་ཡིག|አማርኛ|ᏣᎳᎩ|ꮳꮃꭹ|ᐃᓄᒃᑎᑐᑦ|ⵜⵉⴼⵉⵏⴰⵖ|𐐔𐐯𐑅|𐐼𐐯|𓀀𓁐|𒀀|𝔉𝔯𝔞𝔨𝔱𝔲𝔯|𝓢𝓬𝓻𝓲𝓹𝓽|ⓒⓘⓡⓒⓛⓔ Ⓒ|🄰🅱|ᴀʙᴄ|ʰʷʲ|ǂǃ|Tiếng Việt|Nguyễn|ĐẶNG|Hawaiʻi|Yorùbá ẹ̀kọ́|Ḩ ḥ ṭ|ŵ ŷ|ȧ ė|ꜩ Ꜩ|ꭰ Ꭰ|ⅰ Ⅰ|ﬖ
"""

SYMBOLS = """
😀|🐶🎉 emoji party|👍|👍🏽|👍🏻👍🏼👍🏽👍🏾👍🏿|❤️|❤|🧡💛💚|🇫🇷|🇫🇷🇩🇪🇯🇵|🇫|1️⃣|#️⃣*️⃣|🏳️‍🌈|🏴‍☠️|🏴󠁧󠁢󠁥󠁮󠁧󠁿|👩‍👩‍👧|👨‍👩‍👧‍👦|👩🏽‍💻|🧑‍🚀|🤷‍♀️|🙈🙉🙊|☕ coffee|☕️|☎|✂️|⌚|〰️|㊗️|🅰️🆎|🆗|🔟|🫠🫡|🪿🫎|🩷🩵|🧌|🫨|🐦‍🔥|a😀b|a 😀 b|😀😀😀😀😀😀😀😀😀😀|cat🐱dog🐶|🐱s|😀's|🎄2026🎄|love❤you|♥|♠♥♦♣|☀☁☂|★☆|✓✗|♪♫|♔♕♖|⚀⚁|☯☮✝☪|♈♉|⌘⌥⇧|⏎⌫
→ ⇒ ∑ ∞ ≠ √|∀x∈ℝ ∃y|∫₀^∞ e^{-x²}dx|α β γ Ω|ℕℤℚℝℂ|ℵ₀|ℏ|K Å Ω|½ ⅓ ¼ ⅞|x⁻¹|a₁₂|±×÷|≤≥≈≡|⊂⊃∪∩|⟨ψ|φ⟩|░▒▓█|┌─┐│└┘|■□▲△●○|⠓⠑⠇⠇⠕|﹏﹋|︵︶|(╯°□°)╯︵ ┻━┻|¯\\_(ツ)_/¯|ಠ_ಠ|ʕ•ᴥ•ʔ|(づ｡◕‿‿◕｡)づ|:-)|;)|:D|<3|^_^|T_T|o_O
&amp;|&lt;b&gt;|&quot;quoted&quot;|&#39;|&#x27;s|&nbsp;|a&nbsp;b|&copy; 2026|&eacute;t&eacute;|&amp;amp;|&unknown;|&|&;|&#|AT&T|R&amp;D|&hearts;|&#128512;|tom &amp; jerry|5 &lt; 6 &gt; 4
"""

AWKWARD = [
    "", " ", "  ", "\t", "\n", "\r\n", " \t\r\n\f\v ", "\u00a0", "\u3000", "\u2003\u2009\u200a", "\u1680", "\u2028", "\u2029", "\u0085", "\u180e", "\u200b", "\u2060", "\ufeff",
    "\ufeffcat", "cat\ufeff", "cat\ufeffdog", " \ufeff ", "cat\u0085dog", "cat\u001cdog\u001ddog\u001edog\u001f", "\u001c", "cat\u200bdog", "cat\u00addog", "cat\u00a0dog", "cat\u3000dog", "cat\u2028dog",
    "cat\x00dog", "\x00", "\x01\x02\x03", "bell\x07", "\x1b[31mred\x1b[0m", "\x7f", "\x80\x81\x9f", "a\x08b", "\ufffd", "a\ufffdb", "\ufffe", "\uffff", "\U0010ffff", "\U000e0001", "\ue000 private", "\U000f0000",
    "  leading", "trailing  ", "  both  ", "many     spaces   inside", "tab\tand\nnewline\r\nreturn", "line one\nline two\n\nline four", "\n\n\na\n\n\n", "a \u00a0 b", "a\u2003\u3000b",
    "e\u0301", "é e\u0301", "cafe\u0301", "A\u030a \u00c5 \u212b", "n\u0303", "o\u0308\u0304", "\u0301", "\u0301a", "a\u0301\u0301\u0301", "\u0344", "\u1e9b\u0323", "q\u0307\u0323", "d\u0307\u0323", "\u0958", "\u2126 \u212a \u212b", "\u1100\u1161\u11a8", "\u0b47\u0b3e", "\ufb1d \u05d9\u05b4", "\u0f71\u0f72\u0f74", "\U0001d15e", "\u2adc",
    "Z̷̢̛a̶l̴g̵o̸", "Ḽ̷o̵r̶e̸m̷", "x̄ ȳ", "a⃝", "1⃣", "\u20dd", "क\u094d\u200dष", "ffi\u200cx", "a\u034fb", "a\ufe0fb", "\ufe0f",
    "<|startoftext|>", "<|endoftext|>", "<|endoftext|> cat", "cat <|endoftext|>", "cat<|endoftext|>dog", "<|startoftext|>cat<|endoftext|>", "<|STARTOFTEXT|>", "<|EndOfText|>", "<|end|>", "< |endoftext|>", "<|endoftext", "cat</w>", "</w>", "<|startoftext|><|startoftext|>", "!", "!<|endoftext|>!", " <|endoftext|> ", "[PAD]", "<pad>", "<unk>", "Ġcat", "Ġ", "Ċ", "Ń",
    "a" * 76, "a" * 300, "ab" * 200, "x" * 1000, "word " * 75, "word " * 76, "word " * 200, "! " * 100, "1" * 90, "😀" * 40, "日" * 100, "é" * 100, "e\u0301" * 60, " " * 500, "a b c d e f g h " * 12, ("the " * 74) + "end", ("the " * 75) + "end", ("the " * 76) + "end",
    "An embedding maps a picture or a sentence to a vector, so that things that mean the same lie near each other. " * 5,
    "ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ", "ǰ ΐ ΰ ẖ ẗ ẘ ẙ ẚ ᾳ ῳ ᾶ", "ᾈ ᾘ ᾨ ᾼ ῌ ῼ", "Ω vs Ω", "K vs K", "ſ ẛ", "ϐ ϑ ϕ ϖ ϰ ϱ ϲ ϵ", "Σ", "σ ς", "ΣΣΣ", "aΣ", "aΣ b", "aΣb", "A\u0301Σ", "Σ.", "1Σ", "ΣΑΣ ΣΑΣ", "ẞ", "ꟻ Ꟶ", "Ა ა", "Ꞌ ꞌ", "Ⱥ ⱥ Ⱦ ⱦ", "Ɐ ɐ", "Ꭿ ꭿ", "𐲀 𐳀", "𞤀 𞤢", "Ŀ ŀ", "ª º", "ʰ ˢ", "ⁿ", "㋿", "ꙮ", "𞺀", "𐞁", "Ɤ", "Ꟑ ꟑ", "\ua7cb \ua7cc \ua7da", "\U0001e030", "\U00031350", "\U000323b0", "\u1c89 \u1c8a", "\u088f", "\U00010ec5",
]


def hard_strings() -> list[str]:
    listed = [text for block in (ENGLISH, LANGUAGES, SYMBOLS) for line in block.strip().split("\n") for text in line.split("|")]
    return list(dict.fromkeys([*AWKWARD, *listed]))


def tokenizer_of(merges: list[str]) -> CLIPTokenizer:
    letters = list(bytes_to_unicode().values())
    words = [*letters, *(letter + "</w>" for letter in letters), *("".join(merge.split()) for merge in merges)]
    vocabulary = {word: at for at, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocabulary, merges=[tuple(merge.split()) for merge in merges])


def true_merges() -> list[str]:
    packed = Path(open_clip.__file__).parent / "bpe_simple_vocab_16e6.txt.gz"
    return gzip.decompress(packed.read_bytes()).decode().split("\n")[1 : MERGES + 1]


def older_form(tokenizer: dict) -> dict:
    """As transformers wrote tokenizer.json before its version 5: merges as one string each, marks found in lowered texts too."""
    older = json.loads(json.dumps(tokenizer))
    older["model"]["merges"] = [" ".join(pair) for pair in tokenizer["model"]["merges"]]
    split = older["pre_tokenizer"]["pretokenizers"][0]
    split["pattern"]["Regex"] = split["pattern"]["Regex"].removeprefix(r"<\|startoftext\|>|<\|endoftext\|>|")
    for token in older["added_tokens"]:
        token["normalized"] = True
    return older


def json_of(tokenizer: CLIPTokenizer) -> dict:
    return json.loads(tokenizer.backend_tokenizer.to_str())


def tokenizer_of_json(value: dict) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(value)), pad_token="<|endoftext|>")


def write_tokens(merges: list[str]) -> None:
    """Each string with its ids, and with those of the older form where they are others."""
    tokenizer = tokenizer_of(merges)
    older = tokenizer_of_json(older_form(json_of(tokenizer)))
    strings = hard_strings()
    assert len(strings) >= 500, len(strings)
    cut = dict(truncation=True, max_length=CONTEXT)
    cases = []
    for text, now, then in zip(strings, tokenizer(strings, **cut).input_ids, older(strings, **cut).input_ids):
        cases.append([text, now] if now == then else [text, now, then])
    (OUT / "strings.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
    (OUT / "merges.txt.gz").write_bytes(gzip.compress("\n".join(merges).encode(), 9, mtime=0))


# Models


def fill(model: torch.nn.Module, seed: int) -> None:
    """Random weights of sizes at which every part of the network matters: attention is uneven, norms are not plain, nothing dies out."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            if name == "logit_scale":
                parameter.fill_(3.1)
            elif "embedding" in name and "patch" not in name:
                parameter.copy_(0.6 * noise)
            elif parameter.ndim == 1:
                parameter.copy_(0.2 * noise + (1 if name.endswith("weight") else 0))
            else:
                parameter.copy_(1.3 * noise / parameter[0].numel() ** 0.5)
    model.eval()


def reference_of(pixels, ids, pictures, texts, vision_layers, text_layers, scale) -> dict[str, np.ndarray]:
    """All float32; pixels with the channels last; embeddings as they leave the projections; layers from the input of the first on."""
    unit = lambda rows: rows / rows.norm(dim=-1, keepdim=True)
    tensors = {
        "pixels": pixels.permute(0, 2, 3, 1), "ids": ids.to(torch.int32), "pictures": pictures, "texts": texts,
        "logits": scale.exp() * unit(pictures) @ unit(texts).T,
        **{f"vision.{at}": layer for at, layer in enumerate(vision_layers)},
        **{f"text.{at}": layer for at, layer in enumerate(text_layers)},
    }
    return {name: np.ascontiguousarray(tensor.detach().numpy()) for name, tensor in tensors.items()}


def write_hugging_face(name: str, settings: dict, ids: torch.Tensor, photos: list[Image.Image], seed: int) -> None:
    folder = OUT / name
    write_json(folder / "config.json", settings)
    write_json(folder / "preprocessor_config.json", PREPROCESSING[name])
    config = CLIPConfig.from_pretrained(folder, attn_implementation="eager")
    model = CLIPModel(config)
    fill(model, seed)
    model.save_pretrained(folder / "saved")
    shutil.move(folder / "saved/model.safetensors", folder / "model.safetensors")
    shutil.rmtree(folder / "saved")
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(photos, return_tensors="pt").pixel_values
    with torch.no_grad():
        out = model(input_ids=ids, pixel_values=pixels)
        vision = model.vision_model(pixels, output_hidden_states=True)
        text = model.text_model(ids, output_hidden_states=True)
        pictures = model.visual_projection(vision.pooler_output)
        texts = model.text_projection(text.pooler_output)
    tensors = reference_of(pixels, ids, pictures, texts, vision.hidden_states, text.hidden_states, model.logit_scale)
    assert np.abs(tensors["logits"] - out.logits_per_image.numpy()).max() < 1e-4
    save_file(tensors, folder / "reference.safetensors")


def write_open_clip(ids: torch.Tensor, photos: list[Image.Image], seed: int) -> None:
    folder = OUT / "open-clip"
    write_json(folder / "open_clip_config.json", OPEN_CLIP)
    settings = OPEN_CLIP["model_cfg"]
    model = OpenClip(settings["embed_dim"], CLIPVisionCfg(**settings["vision_cfg"]), CLIPTextCfg(**settings["text_cfg"]))
    fill(model, seed)
    save_file({key: value.numpy() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    prepare = open_clip.image_transform(settings["vision_cfg"]["image_size"], is_train=False, **OPEN_CLIP["preprocess_cfg"])
    pixels = torch.stack([prepare(photo) for photo in photos])
    layers: dict[str, list[torch.Tensor]] = {"vision": [], "text": []}
    for tower, blocks in (("vision", model.visual.transformer.resblocks), ("text", model.transformer.resblocks)):
        blocks[0].register_forward_pre_hook(lambda _, inputs, to=layers[tower]: to.append(inputs[0]))
        for block in blocks:
            block.register_forward_hook(lambda _, __, output, to=layers[tower]: to.append(output))
    with torch.no_grad():
        pictures, texts = model.encode_image(pixels), model.encode_text(ids)
    tensors = reference_of(pixels, ids, pictures, texts, layers["vision"], layers["text"], model.logit_scale)
    save_file(tensors, folder / "reference.safetensors")
    check_layouts_agree(model, pixels, ids, pictures, texts)


def check_layouts_agree(model: OpenClip, pixels, ids, pictures, texts) -> None:
    """The same weights under transformers' names give the same embeddings there."""
    renamed = {}
    for key, value in model.state_dict().items():
        tower = "vision_model" if key.startswith("visual.") else "text_model"
        key = key.removeprefix("visual.")
        if key in ("proj", "text_projection"):
            renamed["visual_projection.weight" if key == "proj" else "text_projection.weight"] = value.T.contiguous()
            continue
        if "attn.in_proj_" in key:
            layer, kind = key.split(".")[2], key.rsplit("_", 1)[1]
            for part, name in zip(value.chunk(3), "qkv"):
                renamed[f"{tower}.encoder.layers.{layer}.self_attn.{name}_proj.{kind}"] = part
            continue
        for old, new in (
            ("transformer.resblocks.", "encoder.layers."), ("attn.out_proj", "self_attn.out_proj"), ("ln_1.", "layer_norm1."), ("ln_2.", "layer_norm2."),
            ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2"), ("ln_pre", "pre_layrnorm"), ("ln_post", "post_layernorm"), ("ln_final", "final_layer_norm"),
            ("conv1", "embeddings.patch_embedding"), ("class_embedding", "embeddings.class_embedding"), ("token_embedding", "embeddings.token_embedding"),
        ):
            key = key.replace(old, new)
        if key == "positional_embedding":
            key = "embeddings.position_embedding.weight"
        renamed[key if key == "logit_scale" else f"{tower}.{key}"] = value
    vision, text = OPEN_CLIP["model_cfg"]["vision_cfg"], OPEN_CLIP["model_cfg"]["text_cfg"]
    twin = CLIPModel(CLIPConfig(
        projection_dim=OPEN_CLIP["model_cfg"]["embed_dim"],
        text_config={
            "vocab_size": text["vocab_size"], "hidden_size": text["width"], "intermediate_size": 4 * text["width"], "num_hidden_layers": text["layers"],
            "num_attention_heads": text["heads"], "max_position_embeddings": text["context_length"], "hidden_act": "gelu", "eos_token_id": 2,
        },
        vision_config={
            "hidden_size": vision["width"], "intermediate_size": 4 * vision["width"], "num_hidden_layers": vision["layers"], "hidden_act": "gelu",
            "num_attention_heads": vision["width"] // vision["head_width"], "image_size": vision["image_size"], "patch_size": vision["patch_size"],
        },
    ))
    twin.load_state_dict(renamed)
    twin.eval()
    with torch.no_grad():
        for ours, theirs in ((twin.get_image_features(pixels), pictures), (twin.get_text_features(ids), texts)):
            assert (ours.pooler_output - theirs).abs().max() < 1e-5


def write_json(path: Path, value: dict) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


# Pictures


def photographs() -> list[Image.Image]:
    stored = np.frombuffer(gzip.decompress((OUT.parent / "models/pictures.rgba.gz").read_bytes()), np.uint8).reshape(-1, 224, 224, 4)
    y, x = np.mgrid[0:33, 0:70]
    edges = np.stack([255 * ((x // 3 + y // 2) % 2), 255 * (x > y), (x * 255) // 69], axis=-1).astype(np.uint8)
    arrays = [stored[0, 40:133, 60:181, :3], edges, stored[2, 60:128, 90:141, :3], stored[1, 60:100, 60:101, :3]]
    return [Image.fromarray(np.ascontiguousarray(array)) for array in arrays]


def write_pictures(photos: list[Image.Image]) -> None:
    """RGB as they are, and resized by Pillow: smaller, larger, narrower, to one pixel."""
    tensors = {f"picture.{at}": np.asarray(photo) for at, photo in enumerate(photos)}
    filters = {1: Image.Resampling.LANCZOS, 2: Image.Resampling.BILINEAR, 3: Image.Resampling.BICUBIC}
    for at, photo in enumerate(photos):
        for number, resample in filters.items():
            for width, height in ((24, 24), (photo.width, 17), (15, photo.height + 9), (7, 50), (1, 1)):
                # Across first, as every Pillow did before 13, which takes some tall pictures the other way (python-pillow/Pillow#9549).
                across = photo.resize((width, photo.height), resample)
                tensors[f"resized.{at}.{number}.{width}.{height}"] = np.asarray(across.resize((width, height), resample))
    save_file(tensors, OUT / "pictures.safetensors")


# Tokenizers


def write_small_tokenizers(merges: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the first merges only, as transformers writes them now and as the older files are; ids padded as each project does."""
    tokenizer = tokenizer_of(merges[:SMALL_MERGES])
    now = json_of(tokenizer)
    older = older_form(now)
    for name, value in (("hf-quick-gelu", now), ("hf-mixed", older), ("open-clip", older)):
        (OUT / name).mkdir(exist_ok=True)
        (OUT / name / "tokenizer.json").write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n")
    old_tokenizer = tokenizer_of_json(older)
    padded = dict(padding="max_length", truncation=True, max_length=SMALL_CONTEXT, return_tensors="pt")
    ids = tokenizer(TEXTS, **padded).input_ids
    assert torch.equal(ids, old_tokenizer(TEXTS, **padded).input_ids)
    zeroed = ids * (torch.cumsum(torch.nn.functional.pad(ids[:, :-1] == ids.max(), (1, 0)), dim=1) == 0)
    return ids, zeroed


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    merges = true_merges()
    write_tokens(merges)
    ids, zeroed = write_small_tokenizers(merges)
    photos = photographs()
    write_pictures(photos)
    (OUT / "texts.json").write_text(json.dumps(TEXTS, indent=1) + "\n")
    write_hugging_face("hf-quick-gelu", QUICK_GELU, ids, photos, seed=1)
    write_hugging_face("hf-mixed", MIXED, ids, photos, seed=2)
    write_open_clip(zeroed, photos, seed=3)
