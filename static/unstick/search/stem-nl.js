/**
 * The Snowball stemmer for Dutch: https://snowballstem.org/algorithms/dutch/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** A region begins behind a vowel and the consonant after it. */
  const REGION = /[aeiouyè][^aeiouyè]/gu;
  const CONSONANT = /[^aeiouyè]$/;

  /**
   * @param {string} word
   * @param {number} from
   */
  function region(word, from) {
    REGION.lastIndex = from;
    return REGION.test(word) ? REGION.lastIndex : word.length;
  }

  /** @param {string} word */
  function undouble(word) {
    return /(?:kk|dd|tt)$/.test(word) ? word.slice(0, -1) : word;
  }

  /**
   * @param {string} word
   * @param {number} at where the ending `-en` or `-ene` begins
   * @param {number} r1
   */
  function cutEn(word, at, r1) {
    const rest = word.slice(0, at);
    return at >= r1 && CONSONANT.test(rest) && !rest.endsWith('gem') ? undouble(rest) : word;
  }

  /**
   * @param {string} word
   * @param {number} r1
   */
  function cutE(word, r1) {
    const rest = word.slice(0, -1);
    return word.endsWith('e') && rest.length >= r1 && CONSONANT.test(rest) ? undouble(rest) : word;
  }

  /**
   * @param {string} word
   * @param {number} r1
   */
  function plural(word, r1) {
    const at = word.search(/(?:heden|ene?|se?)$/);
    if (at < r1) return word;
    if (word[at] === 'e') return cutEn(word, at, r1);
    const rest = word.slice(0, at);
    if (word[at] === 'h') return rest + 'heid';
    return /[^aeiouyèj]$/.test(rest) ? rest : word;
  }

  /**
   * @param {string} word
   * @param {number} r1
   * @param {number} r2
   * @param {boolean} hadE
   */
  function derived(word, r1, r2, hadE) {
    const at = word.search(/(?:end|ing|ig|lijk|baa?r)$/);
    if (at < r2) return word;
    const suffix = word.slice(at);
    const rest = word.slice(0, at);
    if (suffix === 'ig') return rest.endsWith('e') ? word : rest;
    if (suffix === 'bar') return hadE ? rest : word;
    if (suffix === 'lijk') return cutE(rest, r1);
    if (suffix === 'baar') return rest;
    return at - 2 >= r2 && /[^e]ig$/.test(rest) ? rest.slice(0, -2) : undouble(rest);
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    word = word
      .replace(/[äáëéïíöóüú]/g, (letter) => letter.normalize('NFD')[0])
      .replace(/^y|[aeiouyè](?:y|i(?=[aeiouyè]))/g, (end) => end.slice(0, -1) + end.slice(-1).toUpperCase());
    let r1 = region(word, 0);
    const r2 = region(word, r1);
    // The crate wants three bytes before R1, not three letters.
    if (/^[a-z]{2}/i.test(word)) r1 = Math.max(r1, 3);

    word = plural(word, r1);
    const whole = word;
    word = cutE(word, r1);
    const hadE = word !== whole;
    if (word.endsWith('heid') && word.length - 4 >= r2 && !word.endsWith('cheid')) {
      word = word.slice(0, -4);
      if (word.endsWith('en')) word = cutEn(word, word.length - 2, r1);
    }
    word = derived(word, r1, r2, hadE);
    if (/[^aeiouyè](?:aa|ee|oo|uu)[^aeiouyèI]$/u.test(word)) word = word.replace(/.(.)$/u, '$1');
    return word.replace(/[IY]/g, (letter) => letter.toLowerCase());
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { nl: stem });
})();
