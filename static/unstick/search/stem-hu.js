/**
 * The Snowball stemmer for Hungarian: https://snowballstem.org/algorithms/hungarian/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  const V = 'aeiouáéíóöőúüű';
  const REGION = RegExp(`^(?:[${V}]+(?:cs|gy|ly|ny|sz|ty|zs|dzs|[^${V}])|[^${V}]+[${V}])`, 'gu');
  const DOUBLE = /(?:([bcdfgjklmnprstvz])\1|ccs|ggy|lly|nny|ssz|tty|zzs)$/;

  // The first match is the longest suffix. A vowel in parentheses stays without its accent.
  const CASE = RegExp(
    '(?:b[ae]n?|r[ae]|n[ae]k|v[ae]l|[brt][óő]l|h[oeö]z|n[áé]l|ig|[aeoö]?t|ért|képp(?:en)?|kor|[uü]l|v[áé]|' +
      '(?:[aeo]n)?ként|[aeoö]?n)$',
  );
  const SPECIAL = /(?:([áé])n|(á)nként)$/;
  const OTHER = /(?:(?:a|(á))?stul|(?:e|(é))?stül)$/;
  const OWNED = /(?:[aeoö]?ké|éi?|([áé])(?:ké|éi)|(é)é)$/;
  const SINGULAR = /(?:[uü]nk|j?[uü]k|[aeo]m|[aeoö]d|j[ae]|[aeo]|nk|m|d|([áé])(?:nk|m|d)?|(á)juk|(é)jük)$/;
  const PLURAL = /(?:(?:j?[ae]|([áé]))?i(?:m|d|n?k)?|(?:j?a|(á))itok|(?:j?e|(é))?itek)$/;
  const K = /(?:[aeoö]|([áé]))?k$/;

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} r1
   */
  function cut(word, suffix, r1) {
    const found = suffix.exec(word);
    if (!found || found.index < r1) return word;
    const vowel = found.find((part, i) => i && part) || '';
    return word.slice(0, found.index) + (vowel && (vowel === 'á' ? 'a' : 'e'));
  }

  /**
   * @param {string} word
   * @param {RegExp} suffix that goes behind a double consonant, which becomes single
   * @param {number} r1
   */
  function cutDouble(word, suffix, r1) {
    const rest = cut(word, suffix, r1);
    return rest !== word && DOUBLE.test(rest) ? rest.slice(0, -2) + rest.slice(-1) : word;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    REGION.lastIndex = 0;
    const r1 = REGION.test(word) ? REGION.lastIndex : word.length;
    word = cutDouble(word, /[ae]l$/, r1);
    const rest = cut(word, CASE, r1);
    word = rest === word ? word : cut(rest, /([áé])$/, r1);
    word = cut(word, SPECIAL, r1);
    word = cut(word, OTHER, r1);
    word = cutDouble(word, /[áé]$/, r1);
    for (const suffix of [OWNED, SINGULAR, PLURAL, K]) word = cut(word, suffix, r1);
    return word;
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { hu: stem });
})();
