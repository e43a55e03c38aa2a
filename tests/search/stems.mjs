// Loads the stemmers of the browser, `static/unstick/search/stem-*.js`, which are classic scripts.
//
// As a program: reads lines of a language and a word, and writes their stems.
//
// UNSTICK_SCRIPTS may name a folder that has them as they are written into a site.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';

/** Where the scripts of the search are. */
export const folder = process.env.UNSTICK_SCRIPTS ?? fileURLToPath(new URL('../../static/unstick/search/', import.meta.url));

/** @returns {Record<string, (word: string) => string>} by language */
export function load() {
  for (const name of readdirSync(folder)) {
    if (/^stem-\w+\.js$/.test(name)) runInThisContext(readFileSync(join(folder, name), 'utf8'), { filename: name });
  }
  return /** @type {any} */ (globalThis).unstick.stemmers;
}

if (process.argv[1].endsWith('stems.mjs')) {
  const stemmers = load();
  const stems = readFileSync(0, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [language, word] = line.split(' ');
      return stemmers[language](word);
    });
  process.stdout.write(stems.join('\n') + '\n');
}
