/**
 * The Snowball stemmer for Danish: https://snowballstem.org/algorithms/danish/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** The region begins behind a vowel and the consonant after it, and behind three letters. */
  const REGION = /[aeiouyæåø][^aeiouyæåø]/gu;
  const THREE = /^.{3}/gu;
  const PAIR = /(?:gd|[dgk]t)$/;
  /** The first match is the longest suffix. */
  const MAIN = RegExp(
    ('(?:hed ethed ered e erede ende erende ene erne ere en heden eren er heder erer heds es endes erendes enes ' +
      'ernes eres ens hedens erens ers ets erets et eret s)$').replace(/ /g, '|'),
  );

  /**
   * @param {string} word
   * @param {RegExp} pattern
   */
  function behind(word, pattern) {
    pattern.lastIndex = 0;
    return pattern.test(word) ? pattern.lastIndex : word.length;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    const at = Math.max(behind(word, REGION), behind(word, THREE));
    const start = word.slice(0, at);
    let end = word.slice(at);
    let cut = end.search(MAIN);
    if (end.slice(cut) === 's' && !/[abcdfghjklmnoprtvyzå]s$/.test(word)) cut = -1;
    if (cut >= 0) end = end.slice(0, cut);
    if (PAIR.test(end)) end = end.slice(0, -1);
    word = start + end;
    if (word.endsWith('igst')) word = word.slice(0, -2);
    end = word.slice(at);
    cut = end.search(/(?:e?lig|ig|els|løst)$/);
    if (cut >= 0) {
      end = end.slice(0, end.endsWith('t') ? -1 : cut);
      if (PAIR.test(end)) end = end.slice(0, -1);
    }
    word = word.slice(0, at) + end;
    return end && /([^aeiouyæåø])\1$/u.test(word) ? word.replace(/.$/u, '') : word;
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { da: stem });
})();
