/**
 * Default theme of unstick: *did this help?* without anybody who listens. Readers keep notes on their device, and hand them
 * over as a file when they like.
 *
 * A classic script, because modules do not load over file://; unstick/theme.js loads it when the end of an entry comes near. Whatever comes from the storage becomes text, never HTML.
 */
(function () {
  'use strict';

  /** @typedef {{ path: string, id: string, title: string, helped: boolean, note: string, day: string }} Note */

  const about = document.getElementById('_notes');
  const { site = '', path = '', language = 'en', words = '' } = about ? about.dataset : {};
  /** All that readers read, from templates/messages. @type {Record<string, string>} */
  const WORDS = Object.fromEntries(words.split('\n').map((line) => line.split(/=(.*)/, 2)));
  /** All file:// pages may share one storage. */
  const KEY = `unstick:${site}:feedback`;
  /** More notes than so many are not kept, the oldest go. */
  const MOST = 500;

  /** @type {Note[]} */
  let notes = [];

  function read() {
    try {
      const list = JSON.parse(localStorage.getItem(KEY) || '[]');
      notes = Array.isArray(list) ? list.filter((note) => note && typeof note.path === 'string' && typeof note.id === 'string') : [];
    } catch (denied) { /* they are kept as long as the page is open */ }
  }

  function write() {
    try {
      localStorage.setItem(KEY, JSON.stringify(notes));
    } catch (denied) { /* likewise */ }
    document.querySelectorAll('[data-note]').forEach(show);
  }

  /** @param {string} text @param {() => void} act */
  function button(text, act) {
    const element = document.createElement('button');
    element.type = 'button';
    element.textContent = text;
    element.addEventListener('click', act);
    return element;
  }

  function save() {
    const file = new Blob([JSON.stringify({ version: 1, site, feedback: notes }, null, 1)], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'feedback.json';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 2000);
  }

  /** @param {Element} place the end of an entry */
  function show(place) {
    const id = place.getAttribute('data-note') || '';
    const own = notes.find((note) => note.path === path && note.id === id);
    const heading = /** @type {Element | undefined} */ ((place.closest('.entry') || document).querySelector('.question, h1')?.cloneNode(true));
    // It links to itself.
    heading?.querySelector('.permalink')?.remove();
    const title = heading?.textContent?.trim() || '';

    /** @param {boolean} helped @param {string} note */
    function keep(helped, note) {
      const now = new Date();
      const day = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
      read();
      notes = [...notes.filter((other) => other.path !== path || other.id !== id), { path, id, title, helped, note, day }].slice(-MOST);
      write();
    }

    const answers = [true, false].map((helped) => {
      const answer = button(helped ? WORDS.yes : WORDS.no, () => {
        keep(helped, own ? own.note : '');
        const next = helped ? null : place.querySelector('input');
        (next || place.querySelectorAll('button')[helped ? 0 : 1]).focus();
      });
      answer.setAttribute('aria-pressed', `${own !== undefined && own.helped === helped}`);
      return answer;
    });
    place.setAttribute('role', 'group');
    place.setAttribute('aria-label', WORDS.helped);
    place.replaceChildren(WORDS.helped, ...answers);
    if (!own) return;
    if (!own.helped) {
      const form = document.createElement('form');
      const input = document.createElement('input');
      const kept = button(WORDS.keep, () => {});
      kept.type = 'submit';
      input.maxLength = 1000;
      input.value = own.note || '';
      input.placeholder = WORDS.missing;
      input.setAttribute('aria-label', WORDS.missing);
      form.append(input, kept);
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        keep(false, input.value.trim());
        place.querySelectorAll('button')[2].focus();
      });
      place.append(form);
    }
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    said.textContent = WORDS.kept;
    place.append(said, button(WORDS.save.replace('{n}', notes.length.toLocaleString(language)), save), button(WORDS.delete, () => {
      notes = [];
      write();
      place.querySelectorAll('button')[0].focus();
    }));
  }

  read();
  document.querySelectorAll('[data-note]').forEach(show);
})();
