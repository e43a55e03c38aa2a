// Guided diagnosis as its reader meets it: walked through by keyboard, come to by address, with scripts and without, on a phone
// and on paper.
//
//   UNSTICK_SITE=path/to/site node --test diagnosis.test.mjs
//
// Nothing here knows the content: the page is the first one of the site that holds a diagnosis.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { opened } from './opened.mjs';
import { newReader } from './reader.mjs';

const { site, browser } = await opened();
/** The page, and the anchors of one of its deepest questions and of an answer that leads to it. */
let path;
let deep;

before(async () => {
  path = site.pages.find((one) => site.read(one).includes('<div class="diagnosis">'));
  assert.ok(path, 'no page of this site holds a diagnosis');
  const page = await browser.newPage();
  await page.goto(site.url(path));
  deep = await page.evaluate(() => {
    const depth = (element) => {
      let count = 0;
      for (let up = element.parentElement; up; up = up.parentElement) count += Number(up.matches('details.choice'));
      return count;
    };
    const questions = [...document.querySelectorAll('.diagnosis .asks')];
    const question = questions.reduce((a, b) => (depth(b) > depth(a) ? b : a));
    const above = [];
    for (let up = question.closest('details'); up; up = up.parentElement.closest('details')) above.unshift(up.id);
    return { question: question.id, above };
  });
  assert.ok(deep.above.length > 1, 'its questions are not nested');
  await page.close();
});

const reader = (t, options) => newReader(t, browser, site, { viewport: { width: 1280, height: 900 }, ...options });

/** The ids of the answers that are open. */
const open = (page) => page.locator('details.choice[open]').evaluateAll((all) => all.map((one) => one.id));

/** The ids of the answers that can be chosen or taken back. */
const shown = (page) => page.locator('details.choice').evaluateAll((all) => (
  all.filter((one) => one.querySelector('summary').checkVisibility({ contentVisibilityAuto: true })).map((one) => one.id)
));

const hash = (page) => decodeURIComponent(new URL(page.url()).hash.slice(1));

/** Presses Tab until something that `selector` names has the focus. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`Tab never comes to ${selector}`);
}

test('a reader walks through it by keyboard, and comes to an entry', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(site.url(path));
  assert.deepEqual(await open(page), []);
  assert.equal(await page.locator('.ask .ask .asks:visible').count(), 0, 'only the first question is shown');

  for (const id of deep.above) {
    await tabTo(page, `[id="${id}"] > summary`);
    await page.keyboard.press('Enter');
    await page.waitForFunction((now) => document.getElementById(now).open, id);
    assert.equal(hash(page), id, 'the address keeps the answer');
    const others = await page.locator(`[id="${id}"]`).evaluate((one) => (
      [...one.parentElement.children].filter((other) => other !== one && other.matches('.choice'))
        .filter((other) => other.checkVisibility()).length
    ));
    assert.equal(others, 0, 'the other answers are out of sight');
  }
  assert.deepEqual(await open(page), deep.above, 'the way taken is open, and nothing else');
  const marked = await page.locator('.flowchart [data-taken]').evaluateAll((all) => all.map((one) => one.dataset.of));
  for (const id of [...deep.above, deep.question]) assert.ok(marked.includes(id), `${id} is not marked in the flowchart`);

  await tabTo(page, `.ask:has(> [id="${deep.question}"]) > .choice > summary`);
  await page.keyboard.press('Enter');
  await tabTo(page, '.outcome a');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => site.path(url.href) !== path);
  assert.equal(await page.locator('h1').count(), 1);

  await page.goBack();
  await page.waitForFunction((count) => document.querySelectorAll('details.choice[open]').length === count, deep.above.length + 1);
  assert.deepEqual((await open(page)).slice(0, -1), deep.above, 'the way is still there');
  assert.deepEqual(trouble, []);
});

test('an address leads to its place, the back button takes an answer back, and there is a way to start again', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(`${site.url(path)}#${encodeURIComponent(deep.question)}`);
  assert.deepEqual(await open(page), deep.above);
  assert.ok(await page.locator(`[id="${deep.question}"]`).isVisible());

  const [first] = await page.locator(`.ask:has(> [id="${deep.question}"]) > .choice`).evaluateAll((all) => all.map((one) => one.id));
  await page.locator(`[id="${first}"] > summary`).click();
  await page.waitForFunction((id) => document.getElementById(id).open, first);
  await page.goBack();
  await page.waitForFunction((id) => !document.getElementById(id).open, first);
  assert.deepEqual(await open(page), deep.above);

  // Taking an answer back leads to its question.
  await page.locator(`[id="${deep.above[1]}"] > summary`).click();
  await page.waitForFunction((id) => !document.getElementById(id).open, deep.above[1]);
  assert.equal(hash(page), await page.locator(`[id="${deep.above[1]}"]`).evaluate((one) => one.parentElement.querySelector('.asks').id));

  await page.locator('.diagnosis-again a').first().click();
  await page.waitForFunction(() => !document.querySelector('details.choice[open]'));
  assert.equal(new URL(page.url()).hash, '');
  assert.equal(await page.locator('.flowchart [data-taken]').count(), 0);
  assert.ok(await page.evaluate(() => document.activeElement.matches('details.choice > summary')), 'the focus is at the start');
  assert.deepEqual(trouble, []);
});

test('it works without JavaScript', async (t) => {
  const { page, trouble } = await reader(t, { javaScriptEnabled: false });
  await page.goto(site.url(path));
  const top = await shown(page);
  for (const id of deep.above) await page.locator(`[id="${id}"] > summary`).click();
  assert.ok(await page.locator(`[id="${deep.question}"]`).isVisible());
  assert.deepEqual(await open(page), deep.above);

  // An answer is taken back, and another chosen.
  await page.locator(`[id="${deep.above[0]}"] > summary`).click();
  assert.deepEqual(await shown(page), top);
  const other = top.find((id) => id !== deep.above[0]);
  await page.locator(`[id="${other}"] > summary`).click();
  assert.ok((await open(page)).includes(other) && !(await open(page)).includes(deep.above[0]));

  await page.locator('.diagnosis-again a').first().click();
  await page.waitForLoadState();
  assert.deepEqual(await open(page), []);

  await page.goto(site.url('index.html'));
  await page.goto(`${site.url(path)}#${encodeURIComponent(deep.question)}`);
  assert.deepEqual(await open(page), deep.above, 'the address opens the way to its place');
  assert.deepEqual(trouble, []);
});

for (const javaScriptEnabled of [true, false]) {
  test(`on paper everything is open${javaScriptEnabled ? '' : ' without JavaScript'}`, async (t) => {
    const { page, trouble } = await reader(t, { javaScriptEnabled });
    await page.goto(`${site.url(path)}#${encodeURIComponent(deep.question)}`);
    await page.emulateMedia({ media: 'print' });
    for (const part of ['.asks', '.choice > summary > span:first-child', '.outcome']) {
      const sizes = await page.locator(part).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
      assert.ok(sizes.length > 1 && sizes.every((height) => height > 0), `${part}: ${sizes}`);
    }
    await page.pdf();
    assert.deepEqual(trouble, []);
  });
}

test('printing leaves no trace', async (t) => {
  const { page, trouble } = await reader(t);
  await page.goto(`${site.url(path)}#${encodeURIComponent(deep.question)}`);
  const names = () => page.locator('details.choice').evaluateAll((all) => all.map((one) => one.getAttribute('name')));
  const before = await names();
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal((await open(page)).length, before.length);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.waitForTimeout(100);
  assert.deepEqual(await names(), before);
  assert.deepEqual(await open(page), deep.above);
  assert.deepEqual(trouble, []);
});

for (const colorScheme of ['light', 'dark']) {
  test(`the flowchart is readable and scrolls by itself on a phone, in the ${colorScheme} scheme`, async (t) => {
    const { page, trouble } = await reader(t, { viewport: { width: 360, height: 740 }, colorScheme });
    await page.goto(site.url(path));
    const found = await page.evaluate(() => {
      const frame = document.querySelector('.flowchart-scroll');
      const boxes = [...document.querySelectorAll('.fc-box')];
      const outside = boxes.filter((box) => {
        const [rect, text] = [box.querySelector('rect').getBBox(), box.querySelector('text').getBBox()];
        return text.x < rect.x || text.x + text.width > rect.x + rect.width
          || text.y < rect.y || text.y + text.height > rect.y + rect.height;
      });
      return {
        scrolls: frame.scrollWidth > frame.clientWidth,
        page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        size: parseFloat(getComputedStyle(document.querySelector('.fc text')).fontSize),
        scale: document.querySelector('.fc').getBoundingClientRect().width / Number(document.querySelector('.fc').getAttribute('width')),
        outside: outside.map((box) => box.textContent),
        text: getComputedStyle(document.querySelector('.fc text')).fill,
        links: [...document.querySelectorAll('.fc-end a')].length,
        ends: [...document.querySelectorAll('.fc-end')].length,
      };
    });
    assert.ok(found.scrolls, 'a chart that is wider than the phone scrolls');
    assert.equal(found.page, 0, 'the page does not');
    assert.ok(found.size >= 12 && found.scale === 1, `text of ${found.size} px at ${found.scale}`);
    assert.deepEqual(found.outside, [], 'text that is larger than its box');
    assert.equal(found.links, found.ends, 'ends that lead nowhere');
    assert.deepEqual(trouble, []);
  });
}
