// The theme's scripts and styles in a site say the same as their sources, which have comments.
//
//   UNSTICK_SITE=path/to/site node --test lean.test.mjs
//
// TypeScript reads the scripts, Chromium the styles.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { opened } from './opened.mjs';

const sources = fileURLToPath(new URL('../../static/', import.meta.url));
const files = readdirSync(sources, { recursive: true }).map((name) => name.replaceAll('\\', '/')).sort();

const { site, browser } = await opened();

/** What a script is made of: the innermost pieces of its tree, by kind and text. */
function piecesOf(text) {
  const file = ts.createSourceFile('file.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  assert.deepEqual(file.parseDiagnostics.map(({ messageText }) => messageText), []);
  const pieces = [];
  const walk = (node) => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const below = node.getChildren(file);
    if (below.length) below.forEach(walk);
    else pieces.push(`${node.kind} ${node.getText(file)}`);
  };
  walk(file);
  return pieces;
}

const comments = (text) => text.split('\n').filter((line) => /^\s*(?:\/\/|\/\*|\*\s|\*\/)|^\s/.test(line));

const read = (name) => readFileSync(join(sources, name), 'utf8');
const stems = files.filter((name) => name.startsWith('unstick/search/stem-'));
/** How a stemmer hands itself over. */
const endOf = (name) => read(name).trimEnd().split('\n').at(-2).trim();

test('scripts', () => {
  let seen = 0;
  for (const name of files.filter((name) => name.endsWith('.js') && site.has(name))) {
    const lean = site.read(name);
    // The stems of the site's language come with the script that finds.
    const names = [name, ...(name === 'unstick/search/engine.js' ? stems.filter((stem) => lean.includes(endOf(stem))) : [])];
    assert.deepEqual(piecesOf(lean), piecesOf(names.map(read).join('')), name);
    assert.deepEqual(comments(lean), [], name);
    seen += 1;
  }
  assert.ok(seen >= 3 && existsSync(sources), 'the site has none of the scripts');
  assert.notDeepEqual(piecesOf('a(1);\nb()'), piecesOf('a(1); // b()'), 'pieces tell scripts apart');
  assert.deepEqual(piecesOf('/** @type {x} */\na(1); // b()'), piecesOf('a(1);'), 'pieces are no comments');
});

test('styles', async () => {
  const page = await browser.newPage();
  /** Every rule as the browser understands it. */
  const rulesOf = (text) => page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return [...sheet.cssRules].map(({ cssText }) => cssText);
  }, text);
  for (const name of files.filter((name) => name.endsWith('.css'))) {
    const source = read(name);
    const rules = await rulesOf(site.read(name));
    assert.deepEqual(rules, await rulesOf(source), name);
    assert.ok(rules.length > 20, name);
    assert.deepEqual(comments(site.read(name)), [], name);
  }
  assert.notDeepEqual(await rulesOf('a { color: red }'), await rulesOf('/* a { color: red } */'));
});
