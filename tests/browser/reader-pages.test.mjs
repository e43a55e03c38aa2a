// The pages of a site as they are read, over file://, in Chromium: the field of the home page, copied links, notes on what
// helped, contents that follow the reading, and what is left without scripts.
//
//   UNSTICK_SITE=path/to/site node --test reader-pages.test.mjs
//
// Nothing here knows the content.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { opened } from './opened.mjs';
import { becomes, newReader } from './reader.mjs';
import { GENERATED, links, pageWithMostEntries } from './site.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const HOSTILE = '<img src=x onerror=alert(1)>';

const { site, browser } = await opened();

const reader = (t, options) => newReader(t, browser, site, { viewport: DESK, ...options });

/** A page whose own entry readers can judge, if the site has one. */
const article = () => site.pages.find((path) => !GENERATED.test(path) && /<div class="foot" data-link=""><div class="helped" data-note=/.test(site.read(path)));

test('the home page asks first, once, and leads on', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(site.url('index.html'));
  const fields = page.locator('input[type=search]');
  assert.equal(await fields.count(), 1, 'one field');
  assert.equal(await page.locator('header input').count(), 0, 'which is not in the header');
  const box = await fields.boundingBox();
  assert.ok(box.height >= 48 && box.width >= 500 && box.y < 400, `a large one at the top: ${JSON.stringify(box)}`);
  await fields.focus();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', 'first line\r\n   second line\n');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  const dialog = page.getByRole('dialog');
  await becomes(() => dialog.locator('input').inputValue(), 'first line second line', 'what is pasted goes on in the dialog');
  await page.keyboard.press('Escape');
  assert.deepEqual(trouble, []);
});

test('without scripts the home page leads to every page of the site', async (t) => {
  const { page, trouble } = await reader(t, { javaScriptEnabled: false });
  const seen = new Set(['index.html']);
  const next = ['index.html'];
  while (next.length) {
    await page.goto(site.url(next.pop()));
    for (const { path } of await links(page, site, 'body')) {
      if (!seen.has(path) && site.has(path)) {
        seen.add(path);
        next.push(path);
      }
    }
  }
  const unseen = site.pages.filter((path) => !seen.has(path) && path !== '404.html' && path !== 'unstick/search/index.html');
  assert.deepEqual(unseen, []);
  await page.goto(site.url('index.html'));
  assert.equal(await page.locator('input[type=search]').isVisible(), false, 'a field that does nothing is not shown');
  assert.deepEqual(trouble, []);
});

test('a section shows its questions at a glance, and fits a phone', async (t) => {
  const { page, trouble } = await reader(t, { viewport: PHONE });
  const section = site.pages.find((path) => /<ul class="questions glance">[^]*<p class="summary">/.test(site.read(path)));
  assert.ok(section, 'some section lists questions');
  await page.goto(site.url(section));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  for (const line of await page.locator('.glance li:not(.group) > .summary').all()) {
    const { height } = await line.boundingBox();
    assert.ok(height < 30, `an answer takes one line, not ${height} pixels`);
  }
  assert.deepEqual(trouble, []);
});

test('the address of an entry is copied, and leads to it', async (t) => {
  const { page, trouble } = await reader(t);
  const path = await pageWithMostEntries(page, site);
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.copied = text; } } });
  });
  await page.goto(site.url(path));
  const entry = page.locator('.entry').last();
  const button = entry.getByRole('button', { name: 'Copy link' });
  await button.click();
  await becomes(() => entry.locator('.copy-link').textContent(), 'Copied');
  const copied = await page.evaluate(() => globalThis.copied);
  const id = await entry.locator('.question').getAttribute('id');
  const canonical = await page.locator('link[rel=canonical]').getAttribute('href', { timeout: 100 }).catch(() => null);
  assert.equal(decodeURIComponent(new URL(copied).hash), `#${id}`);
  assert.equal(copied.split('#')[0], canonical ?? site.url(path));
  await becomes(() => entry.locator('.copy-link').textContent(), 'Copy link', 'what it says again');
  assert.deepEqual(trouble, []);
});

test('notes on what helped stay on the device, and are saved and deleted by their reader', async (t) => {
  const { page, trouble } = await reader(t, { acceptDownloads: true });
  const path = await pageWithMostEntries(page, site);
  await page.goto(site.url(path));
  const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem(`unstick:${document.querySelector('#_notes').dataset.site}:feedback`) ?? '[]'));
  const asked = page.locator('[data-note]');
  await asked.first().scrollIntoViewIfNeeded();
  const first = asked.first();
  await first.getByRole('button', { name: 'Yes' }).click();
  await becomes(async () => (await kept()).map(({ helped, note }) => [helped, note]), [[true, '']]);
  assert.equal(await first.getByRole('button', { name: 'Yes' }).getAttribute('aria-pressed'), 'true');
  assert.ok(await first.getByRole('button', { name: 'Yes' }).evaluate((button) => button === document.activeElement), 'the focus stays');
  await first.getByRole('button', { name: 'No', exact: true }).click();
  const missing = first.getByRole('textbox', { name: 'What is missing?' });
  assert.ok(await missing.evaluate((input) => input === document.activeElement), 'the reader can say why');
  await missing.fill(` ${HOSTILE} `);
  await missing.press('Enter');
  await becomes(async () => (await kept()).map(({ helped, note }) => [helped, note]), [[false, HOSTILE]], 'one note for an entry');

  await page.reload();
  await asked.first().scrollIntoViewIfNeeded();
  assert.equal(await missing.inputValue(), HOSTILE, 'it is there again, as text');
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  const other = article();
  if (other && other !== path) {
    await page.goto(site.url(other));
    await page.locator('.foot').scrollIntoViewIfNeeded();
    await page.locator('[data-note]').getByRole('button', { name: 'Yes' }).click();
  }
  const count = (await kept()).length;
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Save notes as a file (${count})` }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'feedback.json');
  const saved = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.deepEqual([saved.version, saved.site], [1, await page.locator('#_notes').getAttribute('data-site')]);
  const note = saved.feedback[0];
  assert.deepEqual([note.helped, note.note], [false, HOSTILE]);
  assert.match(note.day, /^\d{4}-\d\d-\d\d$/);
  assert.match(note.path, /^\/.*\/$|^\/$/);
  const html = site.read(path);
  assert.ok(note.id && html.includes(`id="${note.id}"`), 'the entry is named by its id');
  assert.ok(note.title && !note.title.endsWith('#'), `and by its question: ${note.title}`);
  await page.getByRole('button', { name: 'Delete notes' }).click();
  assert.deepEqual(await kept(), []);
  assert.equal(await page.getByRole('button', { name: 'Yes' }).first().getAttribute('aria-pressed'), 'false');
  assert.deepEqual(trouble, []);
});

test('notes are kept as long as the page is open where storage is denied', async (t) => {
  const { page, trouble } = await reader(t);
  const path = await pageWithMostEntries(page, site);
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });
  });
  await page.goto(site.url(path));
  const first = page.locator('[data-note]').first();
  await first.scrollIntoViewIfNeeded();
  await first.getByRole('button', { name: 'Yes' }).click();
  assert.equal(await first.getByRole('button', { name: 'Yes' }).getAttribute('aria-pressed'), 'true');
  assert.equal(await page.getByRole('button', { name: 'Save notes as a file (1)' }).count(), 1);
  assert.deepEqual(trouble, []);
});

test('the contents follow the reading', async (t) => {
  const { page, trouble } = await reader(t);
  const path = await pageWithMostEntries(page, site);
  await page.goto(site.url(path));
  const marked = () => page.locator('.contents [aria-current]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  const hrefs = await page.locator('.contents a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.ok(hrefs.length > 2, 'a page with contents');
  const read = (href) => page.evaluate((href) => {
    const place = document.getElementById(decodeURIComponent(href.slice(1)));
    scrollTo({ top: scrollY + place.getBoundingClientRect().top - 50, behavior: 'instant' });
  }, href);
  for (const at of [1, 2, 0]) {
    await read(hrefs[at]);
    // A short section may show the next one as well.
    await becomes(async () => {
      const [href] = await marked();
      if (!href) return 'nothing is marked';
      const place = await page.evaluate((href) => document.getElementById(decodeURIComponent(href.slice(1))).getBoundingClientRect().top / innerHeight, href);
      return hrefs.indexOf(href) >= at && place < 0.3;
    }, true, `reading ${hrefs[at]}`);
    assert.equal((await marked()).length, 1);
  }
  assert.deepEqual(trouble, []);
});

test('the contents do not run away from who walks through them by keys', async (t) => {
  // So low that the contents do not fit.
  const { page, trouble } = await reader(t, { viewport: { width: 1280, height: 300 } });
  await page.goto(site.url(await pageWithMostEntries(page, site)));
  const contents = page.locator('.contents');
  const last = contents.locator('a').last();
  const marked = () => contents.locator('[aria-current]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  const read = async (at) => {
    const before = await marked();
    const href = await contents.locator('a').nth(at).getAttribute('href');
    await page.evaluate((id) => {
      const place = document.getElementById(decodeURIComponent(id));
      scrollTo({ top: scrollY + place.getBoundingClientRect().top - 10, behavior: 'instant' });
    }, href.slice(1));
    await becomes(async () => (await marked()).join() !== before.join(), true, `reading ${href}`);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  };
  const isSeen = () => last.evaluate((link) => {
    const [at, frame] = [link.getBoundingClientRect(), link.closest('.contents').getBoundingClientRect()];
    return at.top < frame.bottom && at.bottom > frame.top;
  });
  await read(1);
  assert.equal(await isSeen(), false, 'the contents are where one reads');
  await page.keyboard.press('Shift'); // from here on the reader uses keys
  await last.focus();
  assert.equal(await isSeen(), true, 'the focus is seen');
  await read(2);
  assert.equal(await isSeen(), true, 'and stays so, whatever is read');
  assert.deepEqual(trouble, []);
});

test('without scripts an entry has all that it says, and no button that does nothing', async (t) => {
  const { page, trouble } = await reader(t, { javaScriptEnabled: false });
  const path = await pageWithMostEntries(page, site);
  await page.goto(site.url(path));
  assert.equal(await page.locator('main button').count(), 0);
  const answers = page.locator('.answer');
  assert.ok(await answers.count() > 0);
  for (const answer of await answers.all()) assert.ok(await answer.isVisible(), 'all answers stand open');
  for (const asked of await page.locator('.helped').all()) assert.equal(await asked.textContent(), '', 'nobody asks whom nobody hears');
  assert.deepEqual(trouble, []);
});

test('on paper there are the answers and the addresses of links, and nothing to press', async (t) => {
  const { page, trouble } = await reader(t);
  const path = site.pages.find((path) => !GENERATED.test(path) && /<main[^]*class="external"[^]*<\/main>/.test(site.read(path)));
  if (!path) return t.diagnostic('this site has no links to other sites');
  await page.goto(site.url(path));
  await page.emulateMedia({ media: 'print' });
  for (const name of ['.site-nav', '.search', '.contents', '.permalink', '.copy', '.foot', '.neighbours']) {
    for (const shown of await page.locator(name).all()) assert.equal(await shown.isVisible(), false, name);
  }
  const link = page.locator('main .external').first();
  const printed = await link.evaluate((link) => getComputedStyle(link, '::after').content);
  assert.ok(printed.includes(await link.getAttribute('href')), printed);
  assert.deepEqual(trouble, []);
});

test('pictures keep their place free', async (t) => {
  const { page, trouble } = await reader(t);
  let count = 0;
  for (const path of site.pages.filter((path) => /<img /.test(site.read(path)))) {
    await page.goto(site.url(path));
    const pictures = await page.locator('main img').evaluateAll((all) => all.map((img) => {
      img.loading = 'eager';
      return img.decode().then(() => ({
        src: img.getAttribute('src'), width: img.width, height: img.height, said: [img.getAttribute('width'), img.getAttribute('height')], own: [img.naturalWidth, img.naturalHeight],
      }));
    })).then((all) => Promise.all(all));
    for (const { src, said, own } of pictures) {
      count += 1;
      assert.ok(said[0] && said[1], `${path}: ${src} says no size`);
      assert.ok(Math.abs(said[0] / said[1] - own[0] / own[1]) < 0.05, `${path}: ${src} is ${own}, not ${said}`);
    }
  }
  if (!count) t.diagnostic('this site has no pictures');
  assert.deepEqual(trouble, []);
});
