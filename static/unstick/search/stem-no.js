/**
 * The Snowball stemmer for Norwegian: https://snowballstem.org/algorithms/norwegian/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** The region begins behind a vowel and the consonant after it, and behind three letters. */
  const REGION = /[aeiouyæåø][^aeiouyæåø]/gu;
  const THREE = /^.{3}/gu;
  /** The first match is the longest suffix. */
  const MAIN = RegExp(
    ('(?:a e ede ande ende ane ene hetene en heten ar er heter as es edes endes enes hetenes ens hetens ers ets et ' +
      'het ast s erte ert)$').replace(/ /g, '|'),
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
    const suffix = end.slice(cut);
    if (suffix === 's' && !/(?:[bcdfghjlmnoprtvyz]|[^aeiouyæåø]k)s$/.test(word)) cut = -1;
    if (cut >= 0) end = end.slice(0, suffix.startsWith('ert') ? cut + 2 : cut);
    if (/[dv]t$/.test(end)) end = end.slice(0, -1);
    return start + end.replace(/(?:e?leg|e?ig|e?lig|els|e?lov|slov|hetslov)$/, '');
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { no: stem });
})();
