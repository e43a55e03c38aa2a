// The site that a file of tests reads, and the browser that it is read in.

import { after } from 'node:test';
import { launch, openSite } from './site.mjs';

/** Opens both, and closes them behind the tests of the file. @param {string[]} [hosts] that can be reached */
export async function opened(hosts) {
  const site = openSite();
  after(() => site.close());
  const browser = await launch(hosts);
  after(() => browser.close());
  return { site, browser };
}
