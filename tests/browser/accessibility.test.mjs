// What two engines find that would keep somebody from reading a site: axe-core and HTML_CodeSniffer, the second of pa11y.
//
//   UNSTICK_SITE=path/to/site node --test accessibility.test.mjs
//
// Pages of every sort, in both schemes, on a desk and on a phone, over file:// in Chromium; the search with what it finds; and
// a page that sends its reader on.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { unitsOf } from './engine.mjs';
import { opened } from './opened.mjs';
import { kindOf, pagesOfEverySort } from './pages.mjs';
import { newReader } from './reader.mjs';

const read = (name) => readFileSync(createRequire(import.meta.url).resolve(name), 'utf8');
const AXE = read('axe-core/axe.min.js');
const SNIFFER = read('html_codesniffer/build/HTMLCS.js');

/** WCAG 2.0 to 2.2, A and AA, and what axe calls best practices. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const SCREENS = { desk: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };
const SCHEMES = ['light', 'dark'];

const { site, browser } = await opened();

/** What axe finds in a page as it stands, a line each. */
async function axe(page) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(AXE);
  return page.evaluate(async (values) => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: 'tag', values }, resultTypes: ['violations'], preload: false, rules: { 'target-size': { enabled: true } },
    });
    return violations.flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
      return `axe ${id}: ${target.join(' ')}: ${why}`;
    }));
  }, TAGS);
}

/** The errors that HTML_CodeSniffer finds. */
async function sniff(page) {
  if (!await page.evaluate(() => 'HTMLCS' in globalThis)) await page.evaluate(SNIFFER);
  return page.evaluate(() => new Promise((resolve, reject) => {
    const { HTMLCS } = globalThis;
    HTMLCS.process('WCAG2AA', document, () => {
      // It takes `#%C3%BC` for another fragment than `ü`.
      const isThere = (element) => document.getElementById(decodeURIComponent(element.hash.slice(1)));
      const errors = HTMLCS.getMessages().filter(({ type, code, element }) => {
        return type === HTMLCS.ERROR && !(code.endsWith('NoSuchID') && element.hash.includes('%') && isThere(element));
      });
      resolve(errors.map(({ code, element, msg }) => `HTML_CodeSniffer ${code}: ${element.cloneNode(false).outerHTML ?? ''}: ${msg}`));
    }, () => reject(new Error('HTML_CodeSniffer knows no WCAG2AA')));
  }));
}

/** What both find in a page, with every fold open. */
async function look(page, where) {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });
  return [...await axe(page), ...await sniff(page)].map((line) => `${where}: ${line}`);
}

/** Fails with each finding once. */
function assertNothing(found) {
  if (found.length) assert.fail([...new Set(found)].join('\n'));
}

for (const colorScheme of SCHEMES) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    const options = { viewport, colorScheme, reducedMotion: 'reduce' };

    test(`pages of every sort, ${colorScheme}, on a ${screen}`, async (t) => {
      const { page, trouble } = await newReader(t, browser, site, options);
      const found = [];
      const paths = pagesOfEverySort(site);
      for (const path of paths) {
        await page.goto(site.url(path));
        found.push(...await look(page, path));
      }
      t.diagnostic(`${paths.length} pages: ${[...new Set(paths.map((path) => kindOf(site.read(path))))].sort().join(', ')}`);
      assertNothing(found);
      assert.deepEqual(trouble, []);
    });

    test(`the search, ${colorScheme}, on a ${screen}`, async (t) => {
      if (!site.has('unstick/search/engine.js')) return t.skip('the site has no search');
      const { page, trouble } = await newReader(t, browser, site, options);
      const [{ title }] = unitsOf(JSON.parse(site.read('unstick.json')));
      const found = [];
      await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent(title)}`);
      await page.locator('#_results a').first().waitFor();
      found.push(...await look(page, 'results'));
      await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent('xyzzyx')}`);
      await page.locator('#_count[data-nothing]').waitFor();
      found.push(...await look(page, 'nothing fits'));

      await page.goto(site.url('index.html'));
      await page.keyboard.press('/');
      const field = page.locator('.search-dialog [role=combobox]');
      await field.waitFor();
      found.push(...await look(page, 'dialog'));
      await field.fill(title);
      await page.locator('.search-hit mark').first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(300); // the filters are filled in
      found.push(...await look(page, 'dialog with results'));
      await field.fill('xyzzyx');
      await page.locator('.search-count[data-nothing]').waitFor();
      found.push(...await look(page, 'dialog, nothing fits'));
      assertNothing(found);
      assert.deepEqual(trouble, []);
    });
  }
}

test('a page that sends its reader on', async (t) => {
  const [path] = site.redirects;
  if (!path) return t.skip('the site has none');
  const { page } = await newReader(t, browser, site);
  // Without what would lead away from it.
  await page.setContent(site.read(path).replace(/<script>.*<\/script>|<meta http-equiv="refresh".*>/g, ''));
  assertNothing(await look(page, path));
});

test('both engines find faults that are planted', async (t) => {
  const { page } = await newReader(t, browser, site, { viewport: SCREENS.phone, colorScheme: 'dark' });
  await page.goto(site.url('index.html'));
  await page.evaluate(() => {
    const main = document.querySelector('main');
    main.insertAdjacentHTML('beforeend', '<h6 id="planted">Planted</h6><img src="x.png"><button></button>'
      + '<button id="a">a</button><button id="b">b</button>');
    document.getElementById('planted').style.color = '#222';
    document.getElementById('planted').style.background = '#111';
    for (const id of ['a', 'b']) document.getElementById(id).style.cssText = 'all: unset; font-size: 8px; line-height: 8px';
    document.documentElement.removeAttribute('lang');
  });
  const found = (await look(page, 'planted')).join('\n');
  for (const rule of ['image-alt', 'button-name', 'color-contrast', 'heading-order', 'html-has-lang', 'target-size']) {
    assert.match(found, new RegExp(`axe ${rule}:.*`), found);
  }
  for (const rule of ['1_1_1.H37', '4_1_2.H91', '1_4_3.G18', '3_1_1.H57']) assert.match(found, new RegExp(`HTML_CodeSniffer \\S*${rule}`), found);
});
