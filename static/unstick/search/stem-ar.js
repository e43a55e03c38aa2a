/**
 * The Snowball stemmer for Arabic: https://snowballstem.org/algorithms/arabic/stemmer.html
 *
 * Agrees with the crate `rust-stemmers`: see `tests/stems.rs`.
 */
(function () {
  'use strict';

  /** Letters of the word that are two units of a string; they stay. */
  let pairs = 0;

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} least letters that remain
   */
  function cut(word, suffix, least = 3) {
    const at = word.search(suffix);
    return at < least + pairs ? word : word.slice(0, at);
  }

  /**
   * @param {string} word
   * @param {...((word: string) => string)} steps of which the first that changes it counts
   */
  function first(word, ...steps) {
    for (const step of steps) {
      const rest = step(word);
      if (rest !== word) return rest;
    }
    return word;
  }

  /** @param {string} word */
  const verb1 = (word) => cut(word, /(?:ني|نا|ه[انم]|ك[من]|هما|كم[او]|[هك])$/);
  /** @param {string} word */
  const verb2a = (word) => (/[اوي]ن$/.test(word) ? cut(word, /..$/, 4) : cut(word, /(?:تما|[نت]ا|تن|[تاني])$/));
  /** @param {string} word */
  const verb2b = (word) => cut(word, /(?:وا|تم)$/);
  /** @param {string} word */
  const verb2c = (word) => cut(word, /(?:تمو|و)$/);
  /** @param {string} word */
  const noun2a = (word) => cut(word, /[ايو]$/, 4);
  /** @param {string} word */
  const noun2b = (word) => cut(word, /ات$/);
  /** @param {string} word */
  const noun2c = (word) => cut(word, /ت$/);

  /** @param {string} word */
  function verb(word) {
    let rest = verb1(word);
    if (rest === word) return first(word, verb2b, verb2a);
    for (let next = rest; (next = verb1(rest)) !== rest; ) rest = next;
    return first(rest, verb2a, verb2c);
  }

  /**
   * @param {string} word
   * @param {boolean} defined
   */
  function noun(word, defined) {
    let last = /ي$/;
    let rest = cut(word, /ة$/);
    if (rest === word && !defined) {
      const stem = cut(word, /(?:[كه]ما|نا|كم|ه[انم]|[يكه])$/);
      if (stem !== word) {
        rest = first(stem, noun2a, noun2b, noun2c);
        // The specification has gone past the last letter then.
        if (rest === stem) last = /ي(?=.$)/u;
      }
    }
    if (rest === word) {
      const stem = cut(word, /ن$/, 5);
      if (stem !== word) rest = first(stem, noun2a, noun2b, noun2c);
      else rest = defined ? noun2b(word) : first(word, noun2a, noun2b);
    }
    const at = rest.length - pairs > 2 ? rest.search(last) : -1;
    return at < 0 ? rest.replace(/ى$/, 'ي') : rest.slice(0, at) + rest.slice(at + 1);
  }

  /**
   * @param {string} word
   * @param {boolean} defined
   */
  function prefix(word, defined) {
    let head = '';
    /** @param {number} least */
    const has = (least) => head.length + word.length - pairs >= least;
    // What follows is looked for behind a letter that was changed.
    if (/^أ[آأؤإا]/.test(word) && has(4)) {
      head = word[1] === 'ؤ' ? 'أ' : word[1];
      word = word.slice(2);
    }
    if (/^[فو](?!ا)/.test(word) && has(4)) word = word.slice(1);
    if (/^[بك]ال/.test(word) && has(6)) return head + word.slice(3);
    if (/^[لا]ل/.test(word) && has(5)) return head + word.slice(2);
    if (/^(?:ب(?!ا)|كك)/.test(word) && has(4)) return head + word.slice(1);
    if (!defined) {
      if (/^س[يتنأ]/.test(word) && has(5)) {
        head += word[1];
        word = word.slice(2);
      }
      if (/^[ينت]ست/.test(word) && has(5)) word = 'ا' + word.slice(1);
    }
    return head + word;
  }

  /**
   * @param {string} word lower case, NFC, letters only
   * @returns {string} its stem
   */
  function stem(word) {
    pairs = (word.match(/[\ud800-\udbff]/g) || '').length;
    const size = word.length - pairs;
    const defined = (/^[بك]ال/.test(word) && size > 4) || (/^[لا]ل/.test(word) && size > 3);
    word = word.replace(/[ـ\u064b-\u0652]/g, '').replace(/[\ufe80-\ufefc]/g, (form) => form.normalize('NFKC'));
    const rest = defined ? word : verb(word);
    word = prefix(rest === word ? noun(word, defined) : rest, defined);
    return word
      .replace(/[آأإؤئ]$/, 'ء')
      .replace(/[آأإ]/g, 'ا')
      .replace(/ؤ/g, 'و')
      .replace(/ئ/g, 'ي');
  }

  /** @type {any} */
  const root = globalThis;
  root.unstick = root.unstick || {};
  root.unstick.stemmers = Object.assign(root.unstick.stemmers || {}, { ar: stem });
})();
