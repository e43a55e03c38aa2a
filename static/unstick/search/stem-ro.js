/**
 * The Snowball stemmer for Romanian: https://snowballstem.org/algorithms/romanian/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`. `ş` and `ţ` have cedillas, as there.
 */
(function () {
  'use strict';

  const V = 'aeiouâîă';
  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = RegExp(`[${V}][^${V}]`, 'gu');
  const RV = RegExp(`^(?:.[^${V}]+[${V}]|[${V}]{2,}[^${V}]|[^${V}][${V}].)`, 'gu');
  /** Whose last letters are no vowels and become upper case. */
  const CONSONANTS = RegExp(`[${V}][iu](?=[${V}])`, 'g');

  // The first match is the longest suffix. What is in parentheses stays.
  const ARTICLE = /(?:ul(?:ui)?|(a)ua|(e)(?:a|lor|le)|(i)(?:i|ua|ei|ile|ilor|lor|le)|(at)ei|(aţi)[ea])$/;
  const COMBINED = RegExp(
    '(?:(abil|iv|ic)it(?:ate|ati|ăi|ăţi)|(ibil)itate|(ic)(?:atori?|(?:iv|al)[aeiă]?)|' +
      '[aă]tori?|ătoare|(it)ori?|[ai]ţiune|([ai]t)(?:oare|iv[aeiă]?))$',
  );
  const STANDARD = RegExp(
    '(?:(?:[aiu]t|ic|[ai]bil|ant|iv|ist)[aeiă]?|oas[aeă]|os|o[sş]i|atori?|it(?:ate|ati|ăi|ăţi)|iun[ei]|isme?|işti)$',
  );
  /** What is in parentheses goes only behind a consonant or `u`. */
  const VERB = RegExp(
    '(?:([aeiâ]re|[iâ]ndu?|ez[ei]?|ea(?:scă|ză)|[eă]sc|[eă]şt[ei]|[ei]?a[imu]|[ei]a|[ei]aţi|ui|âi|[aiuâ]şi|' +
      '[aiuâ]ră(?:m|ţi)?|[aiuâ]se(?:m|şi|ră(?:m|ţi)?)?)|' +
      '[eiâă]m|[aeiâ]ţi|se(?:i|şi|ră(?:m|ţi)?|se(?:m|şi|ră(?:m|ţi)?)?)?)$',
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
   */
  function cut(word, suffix, region) {
    const found = suffix.exec(word);
    if (!found || found.index < region) return word;
    let stays = found.find((part, i) => i && part) || '';
    if (suffix === COMBINED && !stays) stays = found[0][0] === 'i' ? 'it' : 'at';
    return word.slice(0, found.index) + stays;
  }

  /**
   * @param {string} word
   * @param {number} r2
   */
  function standard(word, r2) {
    const at = word.search(STANDARD);
    if (at < r2) return word;
    const rest = word.slice(0, at);
    if (word.startsWith('iun', at)) return rest.endsWith('ţ') ? rest.slice(0, -1) + 't' : word;
    return /^i[sş]/.test(word.slice(at)) ? rest + 'ist' : rest;
  }

  /**
   * @param {string} word
   * @param {number} rv
   */
  function verb(word, rv) {
    const end = word.slice(rv);
    const found = VERB.exec(end);
    if (!found) return word;
    const before = end[found.index - 1];
    if (found[1] && (!before || (before !== 'u' && V.includes(before)))) return word;
    return word.slice(0, rv + found.index);
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    word = word.replace(CONSONANTS, (end) => end[0] + end[1].toUpperCase());
    const rv = behind(word, RV, 0);
    const r1 = behind(word, REGION, 0);
    const r2 = behind(word, REGION, r1);

    if (!word.endsWith('abile')) word = cut(word, ARTICLE, r1);
    let removed = false;
    for (let rest = word; (rest = cut(word, COMBINED, r1)) !== word; word = rest) removed = true;
    const rest = standard(word, r2);
    word = rest === word && !removed ? verb(word, rv) : rest;
    word = cut(word, /(?:ie|[aeiă])$/, rv);
    return word.replace(/[IU]/g, (letter) => letter.toLowerCase());
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { ro: stem });
})();
