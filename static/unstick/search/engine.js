/**
 * The search, in the browser: the same steps as `src/search/` in the program that made the site, with the same numbers.
 *
 * A classic script that is loaded when a reader first searches; the stemmer of the site's language stands behind it in the same file. `engine` asks nothing of the page: it runs on its thread, in a
 * worker that is made of its own text, and under Node. It never loads: it says which files it needs, is given them, and is asked
 * again.
 */
(function () {
  'use strict';

  /** @typedef {[text: string, marked: boolean]} Piece */
  /** @typedef {{section?: string, state?: string, tag?: string, applies?: string}} Filters */
  /** @typedef {{url: string, title: Piece[], section: string[], state: string, excerpt: Piece[], tags: string[], applies: string}} Hit */
  /** @typedef {{query: string, fits: boolean, total: number, hits: Hit[], counts: Record<string, [string, number][]>, problems: string[], scores: number[]}} Result */
  /** @typedef {{filters?: Filters, top?: number}} Options */

  /** @param {Record<string, any>} stemmers by name, as the scripts `stem-*.js` give them */
  function engine(stemmers) {
    // The numbers of src/search/: index.rs, query.rs and rank.rs say what they mean.
    const VERSION = 2, SATURATION = 2.56, MOST_IMPACT = 16, RARITY_SCALE = 16;
    const STOP = 0.35, PIECE = 0.466, STOP_TOGETHER = 0.2, PIECE_TOGETHER = 0.14, UNFINISHED = 1, LONGER = 0.3, BEGINNING = 2;
    const COMPLETIONS = 24, CODES = 64, SHORTEST_SLIP = 4, SHORTEST_STEM = 4, SHORTEST_BEGINNING = 4, LONGEST_ENDING = 4, RATHER_OTHER = 0.6, LESS_LIKELY = 0.7, HALVES = 0.8, SYNONYM = 0.9, WORDS = 64, LONGEST = 40;
    const COMPARED = 200, LIKENESS = 1.14, WORDINGS = 0.158, PAIR = 1.085, SMALL_PAIR = 1.19, PAIR_SATURATION = 2.78;
    const UNKNOWN = 0.54, RELATED = 1.16, FIT = 0.46, LACKING = 1.4, NOWHERE = 0.75, PAGE = 0.6, LEAST = 0.2, POSITIONS = 16, SEGMENTS = 64;
    const FIELD_WEIGHT = [4.3, 1.1, 1], FIELD_LIKENESS = [1, 0.85, 1], ALIAS = 1, BODY = 2;
    /** @typedef {{allowed: (letters: number) => number, weights: number[], most: number}} Slips how many there may be, what a word counts that is so many away, and how many words it may be */
    /** @type {Slips} */
    const USUAL = { allowed: (letters) => (letters < 5 ? 0 : letters < 9 ? 1 : 2), weights: [1, 0.9], most: 8 };
    /** For a word that is near to none by these. @type {Slips} */
    const AT_LAST = { allowed: (letters) => (letters < 5 ? 0 : 2), weights: [0.63, 0.63], most: 2 };
    const MASSES = Array.from({ length: 14 }, (_, level) => (level % 2 ? Math.SQRT2 : 1) * 2 ** (level >> 1));
    /** So many words of the lexicon are in a text of the boot file. */
    const BLOCK = 128;
    /** About how long an excerpt is, in characters. */
    const EXCERPT = 200;

    // --- words: text.rs ---

    const UNSPACED = /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\uFF66-\uFF9D\u{20000}-\u{323AF}]/u;
    const LETTER = '[\\p{Alphabetic}\\p{N}\\p{M}]';
    const CHUNK = new RegExp(`${UNSPACED.source}+|(?:(?!${UNSPACED.source})${LETTER})+(?:['\u2019\u02BC_.-](?:(?!${UNSPACED.source})${LETTER})+)*`, 'gu');
    const APOSTROPHES = /['\u2019\u02BC]/g;
    const LETTERS = /^\p{Alphabetic}+$/u, LETTER_IN = /\p{Alphabetic}/u;
    /** @type {Record<string, string>} */
    const FOLDED = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ı: 'i' };

    /** @param {string} text @returns {string} without diacritics */
    function fold(text) {
      if (/^[\0-\x7F]*$/.test(text)) return text;
      return text.normalize('NFKD').replace(/[\u0300-\u036F]/g, '').replace(/[ßæœøđłı]/g, (c) => FOLDED[c]).normalize('NFC');
    }

    /** @type {Map<string, string>} */
    const terms = new Map();

    /** @param {string} lower @returns {string} its stem, or its surface */
    function termOf(lower) {
      let term = terms.get(lower);
      if (term === undefined) {
        term = makeTerm(lower);
        if (terms.size > 50000) terms.clear();
        terms.set(lower, term);
      }
      return term;
    }

    /** @param {string} lower @returns {string} */
    function makeTerm(lower) {
      const stem = stemmers[boot.stemmer];
      return fold(stem && LETTERS.test(lower) ? stem(lower) : lower);
    }

    /** @typedef {{surface: string, term: string, kind: 'plain' | 'stop' | 'whole' | 'piece', position: number, start: number, end: number}} Word */

    /** @param {string} text @returns {Word[]} */
    function wordsOf(text) {
      /** @type {Word[]} */
      const words = [];
      let position = 0;

      /** @param {number} start @param {number} end @param {'plain' | 'whole' | 'piece'} kind @param {number} at @param {string} [letters] */
      function push(start, end, kind, at, letters) {
        const normal = (letters ?? text.slice(start, end)).normalize('NFC');
        // Letter by letter: a whole text would end its words in another sigma.
        const lower = Array.from(Array.from(normal, (c) => c.toLowerCase()).join('').replace(APOSTROPHES, '')).slice(0, LONGEST).join('');
        const surface = fold(lower);
        if (!surface) return;
        const stop = kind === 'plain' && boot.stops.has(surface);
        words.push({ surface, term: termOf(lower), kind: stop ? 'stop' : kind, position: at, start, end });
      }

      for (const { 0: chunk, index: start } of text.matchAll(CHUNK)) {
        if (UNSPACED.test(chunk)) {
          const letters = Array.from(chunk);
          let at = start;
          for (let i = 0; i < Math.max(1, letters.length - 1); i++) {
            push(at, at + letters[i].length + (letters[i + 1] || '').length, 'plain', position++);
            at += letters[i].length;
          }
          continue;
        }
        const runs = runsOf(chunk), pieces = runs.flat();
        if (pieces.length === 1) push(start + pieces[0][0], start + pieces[0][1], 'plain', position);
        else {
          push(start, start + chunk.length, 'whole', position, chunk.replace(/[_.-]/g, ''));
          let at = position;
          for (const run of runs) {
            // `System.SyncError` is found by `SyncError` too.
            if (run.length > 1 && runs.length > 1) push(start + run[0][0], start + run[run.length - 1][1], 'piece', at);
            for (const [from, to] of run) push(start + from, start + to, 'piece', at++);
          }
        }
        position += pieces.length;
      }
      return words;
    }

    const LOWER = /\p{Lowercase}/u, UPPER = /\p{Uppercase}/u, NUMERIC = /\p{N}/u, MARK = /[\p{M}'\u2019\u02BC]/u;

    /** @param {string} chunk @returns {[number, number][][]} its runs, each where case and digits cut it */
    function runsOf(chunk) {
      let at = 0;
      return chunk.split(/[_.-]/).map((run) => {
        /** @type {[number, number][]} */
        const pieces = [], letters = Array.from(run);
        let from = at, to = at + letters[0].length;
        for (let i = 1; i < letters.length; i++) {
          const a = letters[i - 1], b = letters[i], c = letters[i + 1] || '';
          if ((LOWER.test(a) && UPPER.test(b)) || (UPPER.test(a) && UPPER.test(b) && LOWER.test(c))
            || (NUMERIC.test(a) !== NUMERIC.test(b) && !MARK.test(b) && !/['\u2019\u02BC]/.test(a))) {
            pieces.push([from, to]);
            from = to;
          }
          to += b.length;
        }
        pieces.push([from, to]);
        at = to + 1;
        return pieces;
      });
    }

    // --- files: pack.rs ---

    /** Reads the numbers and texts of a file. */
    class Reader {
      /** @param {string} text */
      constructor(text) {
        this.text = text;
        this.at = 0;
      }

      digit() {
        const code = this.text.charCodeAt(this.at++) - 35;
        return code > 57 ? code - 1 : code;
      }

      number() {
        const digit = this.digit();
        if (digit < 76) return digit;
        if (digit < 90) return 76 + (digit - 76) * 91 + this.digit();
        let number = 0;
        for (let i = 0; i < 4; i++) number = number * 91 + this.digit();
        return number;
      }

      /** @param {number} length */
      characters(length) {
        return this.text.slice(this.at, (this.at += length));
      }

      string() {
        return this.characters(this.number());
      }

      /** @param {string} before the text before this one in the list */
      shared(before) {
        return before.slice(0, this.number()) + this.string();
      }

      /** @template T @param {() => T} read @returns {T[]} */
      list(read) {
        return Array.from({ length: this.number() }, read);
      }

      /** @param {number} length @returns {number[]} numbers that rise */
      rising(length) {
        const numbers = this.numbers(length);
        for (let i = 1; i < length; i++) numbers[i] += numbers[i - 1];
        return numbers;
      }

      /** @param {number} length */
      numbers(length) {
        /** @type {number[]} */
        const numbers = new Array(length), { text } = this;
        for (let i = 0; i < length; i++) {
          // Most have one digit.
          const code = text.charCodeAt(this.at) - 35, digit = code > 57 ? code - 1 : code;
          if (digit < 76) {
            numbers[i] = digit;
            this.at++;
          } else numbers[i] = this.number();
        }
        return numbers;
      }
    }

    /** @param {number} low @param {number} high @param {(at: number) => boolean} isBefore @returns {number} the first of an order that is not before, or `high` */
    function bisect(low, high, isBefore) {
      while (low < high) {
        const middle = (low + high) >> 1;
        if (isBefore(middle)) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    /** The words of the site in order, which are read where they are looked at. */
    class Lexicon {
      /** @param {Reader} reader */
      constructor(reader) {
        this.length = reader.number();
        this.texts = Array.from({ length: Math.ceil(this.length / BLOCK) }, () => reader.string());
        /** A character for each, the greater the commoner. */
        this.commonness = reader.characters(this.length);
        /** @type {{word: string, surface: string}[][]} */
        this.blocks = [];
      }

      /** @param {number} number of a word, or that behind the last */
      at(number) {
        const at = Math.floor(number / BLOCK);
        if (!this.blocks[at]) {
          let word = '';
          this.blocks[at] = ((this.texts[at] || '').match(/[A-Z][^A-Z]*/g) || []).map((rest) => {
            word = word.slice(0, rest.charCodeAt(0) - 65) + rest.slice(1);
            return { word, surface: fold(word) };
          });
        }
        return this.blocks[at][number % BLOCK];
      }

      /** @param {string} surface @returns {number} the first word that does not come before it */
      first(surface) {
        // It stands behind the beginning of its block, or begins the next.
        const block = bisect(0, this.texts.length, (at) => fold(/[^A-Z]+/.exec(this.texts[at])?.[0] || '') < surface);
        const from = Math.max(0, block - 1) * BLOCK;
        return bisect(from, Math.min(this.length, from + BLOCK), (at) => this.at(at).surface < surface);
      }
    }

    /** @typedef {{units: number[], says: number[]}} Related what speaks of much the same */
    /** @typedef {{rarity: number, units: number[], impacts: number[], starts: number[], places: number[], related?: Related}} Posted */

    /** @type {any} */
    let boot = null;
    /** @type {Map<string, any>} what is in the files that were given, by name; null for a file that cannot be had */
    const files = new Map();
    /** @type {string[]} */
    let missing = [];

    /** @param {string} name @param {string | null} text the string of a file, or null when it cannot be had */
    function take(name, text) {
      try {
        const reader = new Reader(text || '');
        const read = { b: readBoot, w: readTerms, t: readTexts }[name[0]];
        const content = read && text ? read(reader) : null;
        if (reader.at > reader.text.length) throw new RangeError('the file is cut off');
        files.set(name, content);
        if (name === 'boot' && content) boot = content;
      } catch (broken) {
        files.set(name, null);
      }
    }

    /** @param {Reader} reader */
    function readBoot(reader) {
      // Of another version, or nothing at all.
      if (reader.number() !== VERSION) return null;
      reader.string();
      const stemmer = reader.string(), stops = new Set(reader.list(() => reader.string())), units = reader.number();
      const lexicon = new Lexicon(reader);
      const words = reader.list(() => ({ first: reader.string(), name: 'w-' + reader.characters(12) }));
      let unit = 0;
      const texts = reader.list(() => {
        const first = unit;
        unit += reader.number();
        return { first, name: 't-' + reader.characters(12) };
      });
      const facets = [0, 1, 2, 3].map(() => {
        const names = reader.list(() => reader.string());
        /** @type {number[][]} */
        const sets = [];
        for (let runs = reader.number(); runs > 0; runs--) {
          const length = reader.number(), set = reader.list(() => reader.number());
          for (let i = 0; i < length; i++) sets.push(set);
        }
        return { names, sets };
      });
      const phrase = () => reader.list(() => reader.string());
      const synonyms = reader.list(() => ({ from: phrase(), to: reader.list(phrase) }));
      return { stemmer, stops, units, lexicon, words, texts, facets, synonyms };
    }

    /** @param {Reader} reader @returns {Map<string, Posted>} */
    function readTerms(reader) {
      const found = new Map();
      let term = '';
      for (let count = reader.number(); count > 0; count--) {
        term = reader.shared(term);
        const length = reader.number(), rarity = length && reader.number() / RARITY_SCALE, units = reader.rising(length);
        const impacts = reader.numbers(units.length), lengths = reader.numbers(units.length);
        const starts = [0];
        /** @type {number[]} segment, field, mass and position in the bits of a number */
        const places = [];
        for (const length of lengths) {
          let segment = 0, field = 0, mass = 0;
          for (let i = 0; i < length; i++) {
            const on = reader.number();
            segment += on;
            if (i === 0 || on > 0) {
              field = reader.number();
              mass = reader.number();
            }
            places.push(segment | (field << 6) | (mass << 8) | (reader.number() << 12));
          }
          starts.push(places.length);
        }
        const alike = reader.number(), near = reader.rising(Math.max(0, alike - 1));
        const related = alike ? { units: near, says: reader.numbers(near.length) } : undefined;
        found.set(term, { rarity, units, impacts, starts, places, related });
      }
      return found;
    }

    /** @param {Reader} reader */
    function readTexts(reader) {
      let url = '', /** @type {string[]} */ section = [];
      return reader.list(() => {
        const title = reader.string();
        url = reader.shared(url);
        const titles = reader.number();
        if (titles) section = Array.from({ length: titles - 1 }, () => reader.string());
        return { title, url, section, texts: reader.list(() => ({ field: reader.number(), text: reader.string() })) };
      });
    }

    /** @param {string} name @returns {any} what is in a file; undefined when it has yet to come, null when it cannot be had */
    function file(name) {
      const content = files.get(name);
      if (content === undefined && !missing.includes(name)) missing.push(name);
      return content;
    }

    /** @template T @param {{first: T, name: string}[]} list @param {T} at @returns {{first: T, name: string} | undefined} the last that begins before it */
    function covering(list, at) {
      return list[bisect(0, list.length, (number) => list[number].first <= at) - 1];
    }

    /** @param {string} term @returns {Posted | undefined} what is known of it, if its file is here */
    function known(term) {
      const shard = covering(boot.words, term), content = shard && file(shard.name);
      return content ? content.get(term) : undefined;
    }

    /** @param {string} term @returns {Posted | undefined} where it stands, if it stands anywhere */
    function posted(term) {
      const found = known(term);
      return found && found.units.length ? found : undefined;
    }

    // --- the query: query.rs ---

    /** @param {number} x of at least 1 */
    function ln(x) {
      let mantissa = x, halvings = 0;
      while (mantissa >= 2) {
        mantissa /= 2;
        halvings += 1;
      }
      const ratio = (mantissa - 1) / (mantissa + 1), square = ratio * ratio;
      return halvings * Math.LN2 + ratio * (2 + square * (2 / 3 + square * (0.4 + square * (2 / 7))));
    }

    /** @param {number} some */
    function rarity(some) {
      return ln(1 + (boot.units - some + 0.5) / (some + 0.5));
    }

    /** @typedef {[term: string, weight: number]} Name */
    /** @typedef {{term: string, own: Posted | undefined, terms: {term: string, weight: number, posted: Posted}[], names: Name[], kind: string, weight: number, together: number, position: number, rarity: number, replaced: boolean}} Asked */

    /** @param {string} query @returns {Asked[]} */
    function readQuery(query) {
      const words = wordsOf(query).slice(0, WORDS);
      /** @type {Asked[]} */
      const asked = [];
      /** The terms of whole words, as they are most likely meant. @type {string[]} */
      const meant = [];
      words.forEach((word, number) => {
        let { term } = word;
        if (!asked.some((known) => known.term === term)) {
          const read = ask(words, number, query.length);
          term = read.term;
          asked.push(read);
        }
        if (word.kind !== 'piece') meant.push(term);
      });
      addPhrases(meant, asked);
      return asked;
    }

    /** @param {string} term */
    function hasSynonym(term) {
      return boot.synonyms.some((/** @type {any} */ rule) => rule.from.length === 1 && rule.from[0] === term);
    }

    /** @param {Word[]} words @param {number} number @param {number} end @returns {Asked} */
    function ask(words, number, end) {
      const word = words[number];
      let { term, kind } = word, own = posted(term);
      /** @type {Name[]} */
      let names = own || hasSynonym(term) ? [[term, 1]] : spelled(word.surface).map((term) => [term, 1]);
      let completed = -1;
      if (word.end === end && Array.from(word.surface).length >= BEGINNING) {
        const longer = completions(word.surface).filter((term) => !names.some((name) => name[0] === term));
        if (!names.length && longer.length) {
          let units = 0;
          for (const term of longer) units += posted(term)?.units.length || 0;
          completed = rarity(Math.min(units, boot.units));
        }
        const weight = names.length ? LONGER : UNFINISHED;
        for (const term of longer) names.push([term, weight]);
      }
      // It may be a slip once it is known that it stands nowhere.
      const isOpen = missing.includes(covering(boot.words, term)?.name || '');
      if (!names.length && !isOpen && (kind === 'plain' || kind === 'piece')) {
        let { likeliest, terms } = corrections(word, USUAL);
        if (kind === 'plain' && relatedTo(term)) names = terms.map(([term, weight]) => [term, weight * RATHER_OTHER]);
        else {
          if (!terms.length) names = halves(word.surface).map((term) => [term, HALVES]);
          if (!terms.length && !names.length && kind === 'plain') ({ likeliest, terms } = corrections(word, AT_LAST));
          if (terms.length) {
            names = terms.slice();
            own = posted((term = names[0][0]));
            if (kind === 'plain' && boot.stops.has(likeliest)) kind = 'stop';
          }
        }
      }
      if (!own && !isOpen) for (const term of joined(words, number)) names.push([term, 1]);
      for (const [name, weight] of names.slice()) {
        for (const rule of boot.synonyms) {
          if (rule.from.length !== 1 || rule.from[0] !== name) continue;
          for (const phrase of rule.to) if (phrase.length === 1) names.push([phrase[0], SYNONYM * weight]);
        }
      }
      /** @type {Map<string, number>} */
      const best = new Map();
      for (const [name, weight] of names) best.set(name, Math.max(weight, best.get(name) || 0));
      const terms = [];
      for (const term of [...best.keys()].sort((a, b) => (a < b ? -1 : 1))) {
        const found = posted(term);
        if (found) terms.push({ term, weight: best.get(term) || 0, posted: found });
      }
      let says = own ? own.rarity : completed;
      if (says < 0) {
        const strongest = Math.max(0, ...terms.map((known) => known.weight));
        says = Math.max(0, ...terms.map((known) => (known.weight === strongest ? known.posted.rarity : 0)));
      }
      const weight = kind === 'stop' ? STOP : kind === 'piece' ? PIECE : 1;
      const together = kind === 'stop' ? STOP_TOGETHER : kind === 'piece' ? PIECE_TOGETHER : 1;
      return { term, own, terms, names, kind, weight, together, position: word.position, rarity: says, replaced: hasSynonym(term) };
    }

    /** @param {number[]} numbers of the lexicon @returns {string[]} their terms, each once */
    function termsOf(numbers) {
      return [...new Set(numbers.map((number) => termOf(boot.lexicon.at(number).word)))];
    }

    /** @param {string} surface @returns {string[]} */
    function spelled(surface) {
      if (NUMERIC.test(surface)) return posted(surface) ? [surface] : [];
      const numbers = [];
      for (let at = boot.lexicon.first(surface); boot.lexicon.at(at)?.surface === surface; at++) numbers.push(at);
      return termsOf(numbers);
    }

    /** @param {number[]} numbers of the lexicon @param {number} most @returns {number[]} the commonest */
    function commonest(numbers, most) {
      const { commonness } = boot.lexicon;
      return numbers.sort((a, b) => commonness.charCodeAt(b) - commonness.charCodeAt(a) || a - b).slice(0, most);
    }

    /** @param {string} start @returns {string[]} */
    function completions(start) {
      if (NUMERIC.test(start)) return codes(start);
      const numbers = [];
      for (let at = boot.lexicon.first(start); boot.lexicon.at(at)?.surface.startsWith(start); at++) numbers.push(at);
      return termsOf(commonest(numbers, COMPLETIONS));
    }

    /** @param {string} start @returns {string[]} */
    function codes(start) {
      /** @type {{term: string, units: number}[]} */
      const found = [];
      let at = LETTER_IN.test(start) ? boot.words.indexOf(covering(boot.words, start)) : boot.words.length;
      // The files follow each other, and so do the terms in each.
      search: for (at = Math.max(at, 0); at < boot.words.length; at++) {
        const content = file(boot.words[at].name);
        if (content === undefined) break;
        for (const [term, { units }] of content || []) {
          if (term < start) continue;
          if (!term.startsWith(start) || found.length === CODES) break search;
          if (units.length) found.push({ term, units: units.length });
        }
      }
      return found.sort((a, b) => b.units - a.units).slice(0, COMPLETIONS).map(({ term }) => term);
    }

    /** @typedef {{likeliest: string, terms: Name[]}} Corrections the word that is most likely meant, and the terms of all */
    /** @type {Map<string, Corrections>} */
    const corrected = new Map();
    /** Words of the lexicon, and their terms where these are others, with their letters as bits. @type {{number: number, spelling: string, letters: number, isTerm: boolean}[]} */
    const spellings = [];
    /** Of so many words. */
    let prepared = 0;

    /** @param {number} words to be added @returns {boolean} are there more? */
    function prepare(words) {
      const { lexicon } = boot;
      for (const end = Math.min(lexicon.length, prepared + words); prepared < end; prepared++) {
        const { word, surface } = lexicon.at(prepared);
        const term = makeTerm(word);
        for (const spelling of new Set([surface, term])) {
          spellings.push({ number: prepared, spelling, letters: bits(spelling), isTerm: spelling === term });
        }
      }
      return prepared < lexicon.length;
    }

    /** Before somebody mistypes a word. */
    function prepareAll() {
      if (boot && prepare(400)) setTimeout(prepareAll);
    }

    /** @param {string} word */
    function bits(word) {
      let bits = 0;
      for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
      return bits;
    }

    /** @param {Word} word @param {Slips} slips @returns {Corrections} */
    function corrections({ surface, term: stem }, slips) {
      // Words that differ in diacritics may have other stems.
      const key = `${surface} ${stem} ${slips.most}`, known = corrected.get(key);
      if (known) return known;
      const letters = Array.from(surface), own = bits(surface);
      let least = slips.weights.length, /** @type {number[]} */ numbers = [];
      // Words of nine letters may be two slips away from the start.
      if (letters.length >= SHORTEST_SLIP && (slips === USUAL || letters.length < 9) && !NUMERIC.test(surface)) {
        prepare(Infinity);
        const stemLetters = Array.from(stem), hasStem = stemLetters.length >= SHORTEST_STEM && stem !== surface, ownStem = bits(stem);
        /** @type {Set<number>} */
        const near = new Set();
        for (const { number, spelling, letters: other, isTerm } of spellings) {
          // Each slip changes two letters at most.
          let apart = differ(other, own) > 2 * least ? least + 1 : distance(letters, spelling, least, 0, slips);
          if (isTerm && hasStem && differ(other, ownStem) <= 2 * least) {
            const ofStems = distance(stemLetters, spelling, 1, letters.length, slips);
            if (ofStems < 2 && ofStems < apart) apart = ofStems;
          }
          if (apart > least) continue;
          if (apart < least) near.clear();
          least = apart;
          near.add(number);
        }
        numbers = commonest([...near], slips.most);
      }
      if (slips === AT_LAST && !numbers.length) numbers = begun(letters);
      const weight = slips.weights[Math.max(least, 1) - 1];
      /** @type {Corrections} */
      const found = {
        likeliest: numbers.length ? boot.lexicon.at(numbers[0]).surface : '',
        terms: termsOf(numbers).map((term, at) => [term, at ? weight * LESS_LIKELY : weight]),
      };
      if (corrected.size > 1000) corrected.clear();
      corrected.set(key, found);
      return found;
    }

    /** @param {number} one @param {number} other @returns {number} the bits that differ */
    function differ(one, other) {
      let count = 0;
      for (let bits = one ^ other; bits; count++) bits &= bits - 1;
      return count;
    }

    /** @param {string[]} one @param {string} word @param {number} least the most that counts @param {number} length by which slips are allowed; 0: the longer one's @param {Slips} slips @returns {number} those between them, or more than counts: typos.rs */
    function distance(one, word, least, length, slips) {
      if (word.length - one.length > 2 * least || one.length - word.length > least) return least + 1;
      const other = Array.from(word), longer = length || Math.max(one.length, other.length);
      const most = Math.min(least, slips.allowed(longer));
      if (Math.abs(one.length - other.length) > most) return least + 1;
      let /** @type {number[]} */ beforeLast = [], last = Array.from({ length: other.length + 1 }, (_, at) => at);
      for (let row = 0; row < one.length; row++) {
        const row2 = [row + 1];
        let lowest = row + 1;
        for (let column = 0; column < other.length; column++) {
          let best = Math.min(last[column] + (one[row] === other[column] ? 0 : 1), last[column + 1] + 1, row2[column] + 1);
          if (row > 0 && column > 0 && one[row] === other[column - 1] && one[row - 1] === other[column]) {
            best = Math.min(best, beforeLast[column - 1] + 1);
          }
          row2.push(best);
          if (best < lowest) lowest = best;
        }
        if (lowest > most) return least + 1;
        beforeLast = last;
        last = row2;
      }
      return last[other.length] > most ? least + 1 : last[other.length];
    }

    /** @param {string} surface @returns {string[]} */
    function halves(surface) {
      const letters = Array.from(surface);
      for (let cut = letters.length - 3; cut >= 3; cut--) {
        const numbers = [letters.slice(0, cut).join(''), letters.slice(cut).join('')].map(numberOf);
        if (!numbers.includes(-1)) return termsOf(numbers);
      }
      return [];
    }

    /** @param {string[]} letters @returns {number[]} the longest word of the lexicon that they begin with */
    function begun(letters) {
      for (let cut = letters.length - 1; cut >= Math.max(SHORTEST_BEGINNING, letters.length - LONGEST_ENDING); cut--) {
        const number = numberOf(letters.slice(0, cut).join(''));
        if (number >= 0) return [number];
      }
      return [];
    }

    /** @param {string} surface @returns {number} of the first word of the lexicon that is spelled like this; -1: there is none */
    function numberOf(surface) {
      const at = boot.lexicon.first(surface);
      return boot.lexicon.at(at)?.surface === surface ? at : -1;
    }

    /** @param {Word[]} words @param {number} number @returns {string[]} */
    function joined(words, number) {
      const word = words[number];
      const next = words.slice(number + 1).find((next) => next.position === word.position + 1);
      const before = words.slice(0, number).reverse().find((before) => before.position + 1 === word.position);
      const withNext = next ? spelled(word.surface + next.surface) : [];
      return (withNext.length || !before ? withNext : spelled(before.surface + word.surface)).slice(0, 1);
    }

    /** @param {string[]} meant @param {Asked[]} asked */
    function addPhrases(meant, asked) {
      for (const { from, to } of boot.synonyms) {
        const stands = meant.some((_, at) => from.every((/** @type {string} */ term, /** @type {number} */ i) => meant[at + i] === term));
        for (const phrase of stands ? to : []) {
          if (from.length === 1 && phrase.length === 1) continue;
          for (const word of asked) if (from.includes(word.term)) word.replaced = true;
          const weight = SYNONYM / phrase.length;
          for (const term of phrase) {
            const own = asked.some((known) => known.term === term) ? undefined : posted(term);
            if (!own) continue;
            asked.push({
              term, own, terms: [{ term, weight: 1, posted: own }], names: [[term, 1]], kind: 'plain', weight, together: weight,
              position: NaN, rarity: own.rarity, replaced: false,
            });
          }
        }
      }
    }

    // --- the order: rank.rs ---

    /** Arrays that every query uses anew. @type {any} */
    let room = null;

    function makeRoom() {
      const size = COMPARED * SEGMENTS;
      room = {
        words: new Float64Array(boot.units), best: new Float64Array(boot.units),
        numbers: new Int16Array(boot.units).fill(-1),
        sums: new Float64Array(size), bestSegments: new Float64Array(size), seen: new Int32Array(size),
      };
    }

    /** @param {Asked} word @param {{term: string, posted: Posted}} known */
    function weighs(word, known) {
      const own = known.posted.rarity;
      return (word.own && known.term === word.term) || own < word.rarity ? own : word.rarity;
    }

    /** @param {string} term @returns {Related | undefined} */
    function relatedTo(term) {
      return known(term)?.related;
    }

    /** @param {Asked} word @param {number[]} found */
    function addWord(word, found) {
      const { words, best } = room;
      /** @type {number[]} */
      const touched = [];
      for (const known of word.terms) {
        const weight = word.weight * known.weight * weighs(word, known), { units, impacts } = known.posted;
        for (let i = 0; i < units.length; i++) {
          const unit = units[i], says = weight * impacts[i];
          if (says > best[unit]) {
            if (best[unit] === 0) touched.push(unit);
            best[unit] = says;
          }
        }
      }
      const related = word.together === 1 && relatedTo(word.term);
      if (related) {
        for (let i = 0; i < related.units.length; i++) {
          const unit = related.units[i], says = word.weight * RELATED * related.says[i];
          if (says > best[unit]) {
            if (best[unit] === 0) touched.push(unit);
            best[unit] = says;
          }
        }
      }
      for (const unit of touched) {
        if (words[unit] === 0) found.push(unit);
        words[unit] += best[unit];
        best[unit] = 0;
      }
    }

    /** @param {number[]} found @returns {number[]} the units in which all words together say most, in order */
    function strongest(found) {
      if (found.length > COMPARED) {
        const { words } = room, scores = new Float64Array(found.length);
        for (let i = 0; i < found.length; i++) scores[i] = words[found[i]];
        scores.sort();
        const least = scores[scores.length - COMPARED];
        const more = found.filter((unit) => words[unit] > least);
        const same = found.filter((unit) => words[unit] === least).sort((a, b) => a - b);
        found = more.concat(same.slice(0, COMPARED - more.length));
      }
      return found.sort((a, b) => a - b);
    }

    /** @param {Asked} word */
    function unknown(word) {
      return word.replaced ? 0 : UNKNOWN * rarity(0);
    }

    /** @typedef {{unit: number, pairs: number, likeness: number, wordings: number, segment: number, score: number}} Compared */

    /** @param {Asked[]} asked @param {Compared[]} compared */
    function addLikeness(asked, compared) {
      const { numbers, sums, bestSegments, seen } = room;
      let query = 0;
      for (const word of asked) query += word.together * (word.terms.length ? word.rarity : unknown(word));
      for (const word of asked) {
        /** @type {number[]} */
        const touched = [];
        for (const known of word.terms) {
          const weight = word.together * known.weight * weighs(word, known), { units, starts, places } = known.posted;
          for (let i = 0; i < units.length; i++) {
            const number = numbers[units[i]];
            if (number < 0) continue;
            for (let p = starts[i]; p < starts[i + 1]; p++) {
              const at = number * SEGMENTS + (places[p] & 63);
              if (weight > bestSegments[at]) {
                if (bestSegments[at] === 0) touched.push(at);
                bestSegments[at] = weight;
                seen[at] = places[p];
              }
            }
          }
        }
        for (const at of touched) {
          sums[at] += bestSegments[at];
          bestSegments[at] = 0;
        }
      }
      compared.forEach((compared, number) => {
        for (let segment = 0; segment < SEGMENTS; segment++) {
          const at = number * SEGMENTS + segment;
          if (sums[at] === 0) continue;
          const field = (seen[at] >> 6) & 3;
          const likeness = FIELD_LIKENESS[field] * 2 * sums[at] / (query + MASSES[(seen[at] >> 8) & 15]);
          sums[at] = 0;
          if (field === ALIAS) compared.wordings += likeness * likeness;
          if (likeness > compared.likeness) {
            compared.likeness = likeness;
            compared.segment = segment;
          }
        }
      });
    }

    /** @param {Asked} first @param {Asked} second @param {Compared[]} compared */
    function addPair(first, second, compared) {
      const one = first.own, other = second.own;
      if (!one || !other || second.position !== first.position + 1) return;
      if (first.together < 1 && second.together < 1) return;
      /** @type {[number, number][]} */
      const counts = [];
      let at = 0;
      for (let i = 0; i < one.units.length; i++) {
        const unit = one.units[i], number = room.numbers[unit];
        if (number < 0) continue;
        while (at < other.units.length && other.units[at] < unit) at++;
        if (other.units[at] !== unit) continue;
        let count = 0;
        for (let p = one.starts[i]; p < one.starts[i + 1]; p++) {
          const place = one.places[p], next = ((place >> 12) + 1) % POSITIONS;
          for (let q = other.starts[at]; q < other.starts[at + 1]; q++) {
            const beside = other.places[q];
            if ((beside & 63) === (place & 63) && beside >> 12 === next) {
              count += FIELD_WEIGHT[(place >> 6) & 3];
              break;
            }
          }
        }
        if (count > 0) counts.push([number, count]);
      }
      const says = (first.together < 1 || second.together < 1 ? SMALL_PAIR : 1) * rarity(counts.length);
      for (const [number, count] of counts) compared[number].pairs += says * count / (count + PAIR_SATURATION);
    }

    /** @param {Asked[]} asked @returns {{hits: Compared[], fits: boolean}} */
    function rank(asked) {
      /** @type {number[]} */
      const found = [];
      for (const word of asked) addWord(word, found);
      const all = found.slice();
      /** @type {Compared[]} */
      const compared = strongest(found).map((unit) => ({ unit, pairs: 0, likeness: 0, wordings: 0, segment: 0, score: 0 }));
      compared.forEach(({ unit }, number) => { room.numbers[unit] = number; });
      addLikeness(asked, compared);
      for (let i = 1; i < asked.length; i++) addPair(asked[i - 1], asked[i], compared);
      const scale = (1 + SATURATION) / MOST_IMPACT;
      let best = 0;
      for (const hit of compared) {
        hit.score = room.words[hit.unit] * scale + PAIR * hit.pairs;
        if (hit.score > best) best = hit.score;
      }
      for (const hit of compared) {
        hit.score += best * (LIKENESS * hit.likeness + WORDINGS * hit.wordings);
        if (isPage(hit.unit)) hit.score *= PAGE;
      }
      compared.sort((a, b) => b.score - a.score || a.unit - b.unit);
      const least = compared.length ? compared[0].score * LEAST : 0;
      const hits = compared.filter((hit) => hit.score >= least);
      const fits = doesFit(asked, hits);
      for (const { unit } of compared) room.numbers[unit] = -1;
      for (const unit of all) room.words[unit] = 0;
      return { hits, fits };
    }

    /** @param {number} unit @returns {boolean} is it a page without a question of its own? */
    function isPage(unit) {
      return !boot.facets[1].sets[unit].length;
    }

    /** @param {Asked} word that is nowhere @returns {boolean} is it a word of the language, as far as that is known? */
    function isLacking(word) {
      return word.together === 1 && !!relatedTo(word.term);
    }

    /** @param {Asked[]} asked @param {Compared[]} hits @returns {boolean} does the best answer the query, as far as can be told? */
    function doesFit(asked, hits) {
      if (!hits.length) return false;
      const { unit } = hits[0], score = isPage(unit) ? hits[0].score / PAGE : hits[0].score, unknown = rarity(0);
      let total = 0;
      asked.forEach((word, number) => {
        // Of a compound, the whole or its pieces are enough. A number that is nowhere is one of somebody's own.
        const next = asked[number + 1], hasPieces = next && next.kind === 'piece' && next.terms.length > 0;
        const without = word.kind === 'piece' || word.replaced || hasPieces || NUMERIC.test(word.term);
        total += word.weight * (word.terms.length ? word.rarity : without ? 0 : unknown * (isLacking(word) ? LACKING : NOWHERE));
      });
      const squared = score * score;
      return squared * squared * score > FIT * unknown * unknown * total * total * total;
    }

    // --- what is shown ---

    const FACETS = /** @type {const} */ (['section', 'state', 'tag', 'applies']);

    /** @param {number} unit @param {number} facet @returns {string[]} */
    function valuesOf(unit, facet) {
      const { names, sets } = boot.facets[facet];
      return (sets[unit] || []).map((/** @type {number} */ number) => names[number]);
    }

    /** @param {number} unit @param {Filters} filters @param {number} [except] @returns {boolean} */
    function passes(unit, filters, except) {
      return FACETS.every((name, facet) => {
        const wanted = filters[name];
        return !wanted || facet === except || valuesOf(unit, facet).includes(wanted);
      });
    }

    /** @param {Compared[]} hits @param {Filters} filters */
    function count(hits, filters) {
      /** @type {Record<string, [string, number][]>} */
      const counts = {};
      FACETS.forEach((name, facet) => {
        /** @type {Map<string, number>} */
        const numbers = new Map();
        for (const { unit } of hits) {
          if (!passes(unit, filters, facet)) continue;
          for (const value of valuesOf(unit, facet)) numbers.set(value, (numbers.get(value) || 0) + 1);
        }
        counts[name] = [...numbers].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      });
      return counts;
    }

    /** @param {string} text @param {Set<string>} marked terms @returns {Piece[]} */
    function mark(text, marked) {
      /** @type {Piece[]} */
      const pieces = [];
      let at = 0;
      for (const word of wordsOf(text)) {
        if (word.start < at || word.kind === 'stop' || !marked.has(word.term)) continue;
        // A letter of a code that is another one says nothing.
        if (word.kind === 'piece' && word.end - word.start < 2) continue;
        if (word.start > at) pieces.push([text.slice(at, word.start), false]);
        pieces.push([text.slice(word.start, word.end), true]);
        at = word.end;
      }
      if (at < text.length) pieces.push([text.slice(at), false]);
      return pieces;
    }

    /** @param {{field: number, text: string}[]} texts the segments behind the title @param {number} segment @param {Set<string>} marked @returns {Piece[]} */
    function excerpt(texts, segment, marked) {
      let at = segment - 1;
      // A tag says nothing that the reader did not type.
      const isTag = texts[at] && texts[at].field === ALIAS && texts[at].text.length < 24;
      if (!texts[at] || isTag) at = texts.findIndex(({ field }) => field === BODY);
      if (at < 0) return [];
      let text = texts[at].text;
      for (let next = at + 1; next < texts.length && texts[next].field === texts[at].field && text.length < EXCERPT; next++) {
        // Headings and items of lists have no full stop.
        text += (/[.!?:;,…]['"”’)]*$/.test(text) ? ' ' : ' · ') + texts[next].text;
      }
      let pieces = mark(text, marked);
      const before = pieces.length && !pieces[0][1] ? pieces[0][0] : '';
      if (text.length > EXCERPT && before.length > EXCERPT / 2) {
        // From the word some way before the first mark.
        const from = before.lastIndexOf(' ', before.length - EXCERPT / 4) + 1;
        pieces[0] = ['… ' + before.slice(from), false];
      }
      let length = 0;
      pieces = pieces.filter((piece) => {
        const room = EXCERPT * 1.2 - length;
        if (room <= 0) return false;
        length += piece[0].length;
        if (piece[0].length > room) {
          const cut = piece[0].lastIndexOf(' ', room);
          piece[0] = piece[0].slice(0, cut > 0 ? cut : room) + ' …';
        }
        return true;
      });
      return pieces;
    }

    /** What was found last. @type {{query: string, asked: Asked[], hits: Compared[], fits: boolean} | undefined} */
    let ranked;

    /**
     * @param {string} query
     * @param {Options} [options]
     * @returns {{need: string[]} | {result: Result}} files to be given first, or the answer
     */
    function answer(query, { filters = {}, top = 10 } = {}) {
      missing = [];
      if (!boot) return file('boot') === undefined ? { need: missing } : { result: nothing(query) };
      room || makeRoom();
      // Nothing that comes for its texts changes what was found.
      if (!ranked || ranked.query !== query) {
        const asked = readQuery(query);
        if (missing.length) return { need: missing };
        ranked = { query, asked, ...rank(asked) };
      }
      const { asked, hits, fits } = ranked;
      const shown = hits.filter(({ unit }) => passes(unit, filters));
      const rows = shown.slice(0, top).map((hit) => {
        const block = /** @type {{first: number, name: string}} */ (covering(boot.texts, hit.unit)), content = file(block.name);
        return { hit, unit: content && content[hit.unit - block.first] };
      });
      if (missing.length) return { need: missing };
      /** @type {Set<string>} */
      const marked = new Set();
      for (const word of asked) for (const [name] of word.names) marked.add(name);
      const problems = [...files].filter(([, content]) => content === null).map(([name]) => name);
      return {
        result: {
          query,
          fits: fits && shown.length > 0,
          total: shown.length,
          hits: rows.filter(({ unit }) => unit).map(({ hit, unit }) => ({
            url: unit.url,
            title: mark(unit.title, marked),
            section: unit.section,
            state: valuesOf(hit.unit, 1)[0] || '',
            excerpt: excerpt(unit.texts, hit.segment, marked),
            tags: valuesOf(hit.unit, 2),
            applies: valuesOf(hit.unit, 3).join(', '),
          })),
          counts: count(hits, filters),
          problems,
          scores: shown.slice(0, top).map(({ score }) => score),
        },
      };
    }

    /** @param {string} query @returns {Result} */
    function nothing(query) {
      return { query, fits: false, total: 0, hits: [], counts: { section: [], state: [], tag: [], applies: [] }, problems: ['boot'], scores: [] };
    }

    return { take, answer, prepareAll, wordsOf, boot: () => boot };
  }

  // --- the page ---

  /** A site with more entries than this is searched by a worker. */
  const LARGE = 2000;
  /** @type {any} */
  const page = globalThis;
  /** @type {any} */
  const unstick = page.unstick = page.unstick || {};

  /** Runs in a worker, behind the text of `engine`. @param {any} scope @param {any} searcher */
  function serve(scope, searcher) {
    scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
      if (data.name === 'boot') setTimeout(searcher.prepareAll, 300);
      if (data.name) searcher.take(data.name, data.text);
      else scope.postMessage({ id: data.id, answer: searcher.answer(data.query, data.options) });
    };
  }

  /** @param {any} stem @returns {{take: Function, answer: Function} | null} the engine in a worker, if there can be one */
  function inWorker(stem) {
    try {
      const source = `${stem ? `(${stem.file})();` : ''}(${serve})(self,(${engine})((self.unstick||{}).stemmers||{}));`;
      const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      const worker = new Worker(address);
      URL.revokeObjectURL(address);
      /** @type {Map<number, {resolve: Function, reject: Function}>} */
      const waiting = new Map();
      let last = 0;
      worker.onmessage = ({ data }) => {
        waiting.get(data.id)?.resolve(data.answer);
        waiting.delete(data.id);
      };
      worker.onerror = () => waiting.forEach(({ reject }) => reject(new Error('the search stopped')));
      return {
        take: (/** @type {string} */ name, /** @type {string | null} */ text) => worker.postMessage({ name, text }),
        answer: (/** @type {string} */ query, /** @type {Options} */ options) => new Promise((resolve, reject) => {
          waiting.set(++last, { resolve, reject });
          worker.postMessage({ id: last, query, options });
        }),
      };
    } catch (refused) {
      return null;
    }
  }

  /** @param {string} root @param {string} language @param {(name: string) => Promise<string | null>} load null: it cannot be had @returns {{ask: (query: string, options?: Options) => Promise<Result>}} */
  unstick.openSearch = function (root, language, load) {
    /** @type {Record<string, any>} */
    const stemmers = unstick.stemmers = unstick.stemmers || {};
    /** @type {Map<string, Promise<void>>} */
    const loading = new Map();
    /** @type {any} */
    let searcher = engine(stemmers);
    /** What the worker has to be given; null once it is decided whether there is one. @type {[name: string, text: string | null][] | null} */
    let given = [];

    /** Hands over to a worker on a large site. Not before the first results, which would wait for it to start. */
    function settle() {
      if (!given) return;
      const boot = searcher.boot(), worker = boot && boot.units > LARGE && inWorker(stemmers[boot.stemmer]);
      if (worker) {
        for (const [name, text] of given) worker.take(name, text);
        searcher = worker;
      } else searcher.prepareAll();
      given = null;
    }

    /** @param {string} name */
    async function give(name) {
      const text = await load(name);
      if (given) given.push([name, text]);
      searcher.take(name, text);
      if (name === 'boot') setTimeout(settle, 300);
    }

    /** @param {string} name */
    function once(name) {
      if (!loading.has(name)) loading.set(name, give(name));
      return loading.get(name);
    }

    // Whoever opens the search is about to type.
    once('boot');
    return {
      async ask(query, options) {
        for (await once('boot');;) {
          const answer = await searcher.answer(query, options);
          if (answer.result) {
            setTimeout(settle);
            return answer.result;
          }
          await Promise.all(answer.need.map(once));
        }
      },
    };
  };
  unstick.searchEngine = engine;
})();
