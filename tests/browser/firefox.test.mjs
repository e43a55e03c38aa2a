// A site over file:// in Firefox, whose rules for files are its own.
//
//   UNSTICK_SITE=path/to/site node --test firefox.test.mjs
//
// Left out where there is no Firefox, unless UNSTICK_REQUIRE_FIREFOX is set: `UNSTICK_FIREFOX`, else the first of `firefox-esr`
// and `firefox` on the PATH.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { unitsOf } from './engine.mjs';
import { pagesOfEverySort } from './pages.mjs';
import { folderOf, GENERATED, openSite } from './site.mjs';

const PREFERENCES = {
  // Automation relaxes what files may do unless it is told not to, and then proves nothing.
  'security.fileuri.strict_origin_policy': true,
  'network.dns.disabled': true,
};
/** In milliseconds. */
const PATIENCE = 30_000;

function firefoxPath() {
  if (process.env.UNSTICK_FIREFOX) return process.env.UNSTICK_FIREFOX;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

const path = firefoxPath();
const skip = path || process.env.UNSTICK_REQUIRE_FIREFOX ? false : 'there is no Firefox';

let site;
let browser;

before(async () => {
  if (skip) return;
  site = openSite();
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: path, headless: true, extraPrefsFirefox: PREFERENCES, protocolTimeout: PATIENCE });
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** A reader with one tab, and everything that troubles them. */
async function newReader(t, viewport = { width: 1280, height: 900 }) {
  const context = await browser.createBrowserContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport(viewport);
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`content security policy: ${violatedDirective} blocks ${blockedURI || 'inline'}`);
    });
  });
  const trouble = [];
  const note = (what) => trouble.push(`${site.path(page.url()) ?? page.url()}: ${what}`);
  page.on('console', (message) => {
    if (['error', 'warn', 'assert'].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) note(`asks the network for ${request.url()}`);
  });
  return { page, trouble };
}

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
/** Waits until the page is at a path of the site. */
const arrives = (page, wanted) => page.waitForFunction((href) => location.href.split(/[?#]/)[0] === href && document.readyState === 'complete', {}, site.url(wanted));

test('files are kept apart, and trouble is seen, or the others prove nothing', { skip }, async (t) => {
  const { page, trouble } = await newReader(t);
  // Without a policy of its own that would refuse it.
  writeFileSync(join(site.root, 'plain.html'), '<!doctype html><title>Plain</title>');
  await page.goto(site.url('plain.html'));
  const fetched = await page.evaluate((address) => fetch(address).then(() => 'read', () => 'refused'), site.url('unstick.json'));
  assert.equal(fetched, 'refused');

  await page.goto(site.url('index.html'));
  trouble.length = 0;
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' }));
    setTimeout(() => { throw new Error('planted'); });
    const picture = new Image();
    picture.src = 'https://example.org/planted.png';
  });
  // One fault may be told in several ways, so it does not help to count them.
  const planted = [/script-src-elem blocks inline/, /uncaught: .*planted/, /img-src blocks https:/];
  const seen = (wanted) => wanted.test(trouble.join('\n'));
  for (const end = Date.now() + PATIENCE; !planted.every(seen) && Date.now() < end;) await page.evaluate(() => new Promise(requestAnimationFrame));
  for (const wanted of planted) assert.match(trouble.join('\n'), wanted);
});

test('pages of every sort open, on a desk and on a phone', { skip }, async (t) => {
  for (const viewport of [{ width: 1280, height: 900 }, { width: 360, height: 740 }]) {
    const { page, trouble } = await newReader(t, viewport);
    for (const where of pagesOfEverySort(site)) {
      await page.goto(site.url(where));
      const { headings, toggles, background, wide, pictures } = await page.evaluate(() => ({
        headings: [...document.querySelectorAll('h1')].filter((heading) => heading.checkVisibility()).length,
        toggles: document.querySelectorAll('.theme-toggle').length,
        background: getComputedStyle(document.body).backgroundColor,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        pictures: [...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src),
      }));
      assert.deepEqual({ headings, toggles, wide, pictures }, { headings: 1, toggles: 1, wide: 0, pictures: [] }, where);
      assert.match(background, /^rgb\(/, `${where} has styles`);
    }
    assert.deepEqual(trouble, []);
  }
});

test('from the home page to a section, to a page, and back up the breadcrumbs', { skip }, async (t) => {
  const { page, trouble } = await newReader(t);
  await page.goto(site.url('index.html'));
  const linked = async () => (await page.$$eval('main a[href]', (links) => links.filter((link) => link.checkVisibility()).map((link) => link.href)))
    .map((href) => site.path(href)).filter((to) => to && site.has(to) && !GENERATED.test(to));
  const below = (from) => site.pages.some((other) => other !== from && other.startsWith(folderOf(from)));
  const click = async (to, scope) => {
    const links = await page.$$(`${scope} a[href]`);
    for (const link of links) {
      if (site.path(await link.evaluate((element) => element.href)) !== to) continue;
      await link.click();
      await arrives(page, to);
      return;
    }
    assert.fail(`no link to ${to}`);
  };
  const section = (await linked()).find(below);
  assert.ok(section, 'the home page leads to no section');
  await click(section, 'main');
  const leaf = (await linked()).find((to) => to !== section && to.startsWith(folderOf(section)));
  assert.ok(leaf, `${section} leads to no page`);
  await click(leaf, 'main');
  await click('index.html', '.breadcrumbs');
  // Puppeteer waits for a load, which a page that was kept never has.
  await page.evaluate(() => { setTimeout(() => history.back()); });
  await arrives(page, leaf);
  assert.deepEqual(trouble, []);
});

test('the theme is chosen, and stays as far as Firefox lets it', { skip }, async (t) => {
  const { page, trouble } = await newReader(t);
  await page.goto(site.url('index.html'));
  const background = () => page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
  const theme = () => page.$eval('html', (html) => html.dataset.theme ?? 'auto');
  const before = await background();
  const seen = new Set([before]);
  for (const wanted of ['light', 'dark']) {
    await page.click('.theme-toggle');
    assert.equal(await theme(), wanted);
    seen.add(await background());
  }
  assert.equal(seen.size, 2, 'light and dark are two backgrounds');
  // Each file has a storage of its own there.
  await page.reload();
  assert.equal(await theme(), 'dark');
  assert.deepEqual(trouble, []);
});

test('pages that have moved send the reader on, with the fragment', { skip }, async (t) => {
  const { page, trouble } = await newReader(t);
  for (const from of site.redirects.slice(0, 3)) {
    await page.goto(`${site.url(from)}#_main`).catch(() => {});
    await page.waitForFunction(() => document.querySelector('main#_main'));
    assert.ok(site.pages.includes(site.path(page.url())), page.url());
    assert.equal(new URL(page.url()).hash, '#_main');
  }
  assert.deepEqual(trouble, []);
});

test('the search finds, in the dialog and on its page', { skip }, async (t) => {
  const { page, trouble } = await newReader(t);
  const all = unitsOf(JSON.parse(site.read('unstick.json')));
  for (const { title, url } of [all[0], all.at(-1)]) {
    const address = new URL(url, site.address).href;
    await page.goto(site.url('index.html'));
    assert.equal(await page.$('script[src$="search.js"]'), null, 'nobody has searched yet');
    await page.keyboard.press('/');
    // The script is on its way while this is typed.
    await page.keyboard.type(title);
    await page.waitForFunction((wanted) => document.querySelector('.search-row input')?.value === wanted, {}, title);
    await page.waitForFunction((wanted) => [...document.querySelectorAll('.search-hit')].slice(0, 3).some((row) => row.href === wanted), {}, address);
    assert.equal(await text(page, '.search-note'), '', 'every part was loaded');
    await page.keyboard.press('Enter');
    await page.waitForFunction((href) => location.href !== href, {}, site.url('index.html'));

    await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent(title)}`);
    await page.waitForFunction((wanted) => [...document.querySelectorAll('#_results a')].slice(0, 3).some((link) => link.href === wanted), {}, address);
    assert.equal(await page.$eval('#_search input', (input) => input.value), title);
  }
  assert.deepEqual(trouble, []);
});

test('a guided diagnosis keeps its path in the address', { skip }, async (t) => {
  const found = site.pages.find((one) => site.read(one).includes('<div class="diagnosis">'));
  if (!found) return t.diagnostic('this site has none');
  const { page, trouble } = await newReader(t);
  const open = () => page.$$eval('details.choice[open]', (all) => all.map((one) => one.id).join(' '));
  const opens = (ids) => page.waitForFunction(
    (wanted) => [...document.querySelectorAll('details.choice[open]')].map((one) => one.id).join(' ') === wanted, {}, ids);
  await page.goto(site.url(found));
  const [first, second] = await page.$eval('.choice .choice', (inner) => [inner.parentElement.closest('.choice').id, inner.id]);
  for (const id of [first, second]) await page.evaluate((one) => document.getElementById(one).querySelector('summary').click(), id);
  await opens(`${first} ${second}`);
  assert.equal(decodeURIComponent(new URL(page.url()).hash.slice(1)), second);
  // Puppeteer waits for a load, which a place on the same page never has.
  await page.evaluate(() => { setTimeout(() => history.back()); });
  await opens(first);
  await page.goto(site.url('index.html'));
  await page.goto(`${site.url(found)}#${encodeURIComponent(second)}`);
  await opens(`${first} ${second}`);
  assert.equal(await open(), `${first} ${second}`);
  assert.deepEqual(trouble, []);
});
