// The stemmers of the browser against `stems.txt`, which `tests/stems.rs` holds against the crate `rust-stemmers`.
//
//     node --test tests/search/

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from './stems.mjs';

const stemmers = load();

/** @type {Map<string, string[][]>} */
const vectors = new Map();
let words = /** @type {string[][]} */ ([]);
for (const line of readFileSync(new URL('stems.txt', import.meta.url), 'utf8').split('\n')) {
  const language = /^\[(\w+)\]$/.exec(line);
  if (language) vectors.set(language[1], (words = []));
  else if (line && !line.startsWith('#')) words.push(line.split(' '));
}

test('every stemmer has vectors', () => {
  assert.deepEqual(Object.keys(stemmers).sort(), [...vectors.keys()].sort());
});

for (const [language, pairs] of vectors) {
  test(`${language}: the stems of the crate`, () => {
    assert.deepEqual(pairs.map(([word]) => [word, stemmers[language](word)]), pairs);
  });

  test(`${language}: any letters have a stem`, () => {
    const words = ['', 'constructor', 'prototype', 'hasownproperty', '\u{10428}', '日本語', 'ж'.repeat(40), 'ß'.repeat(40)];
    for (const word of words) assert.equal(typeof stemmers[language](word), 'string');
  });

  test(`${language}: long words take no longer than their length`, () => {
    for (const [word] of pairs.slice(0, 50)) stemmers[language](word.repeat(2000));
  });
}
