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

  const STANDARD = table([
    [
      'anza anzas ico ica icos icas ismo ismos able ables ible ibles ista istas oso osa osos osas amiento amientos ' +
        'imiento imientos',
    ],
    ['adora ador ación adoras adores aciones ante antes ancia ancias', '', /ic$/],
    ['logía logías', 'log'],
    ['ución uciones', 'u'],
    ['encia encias', 'ente'],
    ['amente', '', /(?:iv|os|ic|ad)$/],
    ['mente', '', /(?:ante|[ai]ble)$/],
    ['idad idades', '', /(?:abil|ic|iv)$/],
    ['iva ivo ivas ivos', '', /at$/],
  ]);
  const VERB = table([
    ['en es éis emos', 'u'],
    [
      'arían arías arán arás aríais aría aréis aríamos aremos ará aré erían erías erán erás eríais ería eréis ' +
        'eríamos eremos erá eré irían irías irán irás iríais iría iréis iríamos iremos irá iré aba ada ida ía ara ' +
        'iera ad ed id ase iese aste iste an aban ían aran ieran asen iesen aron ieron ado ido ando iendo ió ar er ' +
        'ir as abas adas idas ías aras ieras ases ieses ís áis abais íais arais ierais aseis ieseis asteis isteis ' +
        'ados idos amos ábamos íamos imos áramos iéramos iésemos ásemos',
    ],
  ]);

  /** @param {[suffixes: string, to?: string, next?: RegExp][]} groups */
  function table(groups) {
    const rules = new Map();
    for (const [suffixes, to = '', next] of groups) {
      for (const suffix of suffixes.split(' ')) rules.set(suffix, { suffix, to, next });
    }
    return { rules, pattern: RegExp(`(?:${[...rules.keys()].join('|')})$`, 'g') };
  }

  /**
   * @param {string} word
   * @param {{rules: Map<string, any>, pattern: RegExp}} table
   * @param {number} from where the suffix may begin
   * @returns the rule of the longest suffix, which is the first match
   */
  function find(word, { rules, pattern }, from) {
    pattern.lastIndex = from;
    const found = pattern.exec(word);
    return found && rules.get(found[0]);
  }

  /**
   * @param {string} word
   * @param {RegExp} suffix
   * @param {number} region where the suffix must begin
   */
  function cut(word, suffix, region) {
    const at = word.search(suffix);
    return at < region ? word : word.slice(0, at);
  }

  /**
   * @param {string} word
   * @param {RegExp} pattern
   * @param {number} from
   */
  function behind(word, pattern, from) {
    pattern.lastIndex = from;
    return pattern.test(word) ? pattern.lastIndex : word.length;
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
    const rule = find(word, STANDARD, 0);
    if (!rule) return word;
    const { suffix, to, next } = rule;
    const at = word.length - suffix.length;
    if (at < (suffix === 'amente' ? r1 : r2)) return word;
    word = word.slice(0, at) + to;
    if (!next) return word;
    const rest = cut(word, next, r2);
    return suffix === 'amente' && rest !== word && word.endsWith('iv') ? cut(rest, /at$/, r2) : rest;
  }

  /**
   * @param {string} word
   * @param {number} rv
   */
  function verb(word, rv) {
    const y = word.search(/uy(?:a|e|an|en|eron|endo|o|ó|as|es|ais|amos)$/) + 1;
    if (y && y >= rv) return word.slice(0, y);
    const rule = find(word, VERB, rv);
    if (!rule) return word;
    const rest = word.slice(0, -rule.suffix.length);
    return rule.to && rest.endsWith('gu') ? rest.slice(0, -1) : rest;
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
