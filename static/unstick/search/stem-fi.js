/**
 * The Snowball stemmer for Finnish: https://snowballstem.org/algorithms/finnish/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = /[aeiouyäö][^aeiouyäö]/gu;
  const LONG = /(?:aa|ee|ii|oo|uu|ää|öö)$/;

  // The first match is the longest suffix.
  const PARTICLE = /(?:k(?:in|aan|ään|[oö])|h[aä]n|p[aä]|sti)$/;
  const POSSESSIVE = /(?:[sn]i|ns[aä]|mme|nne|[aäe]n)$/;
  const BEFORE_N = /(?:(?:t|[ls][st]|ll|n)aan|(?:t|[ls][st]|ll|n)ään|(?:lle|ine)en)$/;
  const PLURAL_CASE = /(?:[aeiouäö]i(?:siin|den|tten)|(?:aa|ee|ii|oo|uu|ää|öö)seen)$/;
  const CASE = /(?:h[aeioäö]n|n|t?t[aä]|s[st][aä]|l[lt][aä]|lle|n[aä]|ksi|ine|[aä])$/;
  const OTHER = /(?:i?m[mp][iaä]|ej[aä])$/;

  /**
   * @param {string} word
   * @param {number} from
   */
  function region(word, from) {
    REGION.lastIndex = from;
    return REGION.test(word) ? REGION.lastIndex : word.length;
  }

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} from
   * @returns {number} where the suffix begins, there or later; -1 where it does not
   */
  function start(word, suffix, from) {
    const at = word.slice(from).search(suffix);
    return at < 0 ? at : from + at;
  }

  /**
   * @param {string} word
   * @param {number} r1
   */
  function possessive(word, r1) {
    const at = start(word, POSSESSIVE, r1);
    if (at < 0) return word;
    const rest = word.slice(0, at);
    const suffix = word.slice(at);
    if (suffix === 'si') return rest.endsWith('k') ? word : rest;
    if (suffix === 'ni') return rest.replace(/kse$/, 'ksi');
    return suffix.length > 2 || BEFORE_N.test(word) ? rest : word;
  }

  /**
   * @param {string} word
   * @param {number} r1
   */
  function caseEnding(word, r1) {
    if (PLURAL_CASE.test(word.slice(r1))) return word.slice(0, /(?:siin|seen|tten)$/.test(word) ? -4 : -3);
    const at = start(word, CASE, r1);
    if (at < 0) return word;
    const rest = word.slice(0, at);
    const suffix = word.slice(at);
    if (suffix === 'n') return LONG.test(rest) || rest.endsWith('ie') ? rest.slice(0, -1) : rest;
    if (suffix[0] === 'h') return rest.endsWith(suffix[1]) ? rest : word;
    if (suffix.length === 1) return /[^aeiouyäö][aeiouyäö]$/.test(rest) ? rest : word;
    return suffix.startsWith('tt') && !rest.endsWith('e') ? word : rest;
  }

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} region
   */
  function comparative(word, suffix, region) {
    const at = start(word, suffix, region);
    return at < 0 || (word[at] === 'm' && word.slice(0, at).endsWith('po')) ? word : word.slice(0, at);
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    const r1 = region(word, 0);
    const r2 = region(word, r1);
    const at = start(word, PARTICLE, r1);
    if (at >= 0 && (word[at] === 's' ? at >= r2 : /[aeiouyäönt]/.test(word[at - 1]))) word = word.slice(0, at);
    word = possessive(word, r1);
    const rest = caseEnding(word, r1);
    const ended = rest !== word;
    word = comparative(rest, OTHER, r2);
    let end = word.slice(r1);
    if (ended) end = end.replace(/[ij]$/, '');
    else if (/[aeiouyäö]t$/.test(end)) end = comparative(word.slice(0, -1), /i?mma$/, r2).slice(r1);

    if (LONG.test(end)) end = end.slice(0, -1);
    end = end
      .replace(/([^aeiouyäö])[aeiä]$/, '$1')
      .replace(/([ou])j$/, '$1')
      .replace(/jo$/, 'j');
    return (word.slice(0, r1) + end).replace(/([^aeiouyäö])\1([aeiouyäö]*)$/u, '$1$2');
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { fi: stem });
})();
