// Pictures of a built site, for people to look at:
//
//   UNSTICK_SITE=path/to/site node screenshots.mjs FOLDER
//
// A page of every kind, the largest; the page with most entries; an answer in parts; and a search in the dialog and on the page
// of results: each in the light and the dark scheme, 360, 768 and 1440 px wide. And the two pictures of the README, which are
// kept in docs/images/. The same site gives the same pictures on the same machine.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unitsOf } from './engine.mjs';
import { kindOf } from './pages.mjs';
import { launch, openSite, pageWithMostEntries, sectionLinks } from './site.mjs';

/** A picture is cut here; Chromium paints nothing below 16,384 px. */
const TALLEST = 6000;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: UNSTICK_SITE=path/to/site node screenshots.mjs FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const site = openSite();
const browser = await launch();

/** The page as it stays: with its pictures and fonts, and nothing under way. */
async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
  });
}

async function take(page, name, options) {
  await settle(page);
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled', ...options });
  console.log(`${file}  ${site.path(page.url())}`);
}

/** Waits for what the search found, and for the filters, which are filled in when the reader pauses. */
async function found(page, results) {
  await page.locator(`${results} mark`).first().waitFor();
  await page.waitForTimeout(400);
}

try {
  const scout = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await scout.goto(site.url('index.html'));
  const [section] = await sectionLinks(scout, site);
  const shown = {};
  const size = (path) => statSync(join(site.root, path)).size;
  for (const path of site.pages.toSorted((a, b) => size(b) - size(a))) shown[kindOf(site.read(path))] ??= path;
  delete shown.search; // it has a picture with results
  Object.assign(shown, {
    section: section?.path ?? shown.section,
    page: site.pages.find((path) => /class="part\b/.test(site.read(path))) ?? shown.page,
    entries: await pageWithMostEntries(scout, site),
  });
  await scout.close();
  // The words of a question, without those that every question has.
  const [unit] = site.has('unstick/search/engine.js') ? unitsOf(JSON.parse(site.read('unstick.json'))) : [];
  const query = unit?.title.split(/\s+/).filter((word) => word.length > 4).slice(0, 2).join(' ');

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 768, 1440]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
      for (const [name, path] of Object.entries(shown)) {
        if (!path) continue;
        await page.goto(site.url(path));
        const height = Math.min(TALLEST, await page.evaluate(() => document.documentElement.scrollHeight));
        await take(page, `${name}-${colorScheme}-${width}`, { fullPage: true, clip: { x: 0, y: 0, width, height } });
      }
      if (query) {
        await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent(query)}`);
        await found(page, '#_results');
        await take(page, `results-${colorScheme}-${width}`);
        await page.goto(site.url('index.html'));
        await page.keyboard.press('/');
        await page.locator('.search-dialog [role=combobox]').fill(query);
        await found(page, '.search-hit');
        await page.keyboard.press('ArrowDown');
        await take(page, `search-${colorScheme}-${width}`);
      }
      await page.close();
    }
    // The pictures of the README: what is seen of the page with most entries, at the first of its questions.
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 }, colorScheme, reducedMotion: 'reduce' });
    await page.goto(site.url(shown.entries));
    await take(page, `page-${colorScheme}`);
    await page.close();
  }
} finally {
  await browser.close();
  site.close();
}
