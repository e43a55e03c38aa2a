/**
 * The Snowball stemmer for Portuguese: https://snowballstem.org/algorithms/portuguese/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  const V = 'aeiouáéíóúâêô';
  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = RegExp(`[${V}][^${V}]`, 'gu');
  const RV = RegExp(`^(?:.[^${V}]+[${V}]|[${V}]{2,}[^${V}]|[^${V}][${V}].)`, 'gu');

  // The first match is the longest suffix.
  const STANDARD = RegExp(
    '(?:ezas?|ic[ao]s?|ismos?|[áí]vel|istas?|os[ao]s?|[ai]mentos?|ador(?:as?|es)?|aç(?:a~o|o~es)|antes?|ância|' +
      'logias?|uç(?:a~o|o~es)|ências?|a?mente|idades?|iv[ao]s?|iras?)$',
  );
  const VERB = RegExp(
    '(?:[ai]d[ao]s?|[aei]ndo|(?:[aei]r)?ia[ms]?|[aei]r(?:ás?|a[ms]?|a~o|eis?|em|emos|d?es|íeis|íamos|mos)?|ava[ms]?|' +
      '[aei]sse[ms]?|[aei]stes?|e(?:is?|m|mos|s|u)|a(?:is|m|mos|s)|i(?:mos|s|u)|ou|íeis|íamos|[áéí](?:re|sse)is|' +
      'áveis|[áéí]ramos|á(?:va)?mos|[áêí]ssemos)$',
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
   * @param {number} r1
   * @param {number} r2
   */
  function standard(word, rv, r1, r2) {
    const at = word.search(STANDARD);
    if (at < 0) return word;
    const suffix = word.slice(at);
    const rest = word.slice(0, at);
    if (/^ira/.test(suffix)) return at >= rv && rest.endsWith('e') ? rest + 'ir' : word;
    if (at < (suffix === 'amente' ? r1 : r2)) return word;
    if (/^log/.test(suffix)) return rest + 'log';
    if (/^uç/.test(suffix)) return rest + 'u';
    if (/^ê/.test(suffix)) return rest + 'ente';
    if (suffix === 'amente') return rest.endsWith('iv') ? cut(rest, /iv$/, r2, /at$/) : cut(rest, /(?:os|ic|ad)$/, r2);
    if (suffix === 'mente') return cut(rest, /(?:ante|[aí]vel)$/, r2);
    if (/^idad/.test(suffix)) return cut(rest, /(?:abil|i[cv])$/, r2);
    return /^iv/.test(suffix) ? cut(rest, /at$/, r2) : rest;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    word = word.replace(/[ãõ]/g, (letter) => letter.normalize('NFD')[0] + '~');
    const rv = behind(word, RV, 0);
    const r1 = behind(word, REGION, 0);
    const r2 = behind(word, REGION, r1);

    let rest = standard(word, rv, r1, r2);
    if (rest === word) {
      const at = word.slice(rv).search(VERB);
      if (at >= 0) rest = word.slice(0, rv + at);
    }
    if (rest === word) rest = cut(word, /(?:os|[aioáíó])$/, rv);
    else if (rest.endsWith('ci')) rest = cut(rest, /i$/, rv);

    word = cut(rest, /[eéê]$/, rv);
    if (word === rest) word = word.replace(/ç$/, 'c');
    else if (/(?:gu|ci)$/.test(word)) word = cut(word, /.$/, rv);
    return word.replace(/a~/g, 'ã').replace(/o~/g, 'õ');
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { pt: stem });
})();
