/**
 * The Snowball stemmer for Italian: https://snowballstem.org/algorithms/italian/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  const V = 'aeiouàèìòù';
  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = RegExp(`[${V}][^${V}]`, 'gu');
  const RV = RegExp(`^(?:.[^${V}]+[${V}]|[${V}]{2,}[^${V}]|[^${V}][${V}].)`, 'gu');
  /** Whose last letters are no vowels and become upper case. */
  const CONSONANTS = RegExp(`qu|[${V}][iu](?=[${V}])`, 'g');

  // The first match is the longest suffix.
  const PRONOUN = /(?:gli|[cmstv]i|ne|l[aeio]|(?:glie|[cmtv]e)(?:l[aeio]|ne)|sene)$/;
  const STANDARD = RegExp(
    '(?:anz[ae]|ic[aeio]|ich[ei]|ism[io]|[ai]bil[ei]|ist[aeiàèì]|os[aeio]|a?mente|atric[ei]|ant[ei]|azion[ei]|' +
      'ator[ei]|logi[ae]|u[sz]ion[ei]|enz[ae]|[ai]ment[io]|ità|iv[aeio])$',
  );
  const VERB = RegExp(
    '(?:[aei]mmo|ando|end[aeio]|[ao]no|[aei]re|[aei]rono|ass(?:e|ero|i|imo)|[ei]ssero|[aiu]t[aeio]|ete|' +
      '[aei]v(?:[aio]|amo|ano|ate)|[ei]r(?:à|ai|anno|ebbe|ebbero|ei|emmo|emo|este|esti|ete|ò)|iamo|' +
      'isc(?:[aeio]|ano|ono)|[ai]r)$',
  );

  /**
   * @param {string} word
   * @param {RegExp} pattern
   * @param {number} from
   */
  function behind(word, pattern, from) {
    pattern.lastIndex = from;
    return pattern.test(word) ? pattern.lastIndex : word.length;
  }

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} region where it may begin
   * @param {RegExp} [next] what goes after it
   * @returns {string}
   */
  function cut(word, suffix, region, next) {
    const at = word.search(suffix);
    if (at < region) return word;
    word = word.slice(0, at);
    return next ? cut(word, next, region) : word;
  }

  /**
   * @param {string} word
   * @param {number} rv
   */
  function pronoun(word, rv) {
    const rest = word.replace(PRONOUN, '');
    if (rest === word || rest.search(/(?:[ae]ndo|[aei]r)$/) < rv) return word;
    return rest.endsWith('r') ? rest + 'e' : rest;
  }

  /**
   * @param {string} word
   * @param {number} rv
   * @param {number} r1
   * @param {number} r2
   */
  function standard(word, rv, r1, r2) {
    const at = word.search(STANDARD);
    if (at < 0) return word;
    const suffix = word.slice(at);
    const rest = word.slice(0, at);
    if (/^[ai]ment[io]/.test(suffix)) return at < rv ? word : rest;
    if (at < (suffix === 'amente' ? r1 : r2)) return word;
    if (/^log/.test(suffix)) return rest + 'log';
    if (/^u/.test(suffix)) return rest + 'u';
    if (/^enz/.test(suffix)) return rest + 'ente';
    if (/^a(?:zio|to)/.test(suffix)) return cut(rest, /ic$/, r2);
    if (suffix === 'amente' && rest.endsWith('iv')) return cut(rest, /iv$/, r2, /at$/);
    if (suffix === 'amente') return cut(rest, /(?:os|ic|abil)$/, r2);
    if (suffix === 'ità') return cut(rest, /(?:abil|i[cv])$/, r2);
    return /^iv/.test(suffix) ? cut(rest, /at$/, r2, /ic$/) : rest;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    word = word
      .replace(/[áéíóú]/g, (letter) => 'àèìòù'['áéíóú'.indexOf(letter)])
      .replace(CONSONANTS, (end) => end[0] + end[1].toUpperCase());
    const rv = behind(word, RV, 0);
    const r1 = behind(word, REGION, 0);
    const r2 = behind(word, REGION, r1);

    word = pronoun(word, rv);
    let rest = standard(word, rv, r1, r2);
    if (rest === word) {
      const at = word.slice(rv).search(VERB);
      if (at >= 0) rest = word.slice(0, rv + at);
    }
    word = cut(rest, /[aeioàèìò]$/, rv, /i$/);
    if (/[cg]h$/.test(word) && word.length - 2 >= rv) word = word.slice(0, -1);
    return word.replace(/[IU]/g, (letter) => letter.toLowerCase());
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { it: stem });
})();
