// Somebody who reads a site, and everything that troubles them.

import assert from 'node:assert/strict';

/** One reader: a fresh profile with one tab, which must never cause trouble. */
export async function newReader(t, browser, site, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const trouble = [];
  // Chromium reports most violations on the console too; the event is the one that reports them all.
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content security policy: ${event.violatedDirective} blocks ${event.blockedURI || 'inline'}`);
    });
  });
  const page = await context.newPage();
  const note = (what) => trouble.push(`${site.path(page.url()) ?? page.url()}: ${what}`);
  page.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) note(`asks the network for ${request.url()}`);
    else if (request.url().startsWith('file:') && site.path(request.url()) === undefined) {
      note(`leaves the folder of the site: ${request.url()}`);
    }
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // The reader moved on before it had come, as with the icon, for which a page's load does not wait.
    if (why !== 'net::ERR_ABORTED') note(`cannot load ${request.url()}: ${why}`);
  });
  page.on('dialog', (dialog) => {
    note(`opens a dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  t.after(() => context.close());
  return { page, trouble };
}

/** What sticks out of the window at a side, with every fold open; empty when the page does not scroll sideways. */
export function sticksOut(page) {
  return page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const width = document.documentElement.clientWidth;
    const reach = document.documentElement.scrollWidth;
    if (reach <= width) return '';
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return right > width + 0.5 || left < -0.5;
      })
      .filter((element) => {
        for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
          if (getComputedStyle(up).overflowX !== 'visible') return false;
        }
        return true;
      })
      .slice(0, 3)
      .map((element) => element.cloneNode(false).outerHTML);
    return `${reach} px wide: ${wide.join(' ')}`;
  });
}

/** Waits until `get` gives `wanted`. */
export async function becomes(get, wanted, what) {
  const end = Date.now() + 5000;
  let got = await get();
  while (Date.now() < end && JSON.stringify(got) !== JSON.stringify(wanted)) {
    await new Promise((resolve) => { setTimeout(resolve, 30); });
    got = await get().catch((error) => error.message);
  }
  assert.deepEqual(got, wanted, what);
}
