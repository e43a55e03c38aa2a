// Runs the search of the browser, `static/unstick/search/engine.js`, under Node, over the index of a built site.
//
// As a program: node engine.mjs INDEX_FOLDER QUERIES.jsonl [TOP] answers each line {"id": …, "text": …} with a line
// {"id": …, "fits": …, "results": [{"url": …, "title": …, "score": …}, …]}, best first.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { load } from './stems.mjs';

const script = new URL('../../static/unstick/search/engine.js', import.meta.url);

/** @param {string} folder of the index @returns what asks it, without a page */
export function open(folder) {
  const stemmers = load();
  runInThisContext(readFileSync(script, 'utf8'), { filename: 'engine.js' });
  const { unstick } = /** @type {any} */ (globalThis);
  const engine = unstick.searchEngine(stemmers);
  const read = [];

  function give(name) {
    if (name.startsWith('stem-')) return engine.take(name, '');
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

if (process.argv[1].endsWith('engine.mjs')) {
  const [, , folder, queries, top = '10'] = process.argv;
  const search = open(folder);
  const lines = readFileSync(queries, 'utf8').split('\n').filter((line) => line.trim());
  for (const line of lines) {
    const { id, text } = JSON.parse(line);
    const { fits, hits, scores } = search.ask(text, { top: Number(top) });
    const results = hits.map(({ url, title }, at) => ({ url, title: title.map(([text]) => text).join(''), score: scores[at] }));
    process.stdout.write(JSON.stringify({ id, fits, results }) + '\n');
  }
}
