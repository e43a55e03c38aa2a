/**
 * The Snowball stemmer for French: https://snowballstem.org/algorithms/french/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  const V = 'aeiouyâàëéêèïîôûù';
  /** R1 begins behind a vowel and the consonant after it, R2 likewise in R1. */
  const REGION = RegExp(`[${V}][^${V}]`, 'gu');
  const RV = RegExp(`^(?:[${V}]{2}.|par|col|tap|.[^${V}]*[${V}])`, 'gu');
  /** Whose last letters are no vowels and become upper case. */
  const CONSONANTS = RegExp(`[${V}](?:[iu](?=[${V}])|y)|y(?=[${V}])|qu`, 'g');
  const ACCENT = RegExp(`[éè][^${V}]+$`);

  // The first match is the longest suffix.
  const STANDARD = RegExp(
    '(?:(?:ance|iqUe|isme|able|iste|at(?:rice|eur|ion)|logie|u[st]ion|ence|(?:iss)?ement|ité|if|ive|euse)s?|' +
      'e?aux|eux)$',
  );
  const ADVERB = RegExp(`(?:[ae]mment|[${V.replace('e', '')}]ments?)$`);
  const R = 'r(?:a(?:i[st]?|Ient|s)?|i?ez|i?ons|ont)?';
  const VERB_I = RegExp(
    `(?:î(?:mes|t|tes)|i${R}|irent|iss(?:a(?:i[st]|Ient|nte?s?)|e(?:nt|s|z)?|i?ons|iez)|i(?:es?|s|t)?)$`,
  );
  const VERB = RegExp(
    `(?:ions|ée?s?|èrent|e${R}|i?ez|â(?:mes|t|tes)|a(?:i[st]?|Ient|nte?s?|s|ss(?:es?|ent|iez|ions))?)$`,
  );
  const OTHER = new Map([
    ['abil', 'abl'],
    ['ic', 'iqU'],
    ['eus', 'eux'],
  ]);

  /** Where the regions of the word begin. */
  let [rv, r1, r2] = [0, 0, 0];

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
   * @param {RegExp} suffix that goes from R2 and becomes another elsewhere
   * @param {RegExp} [next] that goes after it
   * @returns {string}
   */
  function cut(word, suffix, next) {
    const at = word.search(suffix);
    if (at < 0) return word;
    const rest = word.slice(0, at);
    const found = word.slice(at);
    if (at < r2) return found === 'eus' && at < r1 ? word : rest + (OTHER.get(found) || found);
    return next ? cut(rest, next) : rest;
  }

  /** @param {string} word */
  function standard(word) {
    const at = word.search(STANDARD);
    if (at < 0) return '';
    const suffix = word.slice(at).replace(/s$/, '');
    const rest = word.slice(0, at);
    if (suffix === 'eaux') return rest + 'eau';
    if (suffix === 'ement') return at < rv ? '' : ement(rest);
    if (at < r1) return '';
    if (suffix === 'aux') return rest + 'al';
    if (suffix === 'euse') return cut(rest + 'eus', /eus$/);
    if (suffix === 'issement') return V.includes(rest.slice(-1)) ? '' : rest;
    if (at < r2) return '';
    if (suffix === 'logie') return rest + 'log';
    if (suffix[0] === 'u') return rest + 'u';
    if (suffix === 'ence') return rest + 'ent';
    if (suffix === 'ité') return cut(rest, /(?:abil|i[cv])$/);
    if (/^i[fv]/.test(suffix)) return cut(rest, /at$/, /ic$/);
    return /^at/.test(suffix) ? cut(rest, /ic$/) : rest;
  }

  /** @param {string} rest what is before `-ement` */
  function ement(rest) {
    const at = rest.search(/[iI]èr$/);
    if (at >= rv) return rest.slice(0, at) + 'i';
    return rest.endsWith('iv') ? cut(rest, /iv$/, /at$/) : cut(rest, /(?:eus|abl|iqU)$/);
  }

  /** @param {string} word */
  function verb(word) {
    const end = word.slice(rv);
    let at = end.search(VERB_I);
    if (at > 0 && !V.includes(end[at - 1])) return word.slice(0, rv + at);
    at = end.search(VERB);
    if (at < 0 || (end.slice(at) === 'ions' && rv + at < r2)) return '';
    return word.slice(0, rv + at - (/[aâ]/.test(end[at]) && end[at - 1] === 'e' ? 1 : 0));
  }

  /** @param {string} word */
  function residue(word) {
    if (/[^aiouès]s$/.test(word)) word = word.slice(0, -1);
    const end = word.slice(rv);
    if (/[st]ion$/.test(end) && word.length - 3 >= r2) return word.slice(0, -3);
    if (/[iI](?:er|ère)$/.test(end)) return word.replace(/.(?:er|ère)$/, 'i');
    return /(?:e|guë)$/.test(end) ? word.slice(0, -1) : word;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    word = word.replace(CONSONANTS, (end) => end.slice(0, -1) + end.slice(-1).toUpperCase());
    rv = behind(word, RV, 0);
    r1 = behind(word, REGION, 0);
    r2 = behind(word, REGION, r1);

    let rest = standard(word);
    if (!rest) {
      const at = word.search(ADVERB);
      if (at >= rv) word = word.slice(0, at + 1) + (word[at + 2] === 'm' ? 'nt' : '');
      rest = verb(word);
    }
    word = rest ? rest.replace(/Y$/, 'i').replace(/ç$/, 'c') : residue(word);

    if (/(?:[eo]nn|ett|ei?ll)$/.test(word)) word = word.slice(0, -1);
    word = word.replace(ACCENT, (end) => 'e' + end.slice(1));
    return word.replace(/[IUY]/g, (letter) => letter.toLowerCase());
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { fr: stem });
})();
