// What the first page of a site costs its reader: bytes, requests, and text that moves while it is read.
//
//   UNSTICK_SITE=path/to/site node --test first-page.test.mjs

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { opened } from './opened.mjs';
import { pagesOfEverySort } from './pages.mjs';
import { packed, serve } from './server.mjs';

/** What a new connection carries before it waits for an answer; compressed HTML, CSS and JavaScript must fit. */
const MOST = 14 * 1024;

const SCREENS = { desk: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

const { site, browser } = await opened(['localhost']);

/** A reader over HTTP who does nothing: what was loaded, what is wrong. */
async function newVisitor(t, { address }, viewport) {
  const context = await browser.newContext({ viewport });
  t.after(() => context.close());
  /** @type {Map<string, { type: string, bytes: number }>} */
  const loaded = new Map();
  const wrong = [];
  await context.addInitScript(() => {
    globalThis.shifts = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`content security policy: ${violatedDirective} blocks ${blockedURI || 'inline'}`);
    });
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        const what = sources.map(({ node }) => node?.cloneNode?.(false).outerHTML ?? node?.nodeName);
        globalThis.shifts.push(`${value.toFixed(4)} ${what.join(', ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && !request.url().startsWith(address)) wrong.push(`asks ${request.url()}`);
    if (request.resourceType() === 'font') wrong.push(`loads the font ${request.url()}`);
  });
  page.on('response', (response) => {
    loaded.set(response.url(), { type: response.request().resourceType(), status: response.status() });
  });
  return { page, loaded, wrong };
}

/** Bytes of what came but pictures, packed, by path. */
function weigh({ address }, loaded) {
  return [...loaded].filter(([url, { type }]) => url.startsWith(address) && type !== 'image').map(([url, { status }]) => {
    assert.equal(status, 200, url);
    const name = pathOf(address, url);
    return [name, packed(site.buffer(name)).length];
  });
}

const sum = (parts) => parts.reduce((all, [, bytes]) => all + bytes, 0);

const pathOf = (address, url) => decodeURIComponent(new URL(url).pathname).slice(1);

test('the first page is small, and asks nobody else', async (t) => {
  const server = await serve(site.root);
  t.after(() => server.close());
  const sizes = [];
  for (const path of pagesOfEverySort(site)) {
    const { page, loaded, wrong } = await newVisitor(t, server, SCREENS.desk);
    await page.goto(server.address + encodeURI(path), { waitUntil: 'networkidle' });
    const parts = weigh(server, loaded);
    const size = sum(parts);
    if (path === 'index.html') {
      assert.ok(parts.length >= 3, `only ${parts} came`);
      t.diagnostic(`${size} of ${MOST} bytes: ${parts.map(([name, bytes]) => `${name} ${bytes}`).join(', ')}`);
      assert.ok(size <= MOST, `${size} bytes: ${parts.join(' ')}`);
    }
    sizes.push([size, path]);
    assert.deepEqual(wrong, [], path);
    await page.context().close();
  }
  const [size, path] = sizes.sort(([a], [b]) => b - a)[0];
  t.diagnostic(`the largest of other sorts is ${path} with ${size} bytes`);
});

test('what would cost more is found', async (t) => {
  const server = await serve(site.root);
  t.after(() => server.close());
  const random = Array.from({ length: MOST }, () => Math.random().toString(36).slice(2, 6)).join(' ');
  writeFileSync(join(site.root, 'heavy.js'), `/* ${random} */`);
  writeFileSync(join(site.root, 'heavy.css'), '@font-face { font-family: f; src: url(f.woff2) } body { font-family: f }');
  const planted = '<script src="heavy.js"></script><script>0</script><link rel="stylesheet" href="heavy.css"><img src="https://example.org/a.png" alt="">';
  writeFileSync(join(site.root, 'planted.html'), site.read('index.html').replace('</head>', `${planted}</head>`));
  const { page, loaded, wrong } = await newVisitor(t, server, SCREENS.desk);
  await page.goto(`${server.address}planted.html`, { waitUntil: 'networkidle' });
  assert.ok(sum(weigh(server, new Map([...loaded].filter(([url]) => !url.endsWith('woff2'))))) > MOST);
  for (const what of [/content security policy: script-src-elem blocks inline/, /loads the font/, /img-src blocks https/]) assert.match(wrong.join('\n'), what);
});

for (const [screen, viewport] of Object.entries(SCREENS)) {
  test(`nothing moves while a page loads, on a ${screen}`, async (t) => {
    // Slowly, so that what is above the main part is seen before the rest is there.
    const server = await serve(site.root, { pause: 250 });
    t.after(() => server.close());
    const { page } = await newVisitor(t, server, viewport);
    const moved = [];
    for (const path of pagesOfEverySort(site)) {
      await page.goto(server.address + encodeURI(path), { waitUntil: 'load' });
      await page.waitForTimeout(150);
      const shifts = await page.evaluate(() => globalThis.shifts);
      moved.push(...shifts.map((shift) => `${path}: ${shift}`));
    }
    assert.deepEqual(moved, []);

    // Faults that are planted are found.
    await page.goto(server.address);
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    await page.evaluate(() => document.body.prepend(Object.assign(document.createElement('pre'), { textContent: '\n\n\n\n\n\n' })));
    await page.waitForFunction(() => globalThis.shifts.length > 0);
  });
}
