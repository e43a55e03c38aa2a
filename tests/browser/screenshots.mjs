// Pictures of a built site, for people to look at:
//
//   UNSTICK_SITE=path/to/site node screenshots.mjs FOLDER
//
// The home page, the first section, the page with most entries, the list of questions, and a search in the dialog and on the
// page of results, each in the light and the dark scheme, 360, 768 and 1440 px wide, and the two pictures of the README, which
// are kept in docs/images/.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unitsOf } from './engine.mjs';
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
try {
  const scout = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await scout.goto(site.url('index.html'));
  const [section] = await sectionLinks(scout, site);
  const shown = {
    home: 'index.html',
    section: section?.path,
    entries: await pageWithMostEntries(scout, site),
    questions: 'questions/index.html',
  };
  await scout.close();
  // The words of a question, without those that every question has.
  const [unit] = site.has('unstick/search/engine.js') ? unitsOf(JSON.parse(site.read('unstick.json'))) : [];
  const query = unit?.title.split(/\s+/).filter((word) => word.length > 4).slice(0, 2).join(' ');

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 768, 1440]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      for (const [name, path] of Object.entries(shown)) {
        if (!path) continue;
        await page.goto(site.url(path));
        const height = Math.min(TALLEST, await page.evaluate(() => document.documentElement.scrollHeight));
        const file = join(folder, `${name}-${colorScheme}-${width}.png`);
        await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height } });
        console.log(`${file}  ${path}`);
      }
      if (query) {
        await page.goto(`${site.url('unstick/search/index.html')}?q=${encodeURIComponent(query)}`);
        await page.waitForTimeout(1000);
        await page.screenshot({ path: join(folder, `results-${colorScheme}-${width}.png`) });
        await page.goto(site.url('index.html'));
        await page.keyboard.press('/');
        await page.keyboard.type(query);
        await page.waitForTimeout(1000);
        await page.keyboard.press('ArrowDown');
        await page.screenshot({ path: join(folder, `search-${colorScheme}-${width}.png`) });
      }
      await page.close();
    }
    // The pictures of the README: what is seen of the page with most entries, at the first of its questions.
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 }, colorScheme });
    await page.goto(site.url(shown.entries));
    const file = join(folder, `page-${colorScheme}.png`);
    await page.screenshot({ path: file });
    console.log(`${file}  ${shown.entries}`);
    await page.close();
  }
} finally {
  await browser.close();
  site.close();
}
