// What readers of a built site wait for: bytes, by the engine under Node, and time, in the system's Chromium over file://.
//
//   node browser.mjs SITE QUERIES.json [bytes|time|first]...
//
// QUERIES.json is a list of queries. Needs `npm ci` in tests/browser. Times are those of whole tasks in a trace of the
// browser, all that a keystroke sets off until the next one. Tasks with scripts take the input, ask the worker, load what it
// needs and put its answer into the dialog; the others are mostly frames: style, layout, paint. Processor time is what the
// tasks ran; time on the wall is more on a machine that has other work.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { open } from '../../tests/search/engine.mjs';
import { launch, openSite } from '../../tests/browser/site.mjs';

const [, , folder, queriesFile, ...wanted] = process.argv;
const queries = JSON.parse(readFileSync(queriesFile, 'utf8'));
const INDEX = 'unstick/search';
const index = join(folder, INDEX);

/** Between two keystrokes, in milliseconds. */
const PACE = 70;
/** Browsers that are started to see what the first results take. */
const STARTS = 10;

/** @param {number[]} values @param {number} share */
function part(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

const worst = (values) => part(values, 1);
const median = (values) => part(values, 0.5);
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const sum = (values) => values.reduce((a, b) => a + b, 0);
const kilo = (bytes) => (bytes / 1000).toFixed(1);
const milli = (time) => time.toFixed(1);

// Bytes

/** @type {Map<string, number>} */
const sizes = new Map();

/** @param {string} name @returns {number} the bytes of a file of the index in gzip */
function size(name) {
  if (!sizes.has(name)) sizes.set(name, gzipSync(readFileSync(join(index, name + '.js'))).length);
  return sizes.get(name) ?? 0;
}

function bytes() {
  const script = size('engine');
  const all = [];
  const words = [];
  const most = (kind) => Math.max(...readdirSync(index).filter((name) => name.startsWith(kind)).map((name) => size(name.slice(0, -3))));
  for (const query of queries) {
    const search = open(index);
    const of = (kinds) => sum(search.read.splice(0).map(({ name }) => name).filter((name) => kinds.includes(name[0])).map(size));
    search.ask(query);
    all.push(script + of('bwt'));
    // A word more each time; behind it a space, so that it is no beginning.
    const other = open(index);
    other.ask('');
    other.read.length = 0;
    query.split(/\s+/).forEach((_, at, list) => {
      const before = other.read.length;
      other.ask(`${list.slice(0, at + 1).join(' ')} `);
      words.push(sum(other.read.slice(before).map(({ name }) => name).filter((name) => name[0] === 'w').map(size)));
    });
  }
  row('engine.js', kilo(script), '');
  row('boot file', kilo(size('boot')), '');
  row('all before the first results', kilo(median(all)), kilo(worst(all)));
  row('shards of a further word, also a mistyped or compound one', kilo(median(words)), kilo(worst(words)));
  row('the largest shard', '', kilo(most('w-')));
  for (const [kind, what] of [['w', 'terms'], ['t', 'titles and texts']]) {
    const files = readdirSync(index).filter((name) => name.startsWith(`${kind}-`)).map((name) => size(name.slice(0, -3)));
    row(`a file of ${what}, of ${files.length}`, kilo(median(files)), kilo(worst(files)));
  }
}

// Time

/** Runs in the page before its scripts: notes when keys are pressed and when results are shown. */
function watch() {
  const notes = globalThis.notes = { pressed: [], shown: [] };
  addEventListener('input', () => { notes.pressed.push(performance.now()); }, true);
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.className === 'search-hits')) notes.shown.push(performance.now());
  }).observe(document, { subtree: true, childList: true });
}

/** What a task with scripts has inside. */
const SCRIPTS = new Set(['EventDispatch', 'FunctionCall', 'EvaluateScript']);

/** @param {any[]} events of a trace @returns tasks of the main thread of the page, and of its workers, in milliseconds */
function tasksOf(events) {
  const names = new Map();
  for (const { ph, name, pid, tid, args } of events) if (ph === 'M' && name === 'thread_name') names.set(`${pid} ${tid}`, args.name);
  const keys = events.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown').sort((a, b) => a.ts - b.ts);
  const page = keys[0].pid;
  const of = (thread) => events.filter(({ ph, name, pid, tid }) => ph === 'X' && pid === page
    && name === 'ThreadControllerImpl::RunTask' && names.get(`${pid} ${tid}`)?.startsWith(thread));
  const main = of('CrRendererMain').sort((a, b) => a.ts - b.ts);
  /** The task of the main thread in which something happens. */
  const taskOf = ({ ts }) => {
    let low = 0, high = main.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (main[middle].ts <= ts) low = middle + 1;
      else high = middle;
    }
    return main[low - 1];
  };
  for (const event of events) {
    if (event.pid !== page || event.tid !== main[0].tid || !SCRIPTS.has(event.name)) continue;
    const task = taskOf(event);
    if (task && task.args.src_func !== 'ScheduledActionSendBeginMainFrame') task.isScript = true;
  }
  // A keystroke begins with its task, so that each task is counted once.
  return { keys: keys.map((key) => (taskOf(key) ?? key).ts), main, worker: of('DedicatedWorker') };
}

/** @param {any} task @returns {number} the time for which it ran, in milliseconds */
const processor = ({ tdur, dur }) => (tdur ?? dur) / 1000;

async function time(site) {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript(watch);
  await page.goto(site.url('index.html'));
  await page.keyboard.press('/');
  const field = page.getByRole('combobox', { name: 'Search' });
  const scripts = [], wall = [], all = [], worker = [], tasks = [], until = [];
  for (const query of queries) {
    await field.fill('');
    await page.evaluate(() => { globalThis.notes.pressed.length = 0; globalThis.notes.shown.length = 0; });
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    await page.waitForTimeout(PACE);
    for (const letter of query) {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter).catch(() => page.keyboard.insertText(letter));
      await page.waitForTimeout(PACE);
    }
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
    const trace = tasksOf(traceEvents);
    trace.keys.forEach((from, at) => {
      const to = trace.keys[at + 1] ?? from + PACE * 1000;
      const here = trace.main.filter(({ ts }) => ts >= from && ts < to);
      const there = trace.worker.filter(({ ts }) => ts >= from && ts < to);
      const asks = here.filter(({ isScript }) => isScript);
      scripts.push(sum(asks.map(processor)));
      wall.push(sum(asks.map(({ dur }) => dur / 1000)));
      all.push(sum(here.map(processor)));
      worker.push(sum(there.map(processor)));
      tasks.push(...here.map(processor));
    });
    const { pressed, shown } = await page.evaluate(() => globalThis.notes);
    pressed.forEach((from, at) => {
      const end = shown.find((to) => to >= from && to < (pressed[at + 1] ?? Infinity));
      if (end !== undefined) until.push(end - from);
    });
  }
  await browser.close();
  const of = (what, values) => row(what, milli(median(values)), milli(part(values, 0.99)), milli(worst(values)));
  of(`tasks with scripts, processor time, ${scripts.length} keystrokes`, scripts);
  of('the same, on the wall', wall);
  of('all tasks of the main thread, with frames, processor time', all);
  of('worker, processor time', worker);
  of('from a keystroke to its results, on the wall', until);
  of('a task of the main thread, processor time', tasks);
}

/** Takes the files of the index out of the memory of the system. @param {string} folder */
function forget(folder) {
  const drop = 'for name in *; do dd of="$name" oflag=nocache conv=notrunc,fdatasync count=0 status=none; done';
  execFileSync('sh', ['-c', drop], { cwd: folder, stdio: 'ignore' });
}

async function first(site) {
  const all = [];
  const longest = [];
  for (let start = 0; start < STARTS; start++) {
    forget(join(site.root, INDEX));
    const browser = await launch();
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(site.url('index.html'));
    await page.waitForTimeout(500);
    const { took, task } = await page.evaluate(async (query) => {
      const tasks = [];
      new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) tasks.push(duration); }).observe({ type: 'longtask' });
      const from = performance.now();
      const field = /** @type {HTMLInputElement} */ (document.querySelector('input[type=search]'));
      field.focus();
      field.value = query;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      while (!document.querySelector('.search-hit')) await new Promise((resolve) => { setTimeout(resolve); });
      const took = performance.now() - from;
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      return { took, task: Math.max(0, ...tasks) };
    }, queries[start % queries.length]);
    all.push(took);
    longest.push(task);
    await browser.close();
  }
  row(`from the first focus to results, ${STARTS} new profiles`, milli(median(all)), '', milli(worst(all)));
  row('the longest task over 50 ms of these, on the wall', milli(median(longest)), '', milli(worst(longest)));
}

const wants = (what) => !wanted.length || wanted.includes(what);
if (wants('bytes')) {
  console.log(`| ${basename(folder)}, ${queries.length} queries, KB in gzip | median | worst |\n| --- | --- | --- |`);
  bytes();
  console.log();
}
if (wants('time') || wants('first')) {
  const site = openSite(folder);
  try {
    console.log(`| ${basename(folder)}, ${queries.length} queries, milliseconds | median | 99th percentile | worst |\n| --- | --- | --- | --- |`);
    if (wants('time')) await time(site);
    if (wants('first')) await first(site);
  } finally {
    site.close();
  }
}
