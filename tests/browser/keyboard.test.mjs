// A site without a mouse, and for readers who have told their system what they need.
//
//   UNSTICK_SITE=path/to/site node --test keyboard.test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitsOf } from './engine.mjs';
import { opened } from './opened.mjs';
import { pagesOfEverySort } from './pages.mjs';
import { newReader } from './reader.mjs';

const DESK = { width: 1280, height: 900 };
/** On a page with more, the first ones are walked through. */
const MOST_STEPS = 60;

const { site, browser } = await opened();

const reader = (t, options) => newReader(t, browser, site, { viewport: DESK, reducedMotion: 'reduce', ...options });

/** Runs in the page: what the Tab key should reach, in the order of the document, and how each looks without the focus. */
function prepare() {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  globalThis.look = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(element);
    return [outlineStyle === 'none' || outlineWidth === '0px' ? '' : `${outlineWidth} ${outlineColor}`, boxShadow, borderColor, backgroundColor].join(' | ');
  };
  globalThis.stops = [...document.querySelectorAll(wanted)].filter((element) => {
    return element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0;
  });
  globalThis.before = globalThis.stops.map(globalThis.look);
  document.activeElement?.blur();
  return globalThis.stops.length;
}

/** Runs in the page: where the focus is, and what is wrong there. */
function stop() {
  const element = document.activeElement;
  const at = globalThis.stops.indexOf(element);
  const wrong = [];
  const says = element.cloneNode(false).outerHTML;
  if (at < 0) return { at, says, wrong: [`is not expected: ${says}`] };
  if (globalThis.look(element) === globalThis.before[at]) wrong.push(`the focus is not seen on ${says}`);
  // A link of several lines has a rectangle for each; one of them is enough.
  const isSeen = [...element.getClientRects()].some(({ width, height, left, right, top, bottom }) => {
    return width > 0 && height > 0 && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
  });
  if (!isSeen) wrong.push(`the focus is out of sight on ${says}`);
  return { at, says, wrong };
}

/** Walks through a page with Tab. */
async function walk(page, path) {
  const wrong = [];
  const count = await page.evaluate(prepare);
  for (let step = 0; step < Math.min(count, MOST_STEPS); step += 1) {
    await page.keyboard.press('Tab');
    const { at, wrong: here } = await page.evaluate(stop);
    wrong.push(...here.map((line) => `${path}: ${line}`));
    if (at !== step) {
      wrong.push(`${path}: step ${step} leads to ${at}`);
      break;
    }
  }
  return wrong;
}

for (const forcedColors of ['none', 'active']) {
  test(`everything is reached by Tab, in order, and is seen${forcedColors === 'active' ? ', in forced colours' : ''}`, async (t) => {
    const { page, trouble } = await reader(t, { forcedColors });
    const wrong = [];
    for (const path of pagesOfEverySort(site)) {
      // The page that searches takes the focus itself when nothing is asked.
      const isSearch = path === 'unstick/search/index.html';
      await page.goto(site.url(path) + (isSearch ? '?q=xyzzyx' : ''));
      if (isSearch) await page.locator('#_count[data-nothing]').waitFor();
      await page.evaluate(() => { for (const fold of document.querySelectorAll('details')) fold.open = true; });
      // The buttons of notes come when the end of an entry comes near.
      if (await page.locator('#_notes').count()) {
        await page.locator('.foot').first().scrollIntoViewIfNeeded();
        await page.locator('.helped button').first().waitFor();
        await page.evaluate(() => { scrollTo(0, 0); });
      }
      wrong.push(...await walk(page, path));
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(trouble, []);

    // Faults that are planted are found.
    for (const [plant, finds] of [
      [() => { document.querySelector('.site-nav a').tabIndex = 7; }, /step 0 leads to \d/],
      [() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('.site-title:focus-visible { outline: 0 }');
        document.adoptedStyleSheets.push(sheet);
      }, /not seen on <a class="site-title"/],
    ]) {
      await page.goto(site.url('index.html'));
      await page.evaluate(plant);
      assert.match((await walk(page, 'planted')).join('\n'), finds);
    }
  });
}

test('the first link skips to the main part', async (t) => {
  const { page, trouble } = await reader(t);
  for (const path of pagesOfEverySort(site)) {
    if (path === 'unstick/search/index.html') continue; // its field has the focus
    await page.goto(site.url(path));
    await page.keyboard.press('Tab');
    const skip = page.locator(':focus');
    assert.equal(await skip.getAttribute('class'), 'skip', path);
    const { x, y } = await skip.boundingBox();
    assert.ok(x >= 0 && y >= 0, `${path}: the link is not shown`);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => {
      const main = document.querySelector('main');
      const { activeElement } = document;
      return main.contains(activeElement) || Boolean(main.compareDocumentPosition(activeElement) & Node.DOCUMENT_POSITION_FOLLOWING);
    });
    assert.ok(where, `${path}: the focus goes back to the top`);
  }
  assert.deepEqual(trouble, []);
});

/** Runs in the page: what is wrong with its landmarks and headings. */
function outline() {
  const wrong = [];
  for (const one of ['body > header', 'main', 'body > footer', 'h1']) {
    const count = document.querySelectorAll(one).length;
    if (count !== 1) wrong.push(`${count} ${one}`);
  }
  const names = [...document.querySelectorAll('nav')].map((nav) => nav.getAttribute('aria-label'));
  if (!names.every((name) => name) || new Set(names).size < names.length) wrong.push(`names of nav: ${names}`);
  let above = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    if (!heading.checkVisibility()) continue;
    const level = Number(heading.tagName[1]);
    if (level > above + 1) wrong.push(`a heading ${level} below a heading ${above}`);
    above = level;
  }
  return wrong;
}

test('landmarks, and headings in order', async (t) => {
  const { page } = await reader(t);
  for (const path of pagesOfEverySort(site)) {
    await page.goto(site.url(path));
    assert.deepEqual(await page.evaluate(outline), [], path);
  }
  await page.evaluate(() => {
    document.querySelector('main').insertAdjacentHTML('beforeend', '<nav></nav><h2>a</h2><h4>b</h4><footer></footer>');
    document.body.append(document.createElement('footer'));
  });
  assert.deepEqual((await page.evaluate(outline)).map((line) => line.split(':')[0]),
    ['2 body > footer', 'names of nav', 'a heading 4 below a heading 2'], 'what is planted is found');
});

/** The search with what it found, and one of it chosen. */
async function search(page) {
  const [{ title }] = unitsOf(JSON.parse(site.read('unstick.json')));
  await page.goto(site.url('index.html'));
  await page.keyboard.press('/');
  await page.locator('.search-dialog [role=combobox]').fill(title);
  await page.locator('.search-hit mark').first().waitFor();
  await page.keyboard.press('ArrowDown');
}

test('nothing moves for readers who want it so', async (t) => {
  const moves = async (page) => {
    await page.goto(site.url('index.html'));
    await page.evaluate(() => {
      globalThis.moved = [];
      for (const sign of ['animationstart', 'transitionstart']) addEventListener(sign, ({ type }) => globalThis.moved.push(type), true);
    });
    // Links within a page move smoothly, which only shows while something has the focus.
    await page.locator('.site-title').focus();
    const scrolls = await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
    await page.keyboard.press('/');
    await page.locator('.search-dialog').waitFor();
    await page.waitForTimeout(300);
    return [...await page.evaluate(() => globalThis.moved), scrolls];
  };
  assert.deepEqual(await moves((await reader(t)).page), ['auto']);
  assert.deepEqual(await moves((await reader(t, { reducedMotion: 'no-preference' })).page), ['animationstart', 'smooth'], 'and it is seen when something does');
});

test('in forced colours the chosen result is told apart', async (t) => {
  const { page, trouble } = await reader(t, { forcedColors: 'active' });
  await search(page);
  const look = (row) => row.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && outlineWidth !== '0px';
  });
  assert.equal(await look(page.locator('.search-hits [aria-selected=true]')), true);
  assert.equal(await look(page.locator('.search-hits [aria-selected=false]').first()), false);
  assert.deepEqual(trouble, []);
});

test('the dialog keeps the focus', async (t) => {
  const { page } = await reader(t);
  await search(page);
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement === document.body || activeElement.closest('.search-dialog') !== null;
    });
    assert.ok(where, `step ${step} leads out`);
  }
});
