// The search over file:// in Firefox, whose rules for files are its own.
//
//   UNSTICK_SITE=path/to/site node --test firefox.test.mjs
//
// Left out where there is no Firefox: `UNSTICK_FIREFOX`, else the first of `firefox-esr` and `firefox` on the PATH. It is driven
// by Marionette, the protocol it has built in: <https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html>.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { unitsOf } from './engine.mjs';
import { openSite } from './site.mjs';

const PREFERENCES = {
  'marionette.port': 0, // any that is free
  // Automation relaxes what files may do unless it is told not to, and then proves nothing.
  'remote.prefs.recommended': false,
  'security.fileuri.strict_origin_policy': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.dns.disabled': true,
};
/** In milliseconds. */
const PATIENCE = 60_000;
const ENTER = '\uE007';

function firefoxPath() {
  if (process.env.UNSTICK_FIREFOX) return process.env.UNSTICK_FIREFOX;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/** Waits until `get` gives something. */
async function wait(get, what) {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const got = await get();
    if (got) return got;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`Firefox: waited in vain for ${what}`);
}

/** A Firefox with one tab; gives what sends it a command. */
async function launch(t, path) {
  const profile = mkdtempSync(join(tmpdir(), 'unstick-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const firefox = spawn(path, ['--headless', '--no-remote', '--marionette', '--profile', profile], { stdio: 'ignore' });
  const ended = new Promise((resolve) => { firefox.on('close', resolve).on('error', resolve); });
  t.after(async () => {
    firefox.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const portFile = join(profile, 'MarionetteActivePort');
  const port = await wait(() => existsSync(portFile) && Number(readFileSync(portFile, 'utf8')), 'its port');
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const waiting = new Map();
  let received = Buffer.alloc(0), last = 0;
  const greeting = new Promise((resolve) => { waiting.set('greeting', { resolve }); });
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const colon = received.indexOf(':'), end = colon + 1 + Number(received.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || received.length < end) return;
      const message = JSON.parse(received.subarray(colon + 1, end).toString());
      received = received.subarray(end);
      if (!Array.isArray(message)) {
        waiting.get('greeting').resolve();
        continue;
      }
      const [, id, error, value] = message, { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(`Firefox: ${error.message}`));
      else resolve(value?.value ?? value);
    }
  });
  await greeting;
  const send = (command, parameters = {}) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    const text = Buffer.from(JSON.stringify([0, last, command, parameters]));
    socket.write(`${text.length}:`);
    socket.write(text);
  });
  await send('WebDriver:NewSession', { capabilities: { alwaysMatch: { unhandledPromptBehavior: 'ignore' } } });
  return send;
}

const path = firefoxPath();

test('the search works over file:// in Firefox', { skip: path ? false : 'there is no Firefox' }, async (t) => {
  const site = openSite();
  t.after(() => site.close());
  const send = await launch(t, path);
  const run = (script, ...args) => send('WebDriver:ExecuteScript', { script, args });
  const press = (text) => send('WebDriver:PerformActions', {
    actions: [{ type: 'key', id: 'keys', actions: [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value }))) }],
  });
  await send('WebDriver:Navigate', { url: site.url('index.html') });
  const fetched = await send('WebDriver:ExecuteAsyncScript', {
    script: 'const [address, done] = arguments; fetch(address).then(() => done("read"), () => done("refused"));', args: [site.url('unstick.json')],
  });
  assert.equal(fetched, 'refused', 'Firefox lets files read files here, and the test proves nothing');

  const all = unitsOf(JSON.parse(site.read('unstick.json')));
  for (const { title, url } of [all[0], all.at(-1)]) {
    await send('WebDriver:Navigate', { url: site.url('index.html') });
    await press('/');
    await press(title);
    const found = await wait(() => run(`
      const rows = [...document.querySelectorAll('.search-hit')];
      const isDone = document.querySelector('.search-row input').value === arguments[0] && rows.some((row) => row.querySelector('mark'));
      return isDone && rows.slice(0, 3).map((row) => row.href);`, title), `results for ${title}`);
    // The last letters may still be under way.
    const address = new URL(url, site.address).href;
    await wait(() => run('return [...document.querySelectorAll(".search-hit")].slice(0, 3).some((row) => row.href === arguments[0])', address),
      `${address}, not ${found}`);
    assert.equal(await run('return document.querySelector(".search-note").textContent'), '', 'every part was loaded');
    await press(ENTER);
    await wait(() => run('return location.href !== arguments[0]', site.url('index.html')), 'the page that was chosen');
  }
});

test('a guided diagnosis works over file:// in Firefox', { skip: path ? false : 'there is no Firefox' }, async (t) => {
  const site = openSite();
  t.after(() => site.close());
  const found = site.pages.find((page) => site.read(page).includes('<div class="diagnosis">'));
  if (!found) return t.diagnostic('this site has none');
  const send = await launch(t, path);
  const run = (script, ...args) => send('WebDriver:ExecuteScript', { script, args });
  const open = () => run('return [...document.querySelectorAll("details.choice[open]")].map((one) => one.id)');
  await send('WebDriver:Navigate', { url: site.url(found) });
  const [first, second] = await run(`
    const inner = document.querySelector('.choice .choice');
    return [inner.parentElement.closest('.choice').id, inner.id];`);
  for (const id of [first, second]) await run('document.getElementById(arguments[0]).querySelector("summary").click()', id);
  await wait(async () => (await open()).length === 2, 'two answers');
  assert.equal(decodeURIComponent(new URL(await run('return location.href')).hash.slice(1)), second);
  await send('WebDriver:Back');
  await wait(async () => (await open()).join() === first, 'the answer that is taken back');
  await send('WebDriver:Navigate', { url: site.url('index.html') });
  await send('WebDriver:Navigate', { url: `${site.url(found)}#${encodeURIComponent(second)}` });
  await wait(async () => (await open()).join() === [first, second].join(), 'the place that the address names');
});
