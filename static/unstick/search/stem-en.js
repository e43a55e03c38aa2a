/**
 * The Snowball stemmer for English: https://snowballstem.org/algorithms/english/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** A region begins behind a vowel and the consonant after it. `Y` is a consonant. */
  const REGION = /^(?:arsen|commun|gener)|[aeiouy][^aeiouy]/gu;
  const VOWEL = /[aeiouy]/;
  const SHORT = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/u;

  const WORDS = new Map(
    ('skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli ' +
      'singly:singl sky:sky news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes')
      .split(' ')
      .map((pair) => /** @type {[string, string]} */ (pair.split(':'))),
  );
  const KEPT = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '));

  const STEP_2 = rules(
    'tion:tional ence:enci ance:anci able:abli ent:entli ize:izer,ization ate:ational,ation,ator ' +
      'al:alism,aliti,alli ful:fulness,fulli ous:ousli,ousness ive:iveness,iviti ble:biliti,bli less:lessli ' +
      'og:ogi:l :li:cdeghkmnrt',
  );
  const STEP_3 = rules('tion:tional ate:ational al:alize ic:icate,iciti,ical :ful,ness,ative');
  const STEP_4 = rules(':al,ance,ence,er,ic,able,ible,ant,ement,ment,ent,ism,ate,iti,ous,ive,ize :ion:st');

  /**
   * @param {string} text groups of `replacement:suffixes:letters of which one must precede`
   * @returns {Map<string, string[][]>} by last letter: suffix, replacement and letters, the longest suffixes first
   */
  function rules(text) {
    const map = new Map();
    for (const group of text.split(' ')) {
      const [to, suffixes, before] = group.split(':');
      for (const suffix of suffixes.split(',')) {
        const end = suffix.slice(-1);
        const list = [...(map.get(end) || []), [suffix, to, before]];
        map.set(end, list.sort((a, b) => b[0].length - a[0].length));
      }
    }
    return map;
  }

  /**
   * @param {string} word
   * @param {Map<string, string[][]>} step
   * @param {number} region where the suffix may begin
   */
  function replace(word, step, region) {
    for (const [suffix, to, before] of step.get(word[word.length - 1]) || []) {
      if (word.endsWith(suffix)) {
        const at = word.length - suffix.length;
        return at < region || (before && !before.includes(word[at - 1])) ? word : word.slice(0, at) + to;
      }
    }
    return word;
  }

  /**
   * @param {string} word
   * @param {number} from
   */
  function region(word, from) {
    REGION.lastIndex = from;
    return REGION.test(word) ? REGION.lastIndex : word.length;
  }

  /**
   * Takes `-s` away.
   * @param {string} word
   */
  function plural(word) {
    if (word.endsWith('sses')) return word.slice(0, -2);
    if (word.endsWith('ies') || word.endsWith('ied')) return word.slice(0, /^.?ie.$/u.test(word) ? -1 : -2);
    const end = word.slice(-2);
    return end[1] === 's' && end !== 'ss' && end !== 'us' && VOWEL.test(word.slice(0, -2)) ? word.slice(0, -1) : word;
  }

  /**
   * Takes `-ed` and `-ing` away.
   * @param {string} word
   * @param {number} r1
   */
  function past(word, r1) {
    const end = /(?:e?ed|ing)(?:ly)?$/.exec(word);
    if (!end) return word;
    const rest = word.slice(0, end.index);
    if (end[0][1] === 'e') return rest.length < r1 ? word : rest + 'ee';
    if (!VOWEL.test(rest)) return word;
    if (/(?:at|bl|iz)$/.test(rest)) return rest + 'e';
    if (/([bdfgmnprt])\1$/.test(rest)) return rest.slice(0, -1);
    return rest.length === r1 && SHORT.test(rest) ? rest + 'e' : rest;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    const known = WORDS.get(word);
    if (known || (word.length < 5 && /^.{0,2}$/u.test(word))) return known || word;
    const hasY = word.includes('y');
    if (hasY) word = word.replace(/(^|[aeiouy])y/g, '$1Y');
    const r1 = region(word, 0);
    const r2 = region(word, r1);

    word = plural(word);
    if (!KEPT.has(word)) {
      word = past(word, r1);
      if (hasY && /.[^aeiouy][yY]$/u.test(word)) word = word.slice(0, -1) + 'i';
      word = replace(word, STEP_2, r1);
      word = replace(word, STEP_3, word.endsWith('ative') ? r2 : r1);
      word = replace(word, STEP_4, r2);
      const last = word.length - 1;
      const goes = word.endsWith('e')
        ? last >= r2 || (last >= r1 && !SHORT.test(word.slice(0, -1)))
        : last >= r2 && word.endsWith('ll');
      if (goes) word = word.slice(0, -1);
    }
    return hasY ? word.replace(/Y/g, 'y') : word;
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { en: stem });
})();
