// Enlarged, narrowed, spaced out, and from right to left: nothing is cut off, and no page scrolls sideways.
//
//   UNSTICK_SITE=path/to/site node --test layout.test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitsOf } from './engine.mjs';
import { opened } from './opened.mjs';
import { kindOf, pagesOfEverySort } from './pages.mjs';
import { newReader, sticksOut } from './reader.mjs';

const { site, browser } = await opened();

/** Styles of the reader's own, which no policy of a page keeps out. */
function wear(page, css) {
  return page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }, css);
}

/** WCAG 1.4.12. */
const SPACED = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }';

for (const [how, { viewport, css }] of Object.entries({
  'at 200 %': { viewport: { width: 640, height: 450 } },
  'at 400 %': { viewport: { width: 320, height: 256 } },
  'with text of twice the size': { viewport: { width: 1280, height: 900 }, css: 'html { font-size: 200% }' },
  'with text spaced out, on a phone': { viewport: { width: 360, height: 740 }, css: SPACED },
})) {
  test(`no page scrolls sideways ${how}`, async (t) => {
    const { page, trouble } = await newReader(t, browser, site, { viewport, reducedMotion: 'reduce' });
    const wide = [];
    const look = async (where) => {
      if (css) await wear(page, css);
      const out = await sticksOut(page);
      if (out) wide.push(`${where}: ${out}`);
    };
    for (const path of pagesOfEverySort(site)) {
      await page.goto(site.url(path));
      await look(path);
    }
    if (site.has('unstick/search/engine.js')) {
      const [{ title }] = unitsOf(JSON.parse(site.read('unstick.json')));
      await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent(title)}`);
      await page.locator('#_results a').first().waitFor();
      await look('results');
      await page.goto(site.url('index.html'));
      await page.keyboard.press('/');
      const field = page.locator('.search-dialog [role=combobox]');
      await field.fill(title);
      await page.locator('.search-hit mark').first().waitFor();
      await look('dialog');
      // Everything in the dialog can be reached: it, or its list, scrolls.
      const box = await page.locator('.search-dialog').boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= viewport.width + 0.5 && box.y >= 0, JSON.stringify(box));
      assert.ok((await field.boundingBox()).width > 60, 'the field of the dialog has room');
    }
    assert.deepEqual(wide, []);
    assert.deepEqual(trouble, []);

    await page.evaluate(() => {
      const wide = document.createElement('p');
      wide.textContent = 'planted';
      document.querySelector('main').append(wide);
      Object.assign(wide.style, { inlineSize: '200vw' });
    });
    assert.match(await sticksOut(page), /px wide/, 'what is planted is found');
  });
}

test('what is at the start is at the right where text runs from the right, and at the left elsewhere', async (t) => {
  const { page, trouble } = await newReader(t, browser, site, { viewport: { width: 1280, height: 900 } });
  await page.goto(site.url('index.html'));
  const isRtl = await page.evaluate(() => getComputedStyle(document.documentElement).direction === 'rtl');
  assert.equal(isRtl, /^(?:ar|fa|he|ur)\b/.test(await page.locator('html').getAttribute('lang')), 'the direction of the site');
  /** How far the middle of an element is from where lines begin, as a part of the window; undefined if there is none. */
  const place = (selector) => page.evaluate(([selector, isRtl]) => {
    const element = document.querySelector(selector);
    if (!element) return undefined;
    const { left, right, width } = element.getBoundingClientRect();
    const middle = (left + right) / 2 / innerWidth;
    return width ? (isRtl ? 1 - middle : middle) : undefined;
  }, [selector, isRtl]);
  const seen = new Set();
  for (const path of pagesOfEverySort(site)) {
    await page.goto(site.url(path));
    const kind = kindOf(site.read(path));
    for (const [before, behind] of [
      ['.site-title', '.site-nav'], ['.site-head .search', '.site-nav'], ['.page-body', '.contents'], ['.search > button', '.search > kbd'],
      ['.breadcrumbs li:first-child', '.breadcrumbs li:nth-child(2)'], ['.neighbours [rel=prev]', '.neighbours [rel=next]'],
      ['th:first-child', 'th:last-child'],
    ]) {
      const [a, b] = [await place(before), await place(behind)];
      if (a === undefined || b === undefined) continue;
      assert.ok(a < b, `${path} (${kind}): ${before} at ${a} stands behind ${behind} at ${b}`);
      seen.add(before);
    }
    const code = page.locator('pre').first();
    if (await code.count()) assert.equal(await code.evaluate((pre) => getComputedStyle(pre).direction), 'ltr', path);
    const edges = await page.evaluate(() => [...document.querySelectorAll('.part, .alert, main ul:not([class]), main ol:not([class]), blockquote')]
      .map((element) => [element.className || element.tagName, getComputedStyle(element)])
      .map(([name, { direction, paddingLeft, paddingRight, borderLeftWidth, borderRightWidth }]) => {
        const start = parseFloat(direction === 'rtl' ? paddingRight : paddingLeft) + parseFloat(direction === 'rtl' ? borderRightWidth : borderLeftWidth);
        const end = parseFloat(direction === 'rtl' ? paddingLeft : paddingRight) + parseFloat(direction === 'rtl' ? borderLeftWidth : borderRightWidth);
        return [name, start, end];
      }));
    for (const [name, start, end] of edges) assert.ok(start >= end, `${path}: ${name} is not mirrored: ${start} at its start, ${end} at its end`);
  }
  await wear(page, '.site-head { flex-direction: row-reverse }');
  assert.ok(await place('.site-title') > await place('.site-nav'), 'what is planted is found');
  for (const wanted of ['.site-title', '.page-body', '.breadcrumbs li:first-child']) assert.ok(seen.has(wanted), `no page has ${wanted}`);
  assert.deepEqual(trouble, []);
});
