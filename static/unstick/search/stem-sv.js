/**
 * The Snowball stemmer for Swedish: https://snowballstem.org/algorithms/swedish/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** The region begins behind a vowel and the consonant after it, and behind three letters. */
  const REGION = /[aeiouyäåö][^aeiouyäåö]/gu;
  const THREE = /^.{3}/gu;
  /** The first match is the longest suffix. */
  const MAIN = RegExp(
    ('(?:a arna erna heterna orna ad e ade ande arne are aste en anden aren heten ern ar er heter or as arnas ' +
      'ernas ornas es ades andes ens arens hetens erns at andet het ast s)$').replace(/ /g, '|'),
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
    if (end.slice(cut) === 's' && !/[bcdfghjklmnoprtvy]s$/.test(word)) cut = -1;
    if (cut >= 0) end = end.slice(0, cut);
    if (/(?:dd|gd|nn|[dgkt]t)$/.test(end)) end = end.slice(0, -1);
    return start + end.replace(/(?:l?ig|els|(lös|full)t)$/, '$1');
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { sv: stem });
})();
