// Runs the search of the browser, `static/unstick/search/engine.js`, under Node, over the index of a built site.
//
// As a program, with one answer a line:
//   node engine.mjs INDEX_FOLDER QUERIES.jsonl [TOP]   for each {"id": …, "text": …} a line {"id": …, "fits": …, "results":
//       [{"url": …, "title": …, "score": …, "bits": …}, …]}, best first; the bits are those of the score, in hexadecimal digits
//   node engine.mjs INDEX_FOLDER --words TEXTS.jsonl   for each text, a string, the words that it is made of

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { folder as scripts, load } from './stems.mjs';

/** @param {string} folder of the index @returns what asks it, without a page */
export function open(folder) {
  const stemmers = load();
  runInThisContext(readFileSync(join(scripts, 'engine.js'), 'utf8'), { filename: 'engine.js' });
  const { unstick } = /** @type {any} */ (globalThis);
  const engine = unstick.searchEngine(stemmers);
  const read = [];

  function give(name) {
    unstick.take = (taken, text) => engine.take(taken, text);
    const path = join(folder, `${name}.js`);
    const text = readFileSync(path, 'utf8');
    read.push({ name, text });
    runInThisContext(text, { filename: path });
  }

  return {
    engine,
    /** The files that were read. */
    read,
    ask(query, options) {
      for (;;) {
        const answer = engine.answer(query, options);
        if (answer.result) return answer.result;
        answer.need.forEach(give);
      }
    },
  };
}

/** @param {number} number @returns {string} */
function bits(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

if (process.argv[1].endsWith('engine.mjs')) {
  const [, , folder, ...rest] = process.argv;
  const search = open(folder);
  const lines = (file) => readFileSync(file, 'utf8').split('\n').filter((line) => line.trim()).map((line) => JSON.parse(line));
  const print = (answers) => process.stdout.write(answers.map((answer) => JSON.stringify(answer) + '\n').join(''));
  if (rest[0] === '--words') {
    search.ask('');
    print(lines(rest[1]).map((text) => search.engine.wordsOf(text).map(({ surface, term, kind, position }) => [surface, term, kind, position])));
  } else {
    const [queries, top = '10'] = rest;
    print(lines(queries).map(({ id, text }) => {
      const { fits, hits, scores } = search.ask(text, { top: Number(top) });
      const results = hits.map(({ url, title }, at) => ({
        url, title: title.map(([text]) => text).join(''), score: scores[at], bits: bits(scores[at]),
      }));
      return { id, fits, results };
    }));
  }
}
