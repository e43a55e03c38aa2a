// A built site as its reader meets it: opened from a disk, over file://, in Chromium.
//
//   UNSTICK_SITE=path/to/site node --test browser.test.mjs
//
// Nothing here knows the content. Pages are found by the links that a reader would follow, so that any site made with
// the default theme can be given.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened } from './opened.mjs';
import { newReader, sticksOut } from './reader.mjs';
import { folderOf, GENERATED, links, pageWithMostEntries, sectionLinks } from './site.mjs';

/** More pages than this are not all opened; the test says how many it left out. */
const MOST_PAGES = Number(process.env.UNSTICK_MOST_PAGES ?? 500);

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };

const { site, browser } = await opened();

const reader = (t, options) => newReader(t, browser, site, { viewport: DESK, ...options });

/** What every page has, whatever it is about. */
async function assertIsPage(page) {
  const where = site.path(page.url());
  assert.notEqual(await page.title(), '', `${where} has no title`);
  assert.ok(await page.locator('html').getAttribute('lang'), `${where} names no language`);
  assert.equal(await page.locator('h1').count(), 1, `${where} must have one h1`);
  assert.equal(await page.locator('main').count(), 1, `${where} must have one main`);
  assert.ok((await page.locator('h1').innerText()).trim(), `${where} has an empty or hidden h1`);
}

async function follow(page, link) {
  const from = page.url();
  await link.locator.click();
  await page.waitForURL((url) => site.path(url.href) === link.path, { waitUntil: 'load' });
  assert.notEqual(page.url(), from);
  await assertIsPage(page);
}

async function back(page, path) {
  await page.goBack({ waitUntil: 'load' });
  assert.equal(site.path(page.url()), path, 'where the back button leads');
  await assertIsPage(page);
}

/** From the home page to the first section that leads to a page of its own, and to that page. */
async function walkIn(page) {
  await page.goto(site.url('index.html'));
  await assertIsPage(page);
  const count = (await sectionLinks(page, site)).length;
  assert.ok(count > 0, 'the home page links to no section in its main part');
  for (let i = 0; i < count; i += 1) {
    const section = (await sectionLinks(page, site))[i];
    await follow(page, section);
    const onward = [];
    for (const link of await links(page, site)) {
      if (link.path !== section.path && !GENERATED.test(link.path) && await link.locator.isVisible()) onward.push(link);
    }
    const next = onward.find((link) => link.path.startsWith(folderOf(section.path))) ?? onward[0];
    if (next) {
      await follow(page, next);
      return { section: section.path, leaf: next.path };
    }
    await back(page, 'index.html');
  }
  assert.fail('no section of the home page links to a page');
}

async function breadcrumbs(page) {
  return links(page, site, ':is(nav[aria-label*="breadcrumb" i], [class*="breadcrumb" i])');
}

async function walk(page) {
  const { section, leaf } = await walkIn(page);
  const crumbs = await breadcrumbs(page);
  assert.ok(crumbs.length > 0, `${leaf} has no breadcrumb links`);
  assert.equal(crumbs[0].path, 'index.html', `the breadcrumbs of ${leaf} do not start at the home page`);
  await back(page, section);
  await back(page, 'index.html');

  for (let i = 0; i < crumbs.length; i += 1) {
    await page.goto(site.url(leaf));
    await follow(page, (await breadcrumbs(page))[i]);
  }
}

test('a reader walks home → section → page, back again, and up the breadcrumbs', async (t) => {
  const { page, trouble } = await reader(t);
  await walk(page);
  assert.deepEqual(trouble, []);
});

test('the same walk works without JavaScript', async (t) => {
  const { page, trouble } = await reader(t, { javaScriptEnabled: false });
  await walk(page);
  assert.deepEqual(trouble, []);
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? '' : ' without JavaScript';

  test(`the questions page opens from the header, and an entry from it${how}`, async (t) => {
    const { page, trouble } = await reader(t, { javaScriptEnabled });
    await page.goto(site.url('index.html'));
    const [questions] = (await links(page, site, 'header')).filter((link) => link.path === 'questions/index.html');
    assert.ok(questions, 'the header has no link to the questions');
    await follow(page, questions);

    let entry;
    for (const link of await links(page, site)) {
      if (link.hash && await link.locator.isVisible()) {
        entry = link;
        break;
      }
    }
    if (entry) {
      await follow(page, entry);
      const id = decodeURIComponent(entry.hash.slice(1));
      const target = page.locator(':target');
      assert.equal(await target.count(), 1, `${entry.href} leads to no element`);
      assert.equal(await target.getAttribute('id'), id);
      const box = await target.boundingBox();
      assert.ok(box && box.y > -box.height && box.y < DESK.height, `${entry.href} is not shown: ${JSON.stringify(box)}`);
    } else {
      t.diagnostic('this site has no entries');
    }
    assert.deepEqual(trouble, []);
  });
}

test('the page for a wrong address opens and leads home', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(site.url('404.html'));
  await assertIsPage(page);
  const home = (await links(page, site, 'body')).find((link) => link.path === 'index.html');
  assert.ok(home, '404.html has no link to the home page');
  await follow(page, home);
  assert.deepEqual(trouble, []);
});

test('pages that have moved send the reader on', async (t) => {
  const { page, trouble } = await reader(t);
  for (const path of site.redirects.slice(0, 20)) {
    await page.goto(site.url(path));
    await page.waitForURL((url) => site.pages.includes(site.path(url.href)), { waitUntil: 'load' });
    await assertIsPage(page);
  }
  t.diagnostic(`${Math.min(site.redirects.length, 20)} of ${site.redirects.length} redirects followed`);
  assert.deepEqual(trouble, []);
});

/** The colour behind the text, as the browser computed it. */
function background(page) {
  return page.evaluate(() => {
    const colours = [document.body, document.documentElement].map((element) => getComputedStyle(element).backgroundColor);
    return colours.find((colour) => !/^(?:transparent|rgba\(.*, 0\))$/.test(colour)) ?? 'none';
  });
}

/** Relative luminance of a colour as WCAG defines it, 0 to 1; the browser's canvas reads any CSS colour. */
function luminance(page, colour) {
  return page.evaluate((value) => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = value;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }, colour);
}

test('the theme toggle changes the theme, and the choice holds on the next page', async (t) => {
  const { page, trouble } = await reader(t, { colorScheme: 'light' });
  await page.goto(site.url('index.html'));
  const start = await background(page);

  let toggle;
  for (const control of await page.locator('button, select, input, [role=switch]').all()) {
    const says = await control.evaluate((element) => [
      element.textContent, ...element.getAttributeNames().map((name) => `${name} ${element.getAttribute(name)}`),
    ].join(' '));
    if (/theme|\bdark\b|colou?r[- ]?scheme/i.test(says) && await control.isVisible()) {
      toggle = control;
      break;
    }
  }
  assert.ok(toggle, 'the home page has no visible theme toggle');

  // A toggle may pass through "as the system" and "light", neither of which changes anything here.
  const isSelect = await toggle.evaluate((element) => element.tagName === 'SELECT');
  const steps = isSelect ? await toggle.locator('option').count() : 3;
  for (let i = 0; i < steps && await background(page) === start; i += 1) {
    if (isSelect) await toggle.selectOption({ index: i });
    else await toggle.click();
  }
  const chosen = await background(page);
  assert.notEqual(chosen, start, 'the toggle never changes the background');
  assert.ok(await luminance(page, chosen) < await luminance(page, start), `${chosen} is not darker than ${start}`);

  await page.goto(site.url('questions/index.html'));
  assert.equal(await background(page), chosen, 'the next page forgets the theme');
  assert.deepEqual(trouble, []);
});

for (const colorScheme of ['light', 'dark']) {
  test(`nothing scrolls sideways on a phone, and text stands out, in the ${colorScheme} scheme`, async (t) => {
    const { page, trouble } = await reader(t, { viewport: PHONE, colorScheme });
    const { section, leaf } = await walkIn(page);
    const most = await pageWithMostEntries(page, site);
    const paths = new Set(['index.html', section, leaf, site.largest(), most, 'questions/index.html']);
    for (const path of paths) {
      await page.goto(site.url(path));
      assert.equal(await sticksOut(page), '', path);

      const behind = await background(page);
      const text = await page.locator('body').evaluate((body) => getComputedStyle(body).color);
      const [dark, light] = [await luminance(page, behind), await luminance(page, text)].sort((a, b) => a - b);
      assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, `${path}: ${text} on ${behind} is hard to read`);
      assert.equal(await luminance(page, behind) < 0.5, colorScheme === 'dark', `${path}: ${behind} is not ${colorScheme}`);
    }
    assert.deepEqual(trouble, []);
  });
}

test('every page can be reached by links, and opens on a phone without trouble', async (t) => {
  const { page, trouble } = await reader(t, { viewport: PHONE });
  const seen = new Set(['index.html', '404.html']);
  const wrong = [];
  let opened = 0;
  for (const path of seen) { // grows while it is walked
    if (opened === MOST_PAGES) break;
    opened += 1;
    await page.goto(site.url(path));
    // One question to the browser for each page: there may be hundreds of pages, each with hundreds of links.
    const { hrefs, headings, mains, hidden } = await page.evaluate(() => ({
      // Links in pictures have an `href` of another kind.
      hrefs: [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))
        .map((href) => [href, new URL(href, document.baseURI).href]),
      headings: document.querySelectorAll('h1').length,
      mains: document.querySelectorAll('main').length,
      hidden: !document.querySelector('h1')?.checkVisibility(),
    }));
    if (headings !== 1 || mains !== 1 || hidden) wrong.push(`${path}: ${headings} h1, ${mains} main${hidden ? ', h1 hidden' : ''}`);
    const wide = await sticksOut(page);
    if (wide) wrong.push(`${path}: ${wide}`);
    for (const [href, address] of hrefs) {
      if (/^(?:[a-z][a-z0-9+.-]*:|[/#?]|$)/i.test(href)) continue;
      const target = site.path(address);
      if (target === undefined || !site.has(target)) wrong.push(`${path}: links to ${href}, which is not there`);
      else if (site.pages.includes(target)) seen.add(target);
    }
  }
  t.diagnostic(`${opened} of ${site.pages.length} pages opened`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(trouble, []);
  if (opened < MOST_PAGES) {
    assert.deepEqual(site.pages.filter((path) => !seen.has(path)), [], 'pages that no link leads to');
  }
});
