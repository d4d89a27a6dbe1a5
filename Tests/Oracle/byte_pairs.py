"""Writes `fixtures/byte_pairs.json`: what Hugging Face's `tokenizers` makes of texts, by vocabularies of byte pairs of every kind that is read.

    pip install tokenizers==0.23.3
    python byte_pairs.py fixtures/byte_pairs.json

Each entry has a `tokenizer.json` as a text, texts with their tokens and what these are decoded to, and lists of tokens drawn at random with
what they are decoded to, characters that are cut replaced by U+FFFD.
"""

import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

SENTENCES = [
    "It's what we'd say they'll do, isn't it? I'm sure you've seen they're 'quoted' 'Tis DON'T.",
    "Größe über alles: äöü ß, naïve café, e\u0301 beside \u00e9, \u212b beside \u00c5.",
    "Привет, мир! Это 2024 год, ½ и ² и ⅷ.",
    "日本語の文章。中文字符，全角\u3000空格。한국어 문장.",
    "שלום עולם مرحبا بالعالم ١٢٣ हिन्दी ไทย",
    "emoji 👩\u200d👩\u200d👧 🇩🇪 ok\u00a0no-break\u2003em\u2009thin\u0085next\u2028line",
    "tabs\tand\r\nlines\n\n\n  indented   by   spaces   ",
    "x = [1, 22, 333]; y_1 += 4.5e-6 // ~!@#$%^&*()_+{}|:\"<>?",
    "",
    " ",
    "a",
    "\n",
    "  a",
    "\u0000\u0001\u007f\u00ad",
]
# Letters, marks, numbers, spaces and others of many kinds.
PIECES = list("aZß'’ \t\n\r.,;-_09²½Ⅷé\u0301ñДж中の한ไ\u0e31\u00a0\u3000\u2003\u0085\u1680\u180e\u200b\ufeff€👍🏽\u200d☃«»") + [
    "'s", "'ll", " '", "'re", "  ", "the", " and", "ing", "<s>", "<s></s>", "</s>",
]


def corpus():
    """Text to learn pairs from: the licence of the repository and the sentences, in rounds."""
    root = pathlib.Path(__file__).resolve().parents[2]
    return (root / "LICENSE").read_text(encoding="utf-8").split("\n\n") + SENTENCES * 5


def draw(source, count):
    return ["".join(source.choice(PIECES) for _ in range(source.randint(1, 24))) for _ in range(count)]


def trained(pre_tokenizer, decoder, size, added=(), alphabet=(), texts=None, **model):
    tokenizer = Tokenizer(models.BPE(**model))
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoder
    special = [model["unk_token"]] if "unk_token" in model else []
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=list(alphabet), special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(texts or corpus(), trainer)
    tokenizer.add_tokens(list(added))
    return json.loads(tokenizer.to_str())


def as_strings(file):
    """Merges as texts, as files had them before 2024."""
    file["model"]["merges"] = [" ".join(pair) for pair in file["model"]["merges"]]
    return file


def as_oldest(file):
    """Without what the first files did not have."""
    del file["model"]["type"], file["model"]["byte_fallback"], file["model"]["ignore_merges"], file["pre_tokenizer"]["use_regex"]
    return as_strings(file)


def vocabularies():
    def bytes_of(**options):
        return pre_tokenizers.ByteLevel(**options)

    alphabet = pre_tokenizers.ByteLevel.alphabet()
    end = AddedToken("<|endoftext|>", special=True, normalized=False)
    overlapping = [AddedToken(text, normalized=normal) for text, normal in [("<s>", True), ("<s></s>", False), ("</s>", True), ("ing", True)]]
    yield "bytes in words", trained(bytes_of(add_prefix_space=False), decoders.ByteLevel(), 700, [end], alphabet)
    yield "bytes in words, as the first files", as_oldest(trained(bytes_of(add_prefix_space=False), decoders.ByteLevel(), 400, [end], alphabet))
    yield "bytes in words, a space before, added tokens", trained(
        bytes_of(add_prefix_space=True), decoders.ByteLevel(), 500, overlapping, alphabet)
    yield "bytes without words", trained(bytes_of(add_prefix_space=False, use_regex=False), decoders.ByteLevel(), 450, [], alphabet)
    yield "bytes, some unknown", trained(bytes_of(add_prefix_space=False), decoders.ByteLevel(), 300, [], unk_token="?unk", fuse_unk=True)
    # A merge that is a text cannot have spaces in its tokens.
    words = [word for text in corpus() for word in text.split()]
    yield "characters, merges as texts", as_strings(trained(None, decoders.Fuse(), 400, overlapping, texts=words, unk_token="<unk>"))
    yield "characters", trained(None, decoders.Fuse(), 500, overlapping, unk_token="<unk>")
    yield "characters, unknown ones as one", trained(None, decoders.Fuse(), 400, unk_token="<unk>", fuse_unk=True)


def main():
    entries = []
    for number, (name, file) in enumerate(vocabularies()):
        tokenizer = Tokenizer.from_str(json.dumps(file))
        source = random.Random(number)
        texts = SENTENCES + draw(source, 60)
        cases = [{"text": text, "tokens": (ids := tokenizer.encode(text).ids), "decoded": tokenizer.decode(ids, False)} for text in texts]
        plain = [i for i in range(tokenizer.get_vocab_size(False))]
        drawn = [[source.choice(plain) for _ in range(source.randint(1, 12))] for _ in range(40)]
        entries.append({
            "name": name, "tokenizer": json.dumps(file, ensure_ascii=False, separators=(",", ":")), "texts": cases,
            "drawn": [{"tokens": ids, "decoded": tokenizer.decode(ids, False)} for ids in drawn],
        })
    with open(sys.argv[1], "w", encoding="utf-8") as target:
        target.write("[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries) + "\n]\n")


if __name__ == "__main__":
    main()
