// Lighthouse, over HTTP, in Chromium as a phone on a slow network.
//
//   UNSTICK_SITE=path/to/site node --test lighthouse.test.mjs
//
// The site is built with a `base_url`. Accessibility, best practices and what search engines look for must be perfect; of
// performance, which depends on what else the machine does, the median of three counts, and a second time if need be.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as launcher from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { kindOf } from './pages.mjs';
import { serve } from './server.mjs';
import { browserPath, openSite } from './site.mjs';

/** It asks for robots.txt in the name of the page, which the policy of the pages forbids; search engines ask for themselves. */
const SKIPPED = ['robots-txt'];
const PERFECT = ['accessibility', 'best-practices', 'seo'];
const FAST = 99;

let site;
let server;
let chromium;

before(async () => {
  site = openSite();
  server = await serve(site.root);
  chromium = await launcher.launch({
    chromePath: browserPath(),
    chromeFlags: [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE localhost,EXCLUDE 127.0.0.1',
    ],
  });
});

after(async () => {
  await chromium?.kill();
  server?.close();
  site?.close();
});

/** Scores of 100, and what cost them. */
async function measure(path, onlyCategories) {
  const { lhr } = await lighthouse(server.address + encodeURI(path), {
    port: chromium.port, onlyCategories, logLevel: 'silent', output: 'json', skipAudits: SKIPPED, disableFullPageScreenshot: true,
  });
  assert.equal(lhr.runtimeError, undefined);
  return Object.fromEntries(Object.entries(lhr.categories).map(([name, { score, auditRefs }]) => {
    const lost = auditRefs.filter(({ id, weight }) => weight && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => `${id}: ${lhr.audits[id].displayValue ?? ''} ${JSON.stringify(lhr.audits[id].details?.items ?? []).slice(0, 600)}`);
    return [name, { score: Math.round(score * 100), lost }];
  }));
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function performance(path) {
  const runs = [];
  for (let run = 0; run < 3; run += 1) runs.push((await measure(path, ['performance'])).performance);
  const score = median(runs.map((run) => run.score));
  return { score, lost: runs.find((run) => run.score === score).lost };
}

const first = (kind, wants = () => true) => site.pages.find((path) => kindOf(site.read(path)) === kind && wants(site.read(path)));

for (const [name, find] of Object.entries({
  'the home page': () => 'index.html',
  'a section': () => first('section'),
  'an entry': () => first('page', (html) => html.includes('class="part')) ?? first('page', (html) => html.includes('class="entry')),
})) {
  test(`${name} is perfect and fast`, async (t) => {
    const path = find();
    assert.ok(path, 'the site has none');
    const scores = await measure(path, PERFECT);
    for (const category of PERFECT) {
      assert.equal(scores[category].score, 100, `${path}: ${category}: ${scores[category].lost.join('\n')}`);
    }
    let { score, lost } = await performance(path);
    if (score < FAST) ({ score, lost } = await performance(path));
    t.diagnostic(`${path}: performance ${score}`);
    assert.ok(score >= FAST, `${path}: performance ${score}: ${lost.join('\n')}`);
  });
}

test('it finds faults that are planted', async () => {
  const html = site.read('index.html');
  const planted = html.replace(/<title.*<\/title>|<meta name="description".*>/g, '')
    .replace('<main', `<img src="missing.png"><button></button>${'<p>slow</p>'.repeat(10)}<main`);
  writeFileSync(join(site.root, 'planted.html'), planted);
  const scores = await measure('planted.html', PERFECT);
  writeFileSync(join(site.root, 'slow.js'), 'for (const end = performance.now() + 1500; performance.now() < end;);');
  writeFileSync(join(site.root, 'slow.html'), html.replace('</head>', '<script src="slow.js"></script></head>'));
  const { score } = (await measure('slow.html', ['performance'])).performance;
  assert.ok(score < FAST, `performance: ${score}`);
  for (const category of PERFECT) assert.ok(scores[category].score < 100, `${category}: ${scores[category].score}`);
});
