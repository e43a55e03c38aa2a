/**
 * The Snowball stemmer for Russian: https://snowballstem.org/algorithms/russian/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  const VOWEL = /[аеиоуыэюя]/;
  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = /[аеиоуыэюя][^аеиоуыэюя]/gu;

  // The first match is the longest suffix. What is in parentheses goes only behind `а` or `я`.
  const GERUND = /(?:[иы]в(?:ши(?:сь)?)?|(в(?:ши(?:сь)?)?))$/;
  const ADJECTIVE = /(?:[еиоы][ейм]|[иы]ми|[ео]го|[ео]му|[иы]х|[еоую]ю|[ая]я)$/;
  const PARTICIPLE = /(?:[иы]вш|ующ|(ем|нн|вш|ю?щ))$/;
  const VERB = RegExp(
    '(?:[иы]л[аио]?|ен[аоы]?|[еу]й(?:те)?|ите|[иы]м|ят|у[ею]т|[иы]ть?|ишь|у?ю|' +
      '(л[аио]?|н[аоы]?|[ей]те|й|ем|[ею]т|ть|ешь|нно))$',
  );
  const NOUN = RegExp(
    '(?:[ео]в|[иь]?е|и?ями|ами|[еи]?и|и?ей|[ио]?й|и?ям|и?ем|ам|ом|а|о|у|ы|ь|ах|и?ях|[иь]?[юя])$',
  );

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
   */
  function cut(word, suffix) {
    const found = suffix.exec(word);
    if (!found || (found[1] && !/[ая]/.test(word[found.index - 1]))) return word;
    return word.slice(0, found.index);
  }

  /** @param {string} word */
  function ending(word) {
    let rest = cut(word, GERUND);
    if (rest !== word) return rest;
    word = cut(word, /с[ья]$/);
    rest = cut(word, ADJECTIVE);
    if (rest !== word) return cut(rest, PARTICIPLE);
    rest = cut(word, VERB);
    return rest === word ? cut(word, NOUN) : rest;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    const rv = word.search(VOWEL) + 1;
    if (!rv) return word;
    const r2 = region(word, region(word, 0));
    let end = cut(ending(word.slice(rv)), /и$/);
    const at = end.search(/ость?$/);
    if (at >= 0 && rv + at >= r2) end = end.slice(0, at);
    end = end.endsWith('ь') ? end.slice(0, -1) : cut(end, /ейше?$/).replace(/нн$/, 'н');
    return word.slice(0, rv) + end;
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { ru: stem });
})();
