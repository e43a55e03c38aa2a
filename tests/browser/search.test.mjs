// The interface of the search, over file://, in Chromium.
//
//   UNSTICK_SITE=path/to/site node --test search.test.mjs
//
// The engine is a fake whose answers the tests know, and its links lead to pages of the site that is given. The last test
// asks the site's own engine, if the site has one.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fakeEngine, unitsOf } from './engine.mjs';
import { opened } from './opened.mjs';
import { becomes, newReader } from './reader.mjs';
import { GENERATED, openSite } from './site.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const ENGINE = 'unstick/search/engine.js';
const HOSTILE = '<img src=x onerror=alert(1)>';

/** With the fake engine. */
const { site, browser } = await opened();
/** As it was built. */
const own = openSite();
after(() => own.close());
/** A page of the site. */
const leaf = site.pages.find((path) => !GENERATED.test(path));

before(() => {
  mkdirSync(join(site.root, 'unstick/search'), { recursive: true });
  writeFileSync(join(site.root, ENGINE), fakeEngine(units()));
  for (const path of site.pages) {
    const html = site.read(path).replace(/ data-ask="[^"]*"/, '');
    writeFileSync(join(site.root, path), html.replace('unstick/theme.js"', '$& data-ask="mailto:help@example.org?subject={query}&amp;body={query}"'));
  }
});

function units() {
  const unit = (title, rest) => ({
    url: `${encodeURI(leaf)}#_main`, title, section: ['Printing', 'Paper'], state: 'answered', text: `${title} Open the tray.`, tags: ['office'], applies: '', ...rest,
  });
  return [
    unit('Why does the paper jam?', { text: 'The paper jams when the tray is too full.' }),
    unit('Why is the paper torn?', { state: 'draft', applies: 'X-100' }),
    unit('Who buys paper?', { url: 'questions/index.html', section: ['Buying', 'Who buys paper?'], state: 'unanswered', tags: ['money', '__proto__'], text: '' }),
    unit(`What is ${HOSTILE} about?`, { section: [HOSTILE], tags: [HOSTILE], text: `It is ${HOSTILE}.` }),
    ...Array.from({ length: 70 }, (_, i) => unit(`Noise number ${i}`, { section: ['Noise'], text: 'It hums.' })),
  ];
}

const reader = (t, options) => newReader(t, browser, site, { viewport: DESK, ...options });

const dialog = (page) => page.getByRole('dialog', { name: 'Search' });
const field = (page) => page.getByRole('combobox', { name: 'Search' });
/** The rows of the list; the filters have options too. */
const rows = (page) => page.getByRole('listbox').locator('[role=option]');
const status = (page) => dialog(page).getByRole('status');
const pageField = (page) => page.locator('#_search input');
const pageStatus = (page) => page.locator('#_count');
const parameters = (page) => Object.fromEntries(new URL(page.url()).searchParams);

const says = (locator, wanted) => becomes(() => locator.textContent(), wanted, 'what it says');

/** The title of the row that Enter would open. */
async function active(page) {
  const id = await field(page).getAttribute('aria-activedescendant');
  if (id === null) return null;
  assert.equal(await page.locator(`#${id}`).getAttribute('aria-selected'), 'true');
  return (await page.locator(`#${id} .search-title, #${id}:not(:has(.search-title))`).textContent());
}

async function search(page, query, path = 'index.html') {
  await page.goto(site.url(path));
  await page.keyboard.press('/');
  await field(page).fill(query);
}

const kept = (page, name) => page.evaluate((name) => {
  const { site } = document.querySelector('script[data-site]').dataset;
  return JSON.parse(localStorage.getItem(`unstick:${site}:${name}`) ?? '[]');
}, name);

test('the field, / and Ctrl-K open the dialog; Escape closes it and gives the focus back', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(site.url(leaf));
  const hasEngine = () => page.evaluate(() => Boolean(globalThis.unstick?.openSearch));
  assert.equal(await hasEngine(), false, 'the engine is not there before anybody searches');
  const link = page.locator('.site-title');
  for (const key of ['/', 'Control+k', 'Meta+k']) {
    await link.focus();
    await page.keyboard.press(key);
    await becomes(() => field(page).evaluate((element) => element === document.activeElement), true, `${key} opens`);
    await page.keyboard.press('Escape');
    assert.equal(await dialog(page).count(), 0, 'Escape closes');
    assert.ok(await link.evaluate((element) => element === document.activeElement), 'the focus is back');
  }
  await becomes(hasEngine, true, 'the engine is loaded');

  const header = page.locator('header input[type=search]');
  await header.focus();
  await page.keyboard.type('jam');
  await says(status(page), '1 result');
  assert.equal(await field(page).inputValue(), 'jam', 'what was typed goes on in the dialog');
  await field(page).press('/');
  assert.equal(await field(page).inputValue(), 'jam/', 'a slash in a field is a slash');
  await page.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Control+k');
  assert.ok(await field(page).evaluate((element) => element === document.activeElement && element.value === 'jam/'), 'Ctrl-K comes back');
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  assert.equal(await header.inputValue(), 'jam/', 'the field keeps the query');
  await header.click();
  assert.equal(await field(page).inputValue(), 'jam/');
  await page.mouse.click(5, 400);
  assert.equal(await dialog(page).count(), 0, 'a click beside it closes');
  await header.fill('');
  await page.keyboard.press('Escape');
  assert.deepEqual(trouble, []);
});

test('arrow keys, Home, End and Enter; the way back leads to the results', async (t) => {
  const { page, trouble } = await reader(t);
  await search(page, 'paper');
  await says(status(page), '3 results');
  assert.equal(await field(page).getAttribute('aria-expanded'), 'true');
  assert.equal(await field(page).getAttribute('aria-controls'), await page.getByRole('listbox').getAttribute('id'));
  assert.deepEqual(await dialog(page).getByRole('group').evaluateAll((all) => all.map((group) => group.getAttribute('aria-label'))), ['Printing › Paper', 'Buying']);
  assert.equal(await active(page), null);
  for (const [key, wanted] of [
    ['ArrowDown', 'Why does the paper jam?'], ['ArrowDown', 'Why is the paper torn?Draft'], ['End', 'All results for “paper”'],
    ['ArrowDown', null], ['ArrowUp', 'All results for “paper”'], ['Home', 'Why does the paper jam?'], ['ArrowUp', null],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await active(page), wanted, key);
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(site.url(leaf) + '#_main');
  await page.goBack();
  await says(status(page), '3 results');
  assert.equal(await field(page).inputValue(), 'paper');
  await page.keyboard.press('Escape');
  await page.reload();
  assert.equal(await dialog(page).count(), 0, 'what was closed stays closed');

  await page.keyboard.press('/');
  await field(page).fill('paper');
  await says(status(page), '3 results');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => site.path(url.href) === 'unstick/search/index.html');
  assert.deepEqual(parameters(page), { q: 'paper' });
  assert.deepEqual(trouble, []);
});

test('Enter waits for the answer; Ctrl-Enter opens a tab; a hit on the same page closes the dialog', async (t) => {
  const { page, trouble } = await reader(t);
  await search(page, 'slow jam', leaf);
  await page.keyboard.press('Enter');
  await page.waitForURL(site.url(leaf) + '#_main');
  assert.equal(await dialog(page).count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement === document.body || document.activeElement.id === '_main'), true);

  await page.keyboard.press('/');
  await field(page).fill('buys');
  await says(status(page), '1 result');
  const tab = page.context().waitForEvent('page');
  await page.keyboard.press('Control+Enter');
  await (await tab).waitForURL(site.url('questions/index.html'));
  assert.equal(await dialog(page).count(), 1, 'the dialog stays for the next');
  assert.deepEqual(trouble, []);
});

test('words are marked, and nothing that is found or typed becomes HTML', async (t) => {
  const { page, trouble } = await reader(t);
  await search(page, 'TRAY jam');
  await says(status(page), '1 result');
  assert.deepEqual(await rows(page).first().locator('mark').allTextContents(), ['jam', 'jam', 'tray']);
  await field(page).fill(HOSTILE);
  await says(status(page), '1 result');
  assert.equal(await page.locator('img[src=x]').count(), 0);
  assert.ok((await rows(page).first().textContent()).includes(HOSTILE));
  await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent('paper')}&section=${encodeURIComponent(HOSTILE)}`);
  await says(pageStatus(page), 'Nothing fits “paper” with these filters.');
  assert.equal(await page.locator('img[src=x]').count(), 0);
  assert.deepEqual(trouble, []);
});

test('answers that come late do not replace newer ones, and results stay until the next are there', async (t) => {
  const { page, trouble } = await reader(t);
  await search(page, 'jam');
  await says(status(page), '1 result');
  await field(page).fill('slow paper');
  assert.equal(await status(page).textContent(), '1 result', 'no flicker');
  await says(status(page), 'Searching …');
  assert.equal(await rows(page).count(), 2);
  await field(page).fill('torn');
  await says(status(page), '1 result');
  await page.waitForTimeout(900);
  assert.equal(await active(page), null);
  assert.match(await rows(page).first().textContent(), /torn/);
  assert.deepEqual(trouble, []);
});

test('filters show counts, in the dialog and on the page; the address says them; the way back undoes them', async (t) => {
  const { page, trouble } = await reader(t);
  await search(page, 'paper');
  const state = dialog(page).getByRole('combobox', { name: 'State' });
  // They are filled in when the reader pauses.
  await becomes(() => state.locator('option').allTextContents(), ['State', 'Answered (1)', 'Draft (1)', 'No answer yet (1)'], 'the states');
  await state.selectOption({ index: 2 });
  await says(status(page), '1 result');
  assert.deepEqual(await state.locator('option').allTextContents(), ['State', 'Answered (1)', 'Draft (1)', 'No answer yet (1)']);
  await state.selectOption({ index: 0 });
  await says(status(page), '3 results');
  await dialog(page).getByRole('combobox', { name: 'Section' }).selectOption('Printing');
  await says(status(page), '2 results');
  await state.selectOption({ index: 2 });
  await says(status(page), '1 result');
  await dialog(page).getByRole('combobox', { name: 'Section' }).selectOption({ index: 0 });
  await becomes(() => state.evaluate((select) => select.options.length), 4);
  await rows(page).last().click();
  await page.waitForURL((url) => site.path(url.href) === 'unstick/search/index.html');
  assert.deepEqual(parameters(page), { q: 'paper', state: 'draft' });

  await says(pageStatus(page), '1 result');
  const filter = (group, name) => page.getByRole('group', { name: group }).getByRole('button', { name });
  assert.equal(await filter('State', 'Draft').getAttribute('aria-pressed'), 'true');
  await filter('State', 'Draft').click();
  await says(pageStatus(page), '3 results');
  assert.ok(await filter('State', 'Draft').evaluate((element) => element === document.activeElement), 'the focus stays');
  await filter('Tag', '__proto__').click();
  await says(pageStatus(page), '1 result');
  assert.deepEqual(parameters(page), { q: 'paper', tag: '__proto__' });
  await pageField(page).fill('jam');
  await says(pageStatus(page), 'Nothing fits “jam” with these filters.');
  await page.getByRole('button', { name: 'Remove the filters' }).click();
  await says(pageStatus(page), '1 result');
  await becomes(async () => parameters(page), { q: 'jam' });

  await page.goBack();
  await says(pageStatus(page), 'Nothing fits “jam” with these filters.');
  await page.goBack();
  await says(pageStatus(page), '1 result');
  assert.deepEqual(parameters(page), { q: 'paper', tag: '__proto__' });
  await page.goBack();
  await says(pageStatus(page), '3 results');
  await page.goForward();
  await says(pageStatus(page), '1 result');
  assert.equal(await pageField(page).inputValue(), 'paper');
  await page.getByRole('link', { name: 'Who buys paper?' }).click();
  await page.waitForURL(site.url('questions/index.html'));
  await page.goBack();
  await says(pageStatus(page), '1 result');
  assert.deepEqual(trouble, []);
});

test('more results, and the place in the list after the way back', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(`${site.url('unstick/search/index.html')}?q=noise`);
  await says(pageStatus(page), '70 results');
  assert.equal(await page.locator('#_results li').count(), 20);
  await page.getByRole('button', { name: 'More results' }).press('Enter');
  await becomes(() => page.locator('#_results li').count(), 40);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'More results', 'the focus stays');
  await page.getByRole('link', { name: 'Noise number 30' }).click();
  await page.waitForURL(site.url(leaf) + '#_main');
  await page.goBack();
  await becomes(() => page.locator('#_results li').count(), 40);
  await becomes(() => page.getByRole('link', { name: 'Noise number 30' }).evaluate((link) => {
    const { top, bottom } = link.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }), true, 'the reader sees what they left');
  assert.deepEqual(trouble, []);
});

/** Holds the script of the search until it is let go; says whether anybody asked for it. */
async function holdScript(page) {
  const held = { isAsked: false };
  let letGo;
  const gone = new Promise((resolve) => { letGo = resolve; });
  held.letGo = letGo;
  await page.route('**/unstick/search.js', async (route) => {
    held.isAsked = true;
    await gone;
    await route.continue();
  });
  return held;
}

test('nothing of the search is loaded before somebody points at the field', async (t) => {
  const { page, trouble } = await reader(t);
  const loaded = [];
  page.on('request', (request) => {
    const path = site.path(request.url());
    if (path?.startsWith('unstick/search')) loaded.push(path);
  });
  await page.goto(site.url(leaf));
  await page.waitForTimeout(300);
  assert.deepEqual(loaded, []);
  await page.locator('form.search input').hover();
  await becomes(async () => loaded.includes(ENGINE), true, 'the engine comes as soon as its script');
  assert.equal(loaded.filter((path) => path === 'unstick/search.js').length, 1);
  assert.equal(await dialog(page).count(), 0);
  assert.deepEqual(trouble, []);
});

test('what is typed before the script is there is not lost', async (t) => {
  const { page, trouble } = await reader(t);
  const link = page.locator('.site-title');
  const header = page.locator('header input[type=search]');
  /** On a page whose script is on its way: `act`, then the script comes. */
  const early = async (act) => {
    await page.unrouteAll();
    const held = await holdScript(page);
    await page.goto(site.url(leaf));
    await act();
    await becomes(async () => held.isAsked, true, 'the script is asked for');
    held.letGo();
  };
  const isIn = (locator) => locator.evaluate((element) => element === document.activeElement);

  for (const key of ['/', 'Control+k', 'Meta+k']) {
    await early(async () => {
      await link.focus();
      await page.keyboard.press(key);
      await page.keyboard.type('ja/');
      assert.equal(await header.inputValue(), 'ja/', key);
    });
    await becomes(() => field(page).inputValue(), 'ja/', `${key}: goes on in the dialog`);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('m');
    assert.equal(await field(page).inputValue(), 'jam');
    await says(status(page), '1 result');
    await page.keyboard.press('Escape');
    assert.ok(await isIn(link), 'the focus is back where it was');
  }

  await early(async () => {
    await header.click();
    await page.keyboard.type('jam');
  });
  await becomes(() => field(page).inputValue(), 'jam');
  await page.keyboard.press('Escape');
  assert.ok(await isIn(header));

  await early(async () => {
    await header.focus();
    await page.keyboard.type('slow jam');
    await page.keyboard.press('Enter');
  });
  await page.waitForURL(site.url(leaf) + '#_main');

  // Who went on, or thought better of it, is left alone.
  for (const key of ['Tab', 'Escape']) {
    await early(async () => {
      await link.focus();
      await page.keyboard.press('/');
      await page.keyboard.type('jam');
      await page.keyboard.press(key);
    });
    await becomes(() => page.evaluate(() => document.querySelector('script[src$="unstick/search.js"]') !== null), true);
    await page.waitForTimeout(300);
    assert.equal(await dialog(page).count(), 0, key);
    if (key === 'Escape') assert.ok(await isIn(link), 'the focus is back where it was');
  }

  // The second field of a page.
  await early(async () => {
    await page.evaluate(() => {
      const form = document.querySelector('form.search');
      document.querySelector('main').prepend(form.cloneNode(true));
    });
    await page.locator('main form.search input').focus();
    await page.keyboard.type('jam');
  });
  await becomes(() => field(page).inputValue(), 'jam');
  await says(status(page), '1 result');

  // A theme without a field.
  await early(async () => {
    await page.evaluate(() => document.querySelector('form.search').remove());
    await link.focus();
    await page.keyboard.press('/');
    await page.keyboard.type('jam');
  });
  await becomes(() => field(page).inputValue(), 'jam');
  await says(status(page), '1 result');
  assert.equal(await page.locator('.visually-hidden').count(), 0);
  await page.keyboard.press('Escape');
  assert.ok(await isIn(link));

  // The page of results.
  await page.unrouteAll();
  const held = await holdScript(page);
  await page.goto(site.url('unstick/search/index.html'), { waitUntil: 'domcontentloaded' });
  await pageField(page).focus();
  await page.keyboard.type('jam');
  await page.keyboard.press('Enter');
  held.letGo();
  await says(pageStatus(page), '1 result');
  await becomes(async () => parameters(page), { q: 'jam' });
  assert.deepEqual(trouble, []);
});

test('a field whose script is missing goes', async (t) => {
  const script = site.read('unstick/search.js');
  t.after(() => writeFileSync(join(site.root, 'unstick/search.js'), script));
  rmSync(join(site.root, 'unstick/search.js'));
  const { page } = await reader(t);
  const fields = () => page.locator('input:visible').count();
  const goes = async () => {
    await becomes(fields, 0);
    assert.ok(await page.getByRole('link', { name: 'All questions' }).first().isVisible());
  };
  await page.goto(site.url('unstick/search/index.html'));
  await goes();
  await page.goto(site.url('index.html'));
  await page.locator('form.search input').hover();
  await goes();
  await page.reload();
  await page.locator('.site-title').focus();
  await page.keyboard.press('/');
  await goes();
  assert.ok(await page.locator('.site-title').evaluate((element) => element === document.activeElement));
  await page.keyboard.press('/');
  assert.equal(await dialog(page).count(), 0);
});

test('what stands in ?q= is harmless', async (t) => {
  const { page, trouble } = await reader(t);
  const queries = [HOSTILE, '__proto__', 'constructor', '"><script>alert(1)</script>', '[.*+?^${}()|\\', '\u202e\u0000', 'x'.repeat(100_000), '%', '\ud83d\ude00'.repeat(400)];
  for (const query of queries) {
    const address = new URL(site.url('unstick/search/index.html'));
    address.searchParams.set('q', query);
    await page.goto(address.href);
    await becomes(async () => (await pageStatus(page).textContent()) !== '', true, query.slice(0, 40));
    const asked = await page.evaluate(() => globalThis.asked.map(({ query }) => query));
    assert.equal(asked.length, 1);
    assert.ok(asked[0].length <= 500 && query.replace(/\s+/g, ' ').startsWith(asked[0]), asked[0].slice(0, 40));
    assert.equal(await page.locator('img[src=x], main script').count(), 0);
  }
  await page.goto(`${site.url('unstick/search/index.html')}?q=%D8%00%ED%A0%80&__proto__=x&section=`);
  await becomes(async () => (await pageStatus(page).textContent()) !== '', true);
  assert.deepEqual(trouble, []);
});

test('nothing fits: it says so, offers the nearest and the address to ask, and keeps a note that can be saved', async (t) => {
  const { page, trouble } = await reader(t, { acceptDownloads: true });
  await search(page, 'paper unicorn');
  await says(status(page), 'Nothing fits “paper unicorn”.');
  assert.deepEqual(await dialog(page).getByRole('group').evaluateAll((all) => all.map((group) => group.getAttribute('aria-label'))), ['The nearest']);
  assert.equal(await rows(page).first().getAttribute('href'), 'mailto:help@example.org?subject=paper%20unicorn&body=paper%20unicorn');
  assert.deepEqual(await kept(page, 'missed'), [], 'not yet: the reader may be typing');
  await becomes(async () => (await kept(page, 'missed')).map(({ query }) => query), ['paper unicorn']);
  await field(page).fill('Paper Unicorn');
  await says(status(page), 'Nothing fits “Paper Unicorn”.');
  await page.keyboard.press('Enter');
  assert.equal(await active(page), 'Ask this: “Paper Unicorn”', 'Enter goes nowhere by itself');
  await field(page).fill('zebra');
  await page.keyboard.press('Enter');
  await becomes(async () => (await kept(page, 'missed')).map(({ query }) => query), ['paper unicorn', 'zebra']);

  await page.goto(`${site.url('unstick/search/index.html')}?q=paper+giraffe`);
  await says(pageStatus(page), 'Nothing fits “paper giraffe”.');
  await pageField(page).press('Enter');
  assert.match(await page.locator('#_results .next-step a').getAttribute('href'), /^mailto:.*giraffe/);
  await page.reload();
  await page.getByText('What was not found on this device (3)').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  const saved = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
  assert.equal(saved.version, 1);
  assert.equal(saved.site, await page.evaluate(() => document.querySelector('script[data-site]').dataset.site));
  assert.deepEqual(saved.missed.map(({ query }) => query), ['paper unicorn', 'zebra', 'paper giraffe']);
  assert.ok(saved.missed.every(({ day }) => /^\d{4}-\d\d-\d\d$/.test(day)));
  await page.getByRole('button', { name: 'Delete them' }).click();
  assert.deepEqual(await kept(page, 'missed'), []);
  assert.deepEqual(trouble, []);
});

test('recent searches: five, the newest first, and they can be forgotten', async (t) => {
  const { page, trouble } = await reader(t);
  for (const query of ['noise 1', 'noise 2', 'noise 3', 'noise 4', 'noise 5', 'NOISE 2', 'noise 6']) {
    await search(page, query);
    await becomes(async () => (await status(page).textContent()) !== '', true);
    await page.keyboard.press('Enter');
    await page.waitForURL(site.url(leaf) + '#_main');
  }
  await search(page, '');
  assert.deepEqual(await rows(page).allTextContents(), ['noise 6', 'NOISE 2', 'noise 5', 'noise 4', 'noise 3']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await field(page).inputValue(), 'noise 6');
  await becomes(async () => (await status(page).textContent()) !== '', true);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Forget recent searches' }).click();
  assert.equal(await rows(page).count(), 0);
  assert.deepEqual(await kept(page, 'recent'), []);
  assert.deepEqual(trouble, []);
});

test('lines that are pasted become one', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(site.url(leaf));
  await page.keyboard.press('/');
  await field(page).evaluate((input) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', 'the paper\r\n   jam\n');
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  assert.equal(await field(page).inputValue(), 'the paper jam');
  await says(status(page), '1 result');
  assert.deepEqual(trouble, []);
});

test('on a phone the dialog fills the screen, and works by touch', async (t) => {
  const { page, trouble } = await reader(t, { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.goto(site.url(leaf));
  await page.locator('header input[type=search]').tap();
  await field(page).fill('paper');
  await says(status(page), '3 results');
  await page.waitForTimeout(200);
  assert.deepEqual(await dialog(page).boundingBox(), { x: 0, y: 0, ...PHONE });
  for (const row of await rows(page).all()) assert.ok((await row.boundingBox()).height >= 36);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await rows(page).nth(2).tap();
  await page.waitForURL(site.url('questions/index.html'));
  await page.locator('header input[type=search]').tap();
  await page.getByRole('button', { name: 'Close' }).tap();
  assert.equal(await dialog(page).count(), 0);
  assert.deepEqual(trouble, []);
});

test('a part that is missing: what the others found, and a link to all questions', async (t) => {
  const { page, trouble } = await reader(t);
  await search(page, 'part paper');
  await says(status(page), '3 results');
  assert.match(await dialog(page).locator('.search-note').textContent(), /could not be loaded/);
  await field(page).fill('part unicorn');
  await says(status(page), 'Nothing fits “part unicorn”.');
  await page.keyboard.press('Enter');
  assert.deepEqual(await kept(page, 'missed'), [], 'the missing part may have it');
  await page.goto(`${site.url('unstick/search/index.html')}?q=part+paper`);
  await page.locator('#_results .search-note a').click();
  await page.waitForURL(site.url('questions/index.html'));
  assert.deepEqual(trouble, []);
});

test('an engine that fails, is broken or is missing: a message, and a link to all questions', async (t) => {
  const engine = readFileSync(join(site.root, ENGINE), 'utf8');
  t.after(() => writeFileSync(join(site.root, ENGINE), engine));
  const cases = [['fail', engine, 0], ['broken', 'unstick.openSearch = (', 1], ['empty', '', 0], ['missing', undefined, 2]];
  for (const [name, text, most] of cases) {
    if (text === undefined) rmSync(join(site.root, ENGINE));
    else writeFileSync(join(site.root, ENGINE), text);
    const { page, trouble } = await reader(t);
    await search(page, 'fail');
    await says(status(page), 'The search could not be loaded.');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(site.url('questions/index.html'));
    assert.ok(trouble.length <= most && trouble.every((what) => what.includes('engine.js') || what.includes('ERR_FILE_NOT_FOUND') || what.includes('Unexpected end')), `${name}: ${trouble}`);
    await page.goto(`${site.url('unstick/search/index.html')}?q=fail`);
    await says(pageStatus(page), 'The search could not be loaded.');
    assert.equal(await page.locator('#_results').getByRole('link', { name: 'All questions' }).count(), 1);
  }
  // Whoever opens the dialog again has another try.
  const { page } = await reader(t);
  await search(page, 'jam');
  await says(status(page), 'The search could not be loaded.');
  writeFileSync(join(site.root, ENGINE), engine);
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await says(status(page), '1 result');
});

test('storage that is denied, full or full of nonsense changes nothing', async (t) => {
  for (const how of ['denied', 'full', 'nonsense']) {
    const { page, trouble } = await reader(t);
    await page.addInitScript((how) => {
      if (how === 'denied') Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });
      if (how === 'full') Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
      if (how === 'nonsense') Storage.prototype.getItem = () => '[null, 1, {"query": 2}, ["x"], "fine"]';
    }, how);
    await search(page, 'unicorn');
    await says(status(page), 'Nothing fits “unicorn”.');
    await page.keyboard.press('Enter');
    await field(page).fill('');
    await becomes(() => rows(page).allTextContents(), how === 'nonsense' ? ['fine'] : []);
    await page.goto(`${site.url('unstick/search/index.html')}?q=unicorn`);
    await says(pageStatus(page), 'Nothing fits “unicorn”.');
    await pageField(page).press('Enter');
    await search(page, 'jam');
    await says(status(page), '1 result');
    await page.keyboard.press('Enter');
    await page.waitForURL(site.url(leaf) + '#_main');
    assert.deepEqual(trouble, [], how);
  }
});

test('without scripts there is no field, and the page of results leads around', async (t) => {
  const { page, trouble } = await reader(t, { javaScriptEnabled: false });
  await page.goto(site.url('unstick/search/index.html'));
  assert.equal(await page.locator('input:visible').count(), 0);
  assert.ok(await page.locator('noscript p').isVisible());
  await page.locator('main').getByRole('link', { name: 'All questions' }).click();
  await page.waitForURL(site.url('questions/index.html'));
  assert.equal(await page.locator('input:visible').count(), 0);
  assert.deepEqual(trouble, []);
});

test('the site\'s own engine finds the site\'s questions', async (t) => {
  if (!own.has(ENGINE)) return t.skip('the site has no engine');
  const { page, trouble } = await newReader(t, browser, own, { viewport: DESK });
  const all = unitsOf(JSON.parse(own.read('unstick.json')));
  for (const { title, url } of [all[0], all[Math.floor(all.length / 2)], all.at(-1)].filter((unit) => unit)) {
    await page.goto(own.url('index.html'));
    await page.keyboard.press('/');
    await field(page).fill(title);
    await becomes(async () => (await rows(page).locator('mark').count()) > 0, true, title);
    const hrefs = await rows(page).evaluateAll((links) => links.map((link) => link.href));
    assert.ok(hrefs.slice(0, 3).includes(new URL(url, own.address).href), `${title}: ${hrefs.slice(0, 3)}`);
    assert.ok(await rows(page).first().locator('mark').count() > 0, `nothing is marked for ${title}`);
    await page.keyboard.press('Enter');
    await page.waitForURL((address) => address.href !== own.url('index.html'));
  }
  const address = new URL(own.url('unstick/search/index.html'));
  for (const query of [HOSTILE, '__proto__', 'x'.repeat(100_000)]) {
    address.searchParams.set('q', query);
    await page.goto(address.href);
    await becomes(async () => !['', 'Searching …'].includes(await pageStatus(page).textContent()), true, query.slice(0, 40));
  }
  assert.deepEqual(trouble, []);
});

test('the site\'s own engine in a worker, as on a large site; and what it says when files are broken', async (t) => {
  if (!own.has(ENGINE)) return t.skip('the site has no engine');
  const large = openSite();
  t.after(() => large.close());
  const change = (path, text) => writeFileSync(join(large.root, path), text);
  change(ENGINE, large.read(ENGINE).replace('const LARGE = 2000;', 'const LARGE = 0;'));
  const [{ title, url }, other] = unitsOf(JSON.parse(own.read('unstick.json')));
  const find = async (page) => {
    await page.goto(large.url('index.html'));
    await page.keyboard.press('/');
    return ask(page, title);
  };
  const ask = async (page, title) => {
    await field(page).fill('');
    await becomes(() => status(page).textContent(), '');
    await field(page).fill(title);
    await becomes(async () => !['', 'Searching …'].includes(await status(page).textContent()), true, title);
    return rows(page).evaluateAll((links) => links.map((link) => link.href));
  };
  const note = (page) => dialog(page).locator('.search-note').textContent();
  const { page, trouble } = await newReader(t, browser, large, { viewport: DESK });
  assert.ok((await find(page)).slice(0, 3).includes(new URL(url, large.address).href));
  // The first results come before the worker, all others from it.
  await becomes(async () => page.workers().length, 1);
  assert.ok((await ask(page, other.title)).slice(0, 3).includes(new URL(other.url, large.address).href));
  assert.equal(await note(page), '');
  assert.deepEqual(trouble, []);
  // What else is found cannot be shown.
  const names = readdirSync(join(large.root, 'unstick/search'));
  const others = names.filter((name) => name.startsWith('t-')).map((name) => `unstick/search/${name}`).filter((path) => !large.read(path).includes(title));
  for (const path of others) change(path, 'unstick.take("');
  const { page: without } = await newReader(t, browser, large, { viewport: DESK });
  assert.ok((await find(without)).includes(new URL(url, large.address).href));
  assert.match(await note(without), /could not be loaded/);
  change('unstick/search/boot.js', 'unstick.take("boot","$');
  const { page: last } = await newReader(t, browser, large, { viewport: DESK });
  await find(last);
  assert.match(await note(last), /could not be loaded/);
});
