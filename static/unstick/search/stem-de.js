/**
 * The Snowball stemmer for German: https://snowballstem.org/algorithms/german/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** A region begins behind a vowel and the consonant after it. */
  const REGION = /[aeiouyäöü][^aeiouyäöü]/gu;
  const THREE = /^.{3}/gu;

  /**
   * @param {string} word
   * @param {RegExp} pattern
   * @param {number} from
   * @returns {number} where the pattern, searched from there, ends; the end of the word where it is not
   */
  function behind(word, pattern, from) {
    pattern.lastIndex = from;
    return pattern.test(word) ? pattern.lastIndex : word.length;
  }

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} region where the suffix may begin
   */
  function cut(word, suffix, region) {
    const at = word.search(suffix);
    return at < region ? word : word.slice(0, at);
  }

  /**
   * @param {string} word
   * @param {number} r1
   */
  function step1(word, r1) {
    const at = word.search(/(?:e(?:rn?|[mns])?|s)$/);
    if (at < r1 || (word[at] === 's' && !'bdfghklmnrt'.includes(word[at - 1]))) return word;
    return word.slice(0, /nisse[ns]?$/.test(word) ? at - 1 : at);
  }

  /**
   * @param {string} word
   * @param {number} r1
   */
  function step2(word, r1) {
    const at = word.search(/(?:e(?:st|[nr])|st)$/);
    if (at < r1 || (word[at] === 's' && !/.{3}[bdfghklmnt]st$/u.test(word))) return word;
    return word.slice(0, at);
  }

  /**
   * @param {string} word
   * @param {number} r1
   * @param {number} r2
   */
  function step3(word, r1, r2) {
    const at = word.search(/(?:end|ung|i(?:g|k|sch)|lich|[hk]eit)$/);
    const first = word[at];
    if (at < r2 || (first === 'i' && word[at - 1] === 'e')) return word;
    word = word.slice(0, at);
    if (first === 'i') return word;
    if (first === 'k') return cut(word, /(?:lich|ig)$/, r2);
    if (first === 'l' || first === 'h') return cut(word, /e[nr]$/, r1);
    return word.endsWith('eig') ? word : cut(word, /ig$/, r2);
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    word = word
      .replace(/ß/g, 'ss')
      .replace(/([aeiouyäöü])([uy])(?=[aeiouyäöü])/g, (_, vowel, letter) => vowel + letter.toUpperCase());
    let r1 = behind(word, REGION, 0);
    const r2 = behind(word, REGION, r1);
    r1 = Math.max(r1, behind(word, THREE, 0));
    word = step3(step2(step1(word, r1), r1), r1, r2);
    return word.replace(/[UYäöü]/g, (letter) => letter.normalize('NFD')[0].toLowerCase());
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { de: stem });
})();
