/**
 * The Snowball stemmer for Spanish: https://snowballstem.org/algorithms/spanish/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  const V = 'aeiouáéíóúü';
  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = RegExp(`[${V}][^${V}]`, 'gu');
  const RV = RegExp(`^(?:.[^${V}]+[${V}]|[${V}]{2,}[^${V}]|[^${V}][${V}].)`, 'gu');

  // The first match is the longest suffix. A `u` between `g` and what is in parentheses goes with it.
  const STANDARD = RegExp(
    '(?:anzas?|ic[ao]s?|ismos?|[ai]bles?|istas?|os[ao]s?|[ai]mientos?|ador(?:as?|es)?|[au]ci(?:ón|ones)|antes?|' +
      'ancias?|logías?|encias?|a?mente|idad(?:es)?|iv[ao]s?)$',
  );
  const VERB = RegExp(
    '(?:(en|es|éis|emos)|(?:[aei]r)?ía(?:[ns]|is|mos)?|[aei]r(?:á[ns]?|éis|emos|é)?|(?:ab|ar|ier)a(?:[ns]|is)?|' +
      '[ai]d[ao]s?|[aei]d|(?:as|ies)e(?:[ns]|is)?|[ai]ste(?:is)?|a[ns]|(?:a|ie)(?:ron|ndo)|ió|ís|áis|[ai]mos|' +
      '(?:á(?:ba|ra|se)|ié(?:ra|se))mos)$',
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

  /** @param {string} word */
  function plain(word) {
    return word.replace(/[áéíóú]/g, (letter) => letter.normalize('NFD')[0]);
  }

  /**
   * @param {string} word
   * @param {number} rv
   */
  function pronoun(word, rv) {
    const at = word.search(/(?:se(?:l[ao]s?)?|me|l[aeo]s?|nos)$/);
    if (at < 0) return word;
    const rest = word.slice(0, at);
    const verb = rest.search(/(?:i[eé]ndo|[aá]ndo|yendo|[aáeéií]r)$/);
    if (verb < rv || (rest[verb] === 'y' && rest[verb - 1] !== 'u')) return word;
    return rest.slice(0, verb) + plain(rest.slice(verb));
  }

  /**
   * @param {string} word
   * @param {number} r1
   * @param {number} r2
   */
  function standard(word, r1, r2) {
    const at = word.search(STANDARD);
    const suffix = word.slice(at);
    if (at < (suffix === 'amente' ? r1 : r2)) return word;
    const rest = word.slice(0, at);
    if (/^log/.test(suffix)) return rest + 'log';
    if (/^uc/.test(suffix)) return rest + 'u';
    if (/^en/.test(suffix)) return rest + 'ente';
    if (/^a(?:d|c|n[tc])/.test(suffix)) return cut(rest, /ic$/, r2);
    if (suffix === 'amente') return rest.endsWith('iv') ? cut(rest, /iv$/, r2, /at$/) : cut(rest, /(?:os|ic|ad)$/, r2);
    if (suffix === 'mente') return cut(rest, /(?:ante|[ai]ble)$/, r2);
    if (/^idad/.test(suffix)) return cut(rest, /(?:abil|i[cv])$/, r2);
    return /^iv/.test(suffix) ? cut(rest, /at$/, r2) : rest;
  }

  /**
   * @param {string} word
   * @param {number} rv
   */
  function verb(word, rv) {
    const y = word.search(/uy(?:a|e|an|en|eron|endo|o|ó|as|es|ais|amos)$/) + 1;
    if (y && y >= rv) return word.slice(0, y);
    const found = VERB.exec(word.slice(rv));
    if (!found) return word;
    const rest = word.slice(0, rv + found.index);
    return found[1] && rest.endsWith('gu') ? rest.slice(0, -1) : rest;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    const rv = behind(word, RV, 0);
    const r1 = behind(word, REGION, 0);
    const r2 = behind(word, REGION, r1);
    word = pronoun(word, rv);
    const rest = standard(word, r1, r2);
    word = rest === word ? verb(word, rv) : rest;
    const at = word.search(/(?:os|[aoáíóeé])$/);
    if (at >= rv) {
      const e = word[at] === 'e' || word[at] === 'é';
      word = word.slice(0, at);
      if (e && at > rv && word.endsWith('gu')) word = word.slice(0, -1);
    }
    return plain(word);
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { es: stem });
})();
