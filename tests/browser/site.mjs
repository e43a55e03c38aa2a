// A built site, copied to a folder with an awkward name and opened over file:// in the system's Chromium.
// Shared by the tests and the screenshots; knows nothing of what is asserted.

import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync }
  from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/** A space, a fragment sign, a percent sign that is no escape, and a letter outside ASCII. */
const AWKWARD = 'a copy #1 100% für alle';

/** Pages that the generator makes itself and that stand outside the tree of sections. */
export const GENERATED = /^(?:index\.html|404\.html|(?:questions|open|tags|search)\/.*)$/;

/** `executablePath` of the browser: `UNSTICK_CHROMIUM`, else the first of Debian's names that is on the PATH. */
export function browserPath() {
  const wanted = process.env.UNSTICK_CHROMIUM;
  if (wanted) return wanted;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch { /* look further */ }
    }
  }
  throw new Error('no chromium on the PATH; install it or set UNSTICK_CHROMIUM');
}

/** @param {string[]} hosts that can be reached, of which there are none in the field */
export function launch(hosts = []) {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      // A page that asks for a host fails here exactly as it does in the field.
      `--host-resolver-rules=${['MAP * ~NOTFOUND', ...hosts.map((host) => `EXCLUDE ${host}`)].join(',')}`,
    ],
  });
}

/** The folder named by `UNSTICK_SITE` (or the argument), copied away; call `close()` to remove the copy. */
export function openSite(folder = process.env.UNSTICK_SITE) {
  if (!folder || !existsSync(join(folder, 'index.html'))) {
    throw new Error(`UNSTICK_SITE must name the folder of a built site (with an index.html), not ${folder || 'nothing'}`);
  }
  const temporary = mkdtempSync(join(tmpdir(), 'unstick-browser-'));
  const root = join(temporary, AWKWARD);
  mkdirSync(root);
  cpSync(folder, root, { recursive: true });
  return new Site(root, () => rmSync(temporary, { recursive: true, force: true }));
}

export class Site {
  constructor(root, close) {
    this.root = root;
    this.close = close;
    this.address = pathToFileURL(root + sep).href;
    const all = readdirSync(root, { recursive: true })
      .map((name) => name.split(sep).join('/'))
      .filter((name) => name.endsWith('.html'))
      .sort();
    /** Pages that only send the reader on to the new place of a page. */
    this.redirects = all.filter((path) => /<meta[^>]+http-equiv=["']?refresh/i.test(this.read(path)));
    /** Every other page, as a path inside the site with `/`. */
    this.pages = all.filter((path) => !this.redirects.includes(path));
  }

  read(path) {
    return readFileSync(join(this.root, path), 'utf8');
  }

  buffer(path) {
    return readFileSync(join(this.root, path));
  }

  has(path) {
    const file = join(this.root, path);
    return existsSync(file) && statSync(file).isFile();
  }

  /** The file:// address of a path inside the site. */
  url(path) {
    return new URL(path.split('/').map(encodeURIComponent).join('/'), this.address).href;
  }

  /** The path inside the site of an address, without query and fragment; undefined for one that is elsewhere. */
  path(address) {
    const url = new URL(address);
    url.hash = '';
    url.search = '';
    return url.href.startsWith(this.address) ? decodeURIComponent(url.href.slice(this.address.length)) : undefined;
  }

  /** The page whose file is largest. */
  largest() {
    const size = (path) => statSync(join(this.root, path)).size;
    return this.pages.filter((path) => !GENERATED.test(path)).reduce((a, b) => (size(b) > size(a) ? b : a));
  }
}

/**
 * Relative links below `scope` that lead to a page of this site, in the order of the document:
 * `{ locator, href, path, hash }`.
 */
export async function links(page, site, scope = 'main') {
  const found = [];
  const all = page.locator(`${scope} a[href]`);
  const hrefs = await all.evaluateAll((anchors) => anchors.map((a) => a.getAttribute('href')));
  hrefs.forEach((href, i) => {
    if (/^(?:[a-z][a-z0-9+.-]*:|[/#?]|$)/i.test(href)) return;
    const target = new URL(href, page.url());
    const path = site.path(target.href);
    if (path?.endsWith('.html')) found.push({ locator: all.nth(i), href, path, hash: target.hash });
  });
  return found;
}

/** Links of the home page's `main` that lead into the tree, those with pages below them first; each target once. */
export async function sectionLinks(page, site) {
  const below = (path) => site.pages.some((other) => other !== path && other.startsWith(folderOf(path)));
  const once = new Map();
  for (const link of await links(page, site)) {
    if (GENERATED.test(link.path) || once.has(link.path) || !(await link.locator.isVisible())) continue;
    once.set(link.path, link);
  }
  const all = [...once.values()];
  return [...all.filter((link) => below(link.path)), ...all.filter((link) => !below(link.path))];
}

/** `a/b/index.html` → `a/b/` */
export function folderOf(path) {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The page that most entries stand on, by the links of the list of questions; the largest page if it has none. */
export async function pageWithMostEntries(page, site) {
  await page.goto(site.url('questions/index.html'));
  const entries = new Map();
  for (const { path, hash } of await links(page, site)) {
    if (hash && !GENERATED.test(path)) entries.set(path, (entries.get(path) ?? 0) + 1);
  }
  const [most] = [...entries].sort((a, b) => b[1] - a[1])[0] ?? [site.largest()];
  return most;
}
