/**
 * Default theme of unstick: the search field of every page, its dialog, and the page of results.
 *
 * A classic script, because modules do not load over file://. unstick/theme.js loads it at the first sign that somebody
 * searches, with what finds, unstick/search/engine.js, right behind. Whatever comes from the index, the address or the storage becomes text, never HTML.
 */
(function () {
  'use strict';

  /** @typedef {[text: string, marked: boolean]} Piece */
  /** @typedef {'section' | 'tag' | 'state' | 'applies'} Facet */
  /** @typedef {{ [facet in Facet]?: string }} Filters */
  /**
   * @typedef {object} Hit
   * @property {string} url below the root of the site
   * @property {Piece[]} title
   * @property {string[]} section titles of the page and of those above it, outermost first
   * @property {string} state `answered`, `draft`, `unanswered` or `outdated`; empty for what is no entry
   * @property {Piece[]} excerpt
   * @property {string[]} tags
   * @property {string} applies
   */
  /**
   * @typedef {object} Result
   * @property {boolean} fits false: the hits are only the nearest
   * @property {number} total
   * @property {Hit[]} hits
   * @property {Record<Facet, [value: string, count: number][]>} counts
   * @property {string[]} problems files that could not be loaded
   */
  /** @typedef {{ ask(query: string, options: { filters: Filters, top: number }): Promise<Result> }} Engine */
  /** @typedef {Result | 'broken' | undefined} Answer undefined: nothing is asked */

  /** @typedef {(name: string) => Promise<string | null>} Load gives what a file of the search hands over; null when it cannot be had */
  /** @type {{ openSearch?: (root: string, language: string, load: Load) => Engine, take?: (name: string, text: string) => void }} */
  const shared = (/** @type {any} */ (globalThis).unstick = /** @type {any} */ (globalThis).unstick || {});
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { root = '', site = '', language = 'en', ask: askAddress = '', words = '' } = script.dataset;
  /** All that readers read, from templates/messages; `{n}` and `{query}` are filled in. @type {Record<string, string>} */
  const WORDS = Object.fromEntries(words.split('\n').map((line) => line.split(/=(.*)/, 2)));
  /** What can be filtered, and its name. @type {Record<Facet, string>} */
  const NAMES = { section: WORDS.section, tag: WORDS.tag, state: WORDS.state, applies: WORDS.applies_to };
  const FACETS = /** @type {Facet[]} */ (Object.keys(NAMES));
  /** So many results in the dialog: hardly more are seen at once, and for most of them a file is loaded. */
  const SHOWN = 8;
  /** So many results at a time on the page of results. */
  const STEP = 20;
  /** Longest query, in UTF-16 units. */
  const LONGEST = 500;
  /** The keyboard is on the screen, and shows when a field has the focus. */
  const isTouch = matchMedia('(pointer: coarse)').matches;
  /** A reader who stops for so long means what stands there, in milliseconds. */
  const PAUSE = 2000;

  // What everything is made of

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {Record<string, string>} attributes
   * @param {(Node | string)[]} content
   * @returns {HTMLElementTagNameMap[T]}
   */
  function make(tag, attributes, ...content) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...content);
    return element;
  }

  /**
   * @param {string} className
   * @param {string} text
   * @param {() => void} act
   */
  function button(className, text, act) {
    const element = make('button', { type: 'button', class: className }, text);
    element.addEventListener('click', act);
    return element;
  }

  /** Takes the focus from what is inside. @param {Node} outside */
  function leave(outside) {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && outside.contains(activeElement)) activeElement.blur();
  }

  /** @template T @param {() => T} make @returns {() => T} what makes it when it is first asked for */
  function lazy(make) {
    /** @type {T | undefined} */
    let made;
    return () => made || (made = make());
  }

  const plurals = lazy(() => new Intl.PluralRules(language));
  const numbers = lazy(() => new Intl.NumberFormat(language));

  /** @param {string} words @param {string} query @param {number} [n] */
  function say(words, query, n = 0) {
    const short = query.length > 80 ? query.slice(0, 80) + '…' : query;
    return words.replace('{n}', () => numbers().format(n)).replace('{query}', () => short);
  }

  /** @param {string} key @param {number} n */
  const sayCount = (key, n) => say(WORDS[`${key}.${plurals().select(n)}`] || WORDS[`${key}.other`], '', n);

  /** @param {string} state */
  const stateWords = (state) => WORDS[state || 'page'] || state;

  /** A query as it is asked: on one line, with nothing that cannot stand in an address. @param {string} text */
  const tidy = (text) => text.slice(0, LONGEST).replace(/\p{Cs}/gu, '').replace(/\s+/g, ' ').trim();

  /** @param {Piece[]} pieces */
  const marked = (pieces) => pieces.map(([text, isMarked]) => (isMarked ? make('mark', {}, text) : text));

  /** Titles above a hit; an article is not above itself. @param {Hit} hit */
  function above({ section, title }) {
    const text = title.map(([piece]) => piece).join('');
    return (section[section.length - 1] === text ? section.slice(0, -1) : section).join(' › ');
  }

  /** Hits by where they stand, the best first. @param {Hit[]} hits */
  function grouped(hits) {
    /** @type {Map<string, Hit[]>} */
    const groups = new Map();
    for (const hit of hits) groups.set(above(hit), (groups.get(above(hit)) || []).concat(hit));
    return [...groups];
  }

  /** @param {Hit} hit */
  function badge({ state }) {
    return !state || state === 'answered' ? '' : make('span', { class: 'badge', 'data-state': state }, stateWords(state));
  }

  const questionsLink = () => make('a', { href: root + 'questions/index.html' }, WORDS.all_questions);

  /** @param {string} query */
  const askUrl = (query) => askAddress.split('{query}').join(encodeURIComponent(query));

  /** @param {string} query @param {Filters} filters */
  function parameters(query, filters) {
    const all = new URLSearchParams(query ? { q: query } : {});
    for (const facet of FACETS) if (filters[facet] !== undefined) all.set(facet, filters[facet] || '');
    return parametersText(all);
  }

  /** @param {URLSearchParams} all */
  const parametersText = (all) => `${all}` && `?${all}`;

  /** @param {string} query @param {Filters} filters */
  const resultsUrl = (query, filters) => root + 'unstick/search/index.html' + parameters(query, filters);

  // What is kept on this device; storage may be denied, full, or shared with other sites on the same disk

  /** @param {string} name @returns {any[]} */
  function kept(name) {
    try {
      const list = JSON.parse(localStorage.getItem(`unstick:${site}:${name}`) || '[]');
      return Array.isArray(list) ? list : [];
    } catch (denied) {
      return [];
    }
  }

  /** @param {string} name @param {unknown[]} list */
  function keep(name, list) {
    try {
      localStorage.setItem(`unstick:${site}:${name}`, JSON.stringify(list));
    } catch (denied) { /* it is forgotten */ }
  }

  /** @returns {string[]} */
  const recent = () => kept('recent').filter((query) => typeof query === 'string');

  /** @param {string} query */
  function remember(query) {
    const others = recent().filter((other) => other.toLowerCase() !== query.toLowerCase());
    if (query) keep('recent', [query, ...others].slice(0, 5));
  }

  /** @returns {{ query: string, day: string }[]} */
  const missed = () => kept('missed').filter((note) => note && typeof note.query === 'string' && typeof note.day === 'string');

  /** @param {string} query that nothing fits */
  function noteMissed(query) {
    const now = new Date();
    const day = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    const notes = missed();
    const isNoted = notes.some((note) => note.day === day && note.query.toLowerCase() === query.toLowerCase());
    if (!isNoted) keep('missed', [...notes, { query, day }].slice(-200));
  }

  // The engine

  /** @type {Promise<Engine> | undefined} */
  let engine;
  let isBroken = false;

  /** @type {Map<string, string>} what files handed over that nobody has taken yet */
  const handed = new Map();
  shared.take = (name, text) => { handed.set(name, text); };

  /** @param {string} name */
  const fileUrl = (name) => `${root}unstick/search/${name}.js`;

  /** The scripts of the page by address: unstick/theme.js asked for some that run behind this one. */
  const coming = new Map([...document.scripts].map((element) => [element.getAttribute('src'), element]));

  /** @type {Load} */
  function loadFile(name) {
    return new Promise((resolve) => {
      const src = fileUrl(name);
      const asked = coming.get(src);
      const element = asked || make('script', { src });
      coming.delete(src);
      /** @param {boolean} isThere */
      const end = (isThere) => {
        element.remove();
        resolve(isThere ? handed.get(name) || '' : null);
        handed.delete(name);
      };
      element.onload = () => end(true);
      element.onerror = () => end(false);
      if (!asked) document.head.append(element);
    });
  }

  function load() {
    if (!engine) {
      // What the engine needs first takes as long to load as the engine.
      const boot = loadFile('boot');
      engine = Promise.resolve(shared.openSearch || loadFile('engine')).then(() => {
        if (!shared.openSearch) throw new Error('engine.js defines no openSearch');
        // To count in the reader's language takes its time, of which there is some while files are loaded.
        boot.then(() => setTimeout(() => sayCount('found', 0)));
        return shared.openSearch(root, language, (name) => (name === 'boot' ? boot : loadFile(name)));
      });
      engine.catch(() => { isBroken = true; });
    }
    return engine;
  }

  /**
   * Asks what stands in a field, and shows the newest answer only.
   *
   * @param {HTMLInputElement} input
   * @param {HTMLElement} count says how many were found
   * @param {number} top
   * @param {(answer: Answer) => void} show
   */
  function asking(input, count, top, show) {
    let turn = 0;
    let pause = 0;
    let slow = 0;
    const self = {
      /** @type {Filters} */
      filters: {},
      top,
      query: '',
      waiting: false,
      /** The query, if nothing fits it. */
      missed: '',
      /** The reader means what stands there. */
      settle() {
        if (self.missed) noteMissed(self.missed);
        self.missed = '';
      },
      async ask() {
        const mine = ++turn;
        const query = tidy(input.value);
        Object.assign(self, { query, missed: '', waiting: query !== '' });
        clearTimeout(pause);
        clearTimeout(slow);
        /** @type {Answer} */
        let answer;
        if (query) {
          slow = window.setTimeout(() => { count.textContent = WORDS.waiting; }, 400);
          try {
            answer = await (await load()).ask(query, { filters: { ...self.filters }, top: self.top });
          } catch (failure) {
            answer = 'broken';
          }
          if (mine !== turn) return;
          clearTimeout(slow);
        }
        self.waiting = false;
        const { fits, total, problems, isFiltered } = self.of(answer);
        count.toggleAttribute('data-nothing', answer !== undefined && !fits);
        if (!answer) count.textContent = '';
        else if (answer === 'broken') count.textContent = WORDS.broken;
        else if (fits) count.textContent = sayCount('found', total);
        else count.textContent = say(isFiltered ? WORDS.filtered : WORDS.nothing, query);
        // What is not found under a filter, or while a part is missing, may be there.
        if (answer && answer !== 'broken' && !fits && !isFiltered && !problems.length) {
          self.missed = query;
          pause = window.setTimeout(self.settle, PAUSE);
        }
        show(answer);
      },
      /** @param {Answer} answer */
      of(answer) {
        const { fits = false, total = 0, hits = [], problems = [] } = typeof answer === 'object' ? answer : {};
        return { fits: fits && hits.length > 0, total, hits, problems, isFiltered: Object.keys(self.filters).length > 0 };
      },
      /** @param {Facet} facet @param {string | undefined} value */
      filter(facet, value) {
        if (value === undefined) delete self.filters[facet];
        else self.filters[facet] = value;
      },
      /** What can be chosen: also what is chosen and finds nothing. @param {Facet} facet @param {Answer} answer */
      choices(facet, answer) {
        const chosen = self.filters[facet];
        const list = (typeof answer === 'object' && answer.counts[facet]) || [];
        return chosen === undefined || list.some(([value]) => value === chosen)
          ? list : [/** @type {[string, number]} */ ([chosen, 0]), ...list];
      },
    };
    input.addEventListener('input', () => self.ask());
    return self;
  }

  /** @param {Facet} facet @param {string} value */
  const choiceText = (facet, value) => (facet === 'state' ? stateWords(value) : value);

  // The dialog

  function makeDialog() {
    const input = make('input', {
      type: 'text', role: 'combobox', 'aria-label': WORDS.search, 'aria-controls': '_hits', 'aria-expanded': 'false',
      'aria-autocomplete': 'list', placeholder: WORDS.placeholder, autocomplete: 'off', autocapitalize: 'off',
      spellcheck: 'false', inputmode: 'search', enterkeyhint: 'go', dir: 'auto',
    });
    const count = make('p', { class: 'search-count', role: 'status' });
    const list = make('div', { class: 'search-hits', id: '_hits', role: 'listbox', 'aria-label': WORDS.results });
    const note = make('div', { class: 'search-note' });
    const forget = button('', WORDS.forget, () => { keep('recent', []); show(undefined); input.focus(); });
    const selects = FACETS.map((facet) => {
      const select = make('select', { 'aria-label': NAMES[facet], hidden: '' }, make('option', { value: '' }, NAMES[facet]));
      for (const sign of ['focus', 'pointerdown']) select.addEventListener(sign, () => { if (filling) fill(); });
      select.addEventListener('change', () => {
        session.filter(facet, select.selectedIndex ? select.value : undefined);
        session.ask();
      });
      return select;
    });
    const dialog = make('dialog', { class: 'search-dialog', 'aria-label': WORDS.search },
      make('div', { class: 'search-row' }, input,
        button('search-clear', WORDS.clear, () => { input.value = ''; session.ask(); input.focus(); }),
        button('search-close', WORDS.close, hide)),
      make('div', { class: 'search-bar' }, count, ...selects),
      note, list,
      make('div', { class: 'search-foot' }, make('span', { class: 'search-keys' }, WORDS.keys), forget, questionsLink()));
    const session = asking(input, count, SHOWN, show);
    /** @type {HTMLElement[]} */
    let rows = [];
    let active = -1;
    let isScrolled = false;
    list.addEventListener('scroll', () => { isScrolled = true; }, { passive: true });
    /** @type {Answer} */
    let answered;
    /** A timer; 0 when the filters fit the answer. */
    let filling = 0;
    /** Enter was pressed before the answer was there. */
    let isEntered = false;

    /** @param {string} href @param {string} className @param {(Node | string)[]} content */
    function row(href, className, ...content) {
      return make('a', { href, class: className, role: 'option', tabindex: '-1', 'aria-selected': 'false' }, ...content);
    }

    /** Rows of the last answer, by all that stands in them. @type {Map<string, HTMLElement>} */
    let known = new Map();

    /** @param {Hit[]} hits @param {(hit: Hit) => string} where @returns {HTMLElement[]} their rows; those that were shown already are kept */
    function hitRows(hits, where) {
      /** @type {typeof known} */
      const next = new Map();
      const found = hits.map((hit) => {
        const place = where(hit), key = JSON.stringify([hit, place]), element = known.get(key) || hitRow(hit, place);
        next.set(key, element);
        return element;
      });
      known = next;
      return found;
    }

    /** @param {Hit} hit @param {string} where */
    function hitRow(hit, where) {
      return row((root || './') + hit.url, 'search-hit',
        make('span', { class: 'search-title' }, ...marked(hit.title), badge(hit)),
        where && make('span', { class: 'search-where' }, where),
        make('span', { class: 'search-excerpt' }, ...marked(hit.excerpt)));
    }

    /** @param {string} title @param {HTMLElement[]} below */
    function group(title, below) {
      if (!title) return below;
      const head = make('div', { class: 'search-group', 'aria-hidden': 'true' }, title);
      return [make('div', { role: 'group', 'aria-label': title }, head, ...below)];
    }

    /** @param {Answer} answer */
    function show(answer) {
      const { query } = session;
      const { fits, hits, problems, isFiltered } = session.of(answer);
      /** @type {HTMLElement[]} */
      let found = [];
      if (!answer) {
        found = recent().map((old) => {
          const element = row(resultsUrl(old, {}), 'search-recent', old);
          element.dataset.query = old;
          return element;
        });
        if (found.length) found = group(WORDS.recent, found);
      } else if (fits) {
        const all = hitRows(hits, () => '');
        for (const [where, below] of grouped(hits)) found.push(...group(where, below.map((hit) => all[hits.indexOf(hit)])));
        found.push(row(resultsUrl(query, session.filters), 'search-all', say(WORDS.everything, query)));
      } else {
        if (askAddress && answer !== 'broken') found.push(row(askUrl(query), 'search-ask', say(WORDS.ask, query)));
        if (hits.length) found.push(...group(WORDS.nearest, hitRows(hits.slice(0, 5), above)));
        found.push(row(root + 'questions/index.html', 'search-all', WORDS.all_questions));
      }
      // A row that is kept must not stay chosen.
      activate(-1);
      list.replaceChildren(...found);
      // It would be laid out here and now.
      if (isScrolled) list.scrollTop = 0;
      isScrolled = false;
      rows = [...list.querySelectorAll('a')];
      rows.forEach((element, number) => { element.id = `_hit${number}`; });
      input.setAttribute('aria-expanded', `${rows.length > 0}`);
      dialog.toggleAttribute('data-fits', fits);
      dialog.toggleAttribute('data-asked', answer !== undefined);
      note.replaceChildren();
      if (problems.length) note.append(make('p', {}, WORDS.partly, ' ', questionsLink()));
      if (isFiltered && answer && !fits) {
        note.append(button('', WORDS.unfilter, () => { session.filters = {}; session.ask(); input.focus(); }));
      }
      forget.hidden = answer !== undefined || !rows.length;
      FACETS.forEach((facet, number) => {
        const chosen = session.filters[facet];
        selects[number].hidden = chosen === undefined && (!fits || session.choices(facet, answer).length < 2);
        if (chosen === undefined && selects[number].selectedIndex) selects[number].selectedIndex = 0;
      });
      clearTimeout(filling);
      answered = answer;
      // Nobody chooses while typing.
      filling = isFiltered ? 0 : window.setTimeout(fill, 200);
      if (isFiltered) fill();
      if (isEntered) enter({});
    }

    /** Puts into the filters what can be chosen. */
    function fill() {
      clearTimeout(filling);
      filling = 0;
      FACETS.forEach((facet, number) => {
        const choices = session.choices(facet, answered);
        const options = choices.map(([value, n]) => {
          return make('option', { value }, `${choiceText(facet, value)} (${numbers().format(n)})`);
        });
        selects[number].replaceChildren(make('option', { value: '' }, NAMES[facet]), ...options);
        selects[number].selectedIndex = 1 + choices.findIndex(([value]) => value === session.filters[facet]);
      });
    }

    /** @param {number} to */
    function activate(to) {
      if (rows[active]) rows[active].setAttribute('aria-selected', 'false');
      active = to;
      if (!rows[to]) return input.removeAttribute('aria-activedescendant');
      rows[to].setAttribute('aria-selected', 'true');
      input.setAttribute('aria-activedescendant', rows[to].id);
    }

    /** @param {{ ctrlKey?: boolean, metaKey?: boolean, shiftKey?: boolean }} keys */
    function enter({ ctrlKey, metaKey, shiftKey }) {
      isEntered = session.waiting && active < 0;
      if (isEntered) return;
      session.settle();
      const chosen = rows[active < 0 && dialog.hasAttribute('data-fits') ? 0 : active];
      if (chosen) chosen.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
      else if (session.query) activate(0);
    }

    /** Leaves the dialog; the page's own field keeps the query. */
    function hide() {
      dialog.close();
      // A page that had no focus gets none back.
      leave(dialog);
      fields.forEach((field) => { field.value = input.value; });
      if ((history.state || {}).query !== undefined) history.replaceState(null, '');
    }

    input.addEventListener('input', () => { isEntered = false; });
    input.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      const last = rows.length - 1;
      /** @type {Record<string, number>} */
      const moves = { ArrowDown: active < last ? active + 1 : -1, ArrowUp: active < 0 ? last : active - 1 };
      // Without a row they move inside the text, as ever.
      if (active >= 0) Object.assign(moves, { Home: 0, End: last });
      if (event.key === 'Enter') enter(event);
      else if (event.key in moves && !event.shiftKey && !event.altKey) {
        activate(moves[event.key]);
        if (rows[active]) rows[active].scrollIntoView({ block: 'nearest' });
        if (active === 0) list.scrollTop = 0;
      } else return;
      event.preventDefault();
    });
    dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      hide();
    });
    dialog.addEventListener('cancel', (event) => { event.preventDefault(); hide(); });
    dialog.addEventListener('mousedown', (event) => {
      if (event.target === dialog) hide();
      // Focus stays where the reader types.
      else if (rows.some((element) => element.contains(/** @type {Node} */ (event.target)))) event.preventDefault();
    });
    list.addEventListener('mousemove', (event) => {
      const over = rows.findIndex((element) => element.contains(/** @type {Node} */ (event.target)));
      if (over >= 0 && over !== active) activate(over);
    });
    // The keyboard of a phone covers half of the list.
    list.addEventListener('touchmove', () => input.blur(), { passive: true });
    list.addEventListener('click', (event) => {
      const chosen = rows.find((element) => element.contains(/** @type {Node} */ (event.target)));
      if (!(chosen instanceof HTMLAnchorElement)) return;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (chosen.dataset.query !== undefined && isPlain) {
        event.preventDefault();
        open(chosen.dataset.query, {});
        return;
      }
      remember(session.query);
      session.settle();
      if (!isPlain) return;
      const [here] = location.href.split('#');
      if (chosen.href.split('#')[0] === here) {
        hide();
        // The place that was found has the focus, not the field.
        leave(document);
      }
      // For the way back.
      history.replaceState({ query: session.query, filters: session.filters }, '');
    });

    /** @param {string} query @param {Filters} filters */
    function open(query, filters) {
      input.value = query;
      session.filters = filters;
      isEntered = false;
      // The next who opens it may have more luck.
      if (isBroken && !dialog.open) {
        engine = undefined;
        isBroken = false;
      }
      load();
      if (!dialog.open) dialog.showModal();
      input.focus();
      session.ask();
    }

    document.body.append(dialog);
    return { dialog, input, open };
  }

  // The page of results

  /** @param {HTMLFormElement} form */
  function resultsPage(form) {
    const input = fieldOf(form);
    const title = document.title;
    /** @param {string} id */
    const part = (id) => document.getElementById(id) || make('div', {});
    const [count, filters, results, browse, notes] = ['_count', '_filters', '_results', '_browse', '_missed'].map(part);
    const session = asking(input, count, STEP, show);
    /** Open where it stands beside the results. */
    const fold = make('details', {});
    fold.open = matchMedia('(min-width: 60.01rem)').matches;
    filters.append(fold);
    /** The next change begins a new step of the way back. */
    let isStep = false;
    let later = 0;
    /** @type {number | undefined} */
    let scroll;

    /** Writes what is asked into the address. */
    function write() {
      clearTimeout(later);
      const to = parameters(tidy(input.value), session.filters);
      if (to === parametersText(new URLSearchParams(location.search))) return;
      try {
        history[isStep ? 'pushState' : 'replaceState'](null, '', location.pathname + to);
      } catch (tooMany) { /* a browser that counts */ }
      isStep = false;
    }

    function settle() {
      write();
      isStep = session.query !== '';
    }

    function restore() {
      const given = new URLSearchParams(location.search);
      session.filters = {};
      for (const facet of FACETS) {
        const value = given.has(facet) ? tidy(given.get(facet) || '') : undefined;
        // Only a state can be none.
        session.filter(facet, value || (facet === 'state' ? value : undefined));
      }
      input.value = tidy(given.get('q') || '');
      const { top = STEP, y } = history.state || {};
      session.top = top;
      scroll = y;
      isStep = input.value !== '';
      session.ask();
    }

    /** @param {() => void} change */
    function step(change) {
      isStep = true;
      session.top = STEP;
      change();
      settle();
      session.ask();
    }

    /** @param {Hit} hit */
    function item(hit) {
      const facts = [hit.applies && `${NAMES.applies}: ${hit.applies}`, ...hit.tags.map((tag) => `#${tag}`)].filter((text) => text);
      return make('li', {},
        make('a', { href: root + hit.url }, ...marked(hit.title)), badge(hit),
        make('p', { class: 'summary' }, ...marked(hit.excerpt)),
        facts.length ? make('p', { class: 'where' }, ...facts.map((text) => make('span', {}, text))) : '');
    }

    /** @param {string} heading @param {Hit[]} hits */
    function section(heading, hits) {
      return make('section', { class: 'group' },
        heading ? make('h2', {}, heading) : '', make('ul', { class: 'questions' }, ...hits.map(item)));
    }

    /** @param {Answer} answer @param {Facet} facet @param {boolean} isWorth there is something to choose from */
    function facet(answer, facet, isWorth) {
      const choices = session.choices(facet, answer);
      const chosen = session.filters[facet];
      if (chosen === undefined && (choices.length < 2 || !isWorth)) return '';
      const buttons = choices.map(([value, n]) => {
        const isChosen = value === chosen;
        const element = button('', choiceText(facet, value), () => step(() => session.filter(facet, isChosen ? undefined : value)));
        element.setAttribute('aria-pressed', `${isChosen}`);
        element.dataset.key = `${facet} ${value}`;
        element.append(make('span', { class: 'count' }, numbers().format(n)));
        return element;
      });
      // What is chosen is never folded away.
      const at = choices.findIndex(([value]) => value === chosen);
      if (at > 7) buttons.unshift(...buttons.splice(at, 1));
      const rest = buttons.splice(8);
      return make('div', { role: 'group', 'aria-label': NAMES[facet] },
        make('p', { class: 'contents-title', 'aria-hidden': 'true' }, NAMES[facet]), ...buttons,
        rest.length ? make('details', {}, make('summary', {}, sayCount('others', rest.length)), ...rest) : '');
    }

    /** @param {Answer} answer */
    function show(answer) {
      const { query } = session;
      const { fits, total, hits, problems, isFiltered } = session.of(answer);
      /** @type {HTMLElement[]} */
      const groups = [];
      // What comes later stands below: nothing moves under the reader's eyes.
      for (let at = 0; fits && at < hits.length; at += STEP) {
        groups.push(...grouped(hits.slice(at, at + STEP)).map(([where, below]) => section(where, below)));
      }
      if (!fits && hits.length) groups.push(section(WORDS.nearest, hits.slice(0, 5)));
      const key = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
      results.replaceChildren();
      if (problems.length) results.append(make('p', { class: 'search-note' }, WORDS.partly, ' ', questionsLink()));
      if (answer === 'broken') results.append(make('p', { class: 'search-note' }, questionsLink()));
      if (answer && answer !== 'broken' && !fits) {
        if (isFiltered) results.append(make('p', {}, button('search-more', WORDS.unfilter, () => step(() => { session.filters = {}; }))));
        else if (askAddress) results.append(make('p', { class: 'next-step' }, make('a', { href: askUrl(query) }, say(WORDS.ask, query))));
      }
      results.append(...groups);
      if (fits && hits.length < total) {
        const more = button('search-more', WORDS.more, () => { session.top += STEP; session.ask(); });
        more.dataset.key = 'more';
        results.append(more);
      }
      browse.hidden = fits;
      const shown = FACETS.map((name) => facet(answer, name, fits)).filter((part) => part);
      fold.replaceChildren(make('summary', {}, WORDS.filters), ...shown);
      filters.hidden = shown.length === 0;
      document.querySelectorAll('main button').forEach((element) => {
        if (element instanceof HTMLElement && key && element.dataset.key === key) element.focus({ preventScroll: true });
      });
      document.title = query ? `${say('{query}', query)} · ${title}` : title;
      if (scroll !== undefined) scrollTo({ top: scroll, behavior: 'instant' });
      scroll = undefined;
      showMissed();
    }

    function showMissed() {
      const list = missed();
      notes.replaceChildren();
      if (!list.length) return;
      notes.append(make('details', {}, make('summary', {}, say(WORDS.missed, '', list.length)),
        make('p', {}, WORDS.why),
        make('ul', {}, ...list.slice(-20).reverse().map(({ query, day }) => make('li', {}, query, ' ', make('time', { datetime: day, class: 'tally' }, day)))),
        make('p', {},
          button('search-more', WORDS.export, () => {
            const file = new Blob([JSON.stringify({ version: 1, site, missed: list }, null, 1)], { type: 'application/json' });
            const href = URL.createObjectURL(file);
            make('a', { href, download: 'missed-searches.json' }).click();
            setTimeout(() => URL.revokeObjectURL(href), PAUSE);
          }), ' ',
          button('search-more', WORDS.delete, () => { keep('missed', []); showMissed(); }))));
    }

    input.addEventListener('input', () => {
      session.top = STEP;
      clearTimeout(later);
      if (isStep) write();
      later = window.setTimeout(() => {
        write();
        later = window.setTimeout(settle, PAUSE);
      }, 250);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      settle();
      session.settle();
      remember(session.query);
      if (isTouch) input.blur();
    });
    results.addEventListener('click', (event) => {
      if (!(event.target instanceof Element) || !event.target.closest('a')) return;
      settle();
      remember(session.query);
      history.replaceState({ top: session.top, y: scrollY }, '');
    });
    addEventListener('popstate', restore);
    if (!location.search) input.focus();
    const typed = input.value;
    restore();
    if (typed) {
      input.value = typed;
      input.dispatchEvent(new Event('input'));
    }
  }

  // The fields of this page

  /** @param {HTMLFormElement} form */
  const fieldOf = (form) => /** @type {HTMLInputElement} */ (form.elements.namedItem('q'));

  const forms = [...document.querySelectorAll('form')].filter((form) => form.matches('.search') && fieldOf(form));
  const ownPage = forms.find((form) => form.id === '_search');
  const fields = forms.filter((form) => form !== ownPage).map(fieldOf);
  /** @type {ReturnType<typeof makeDialog> | undefined} */
  let made;

  function overlay() {
    return made || (made = makeDialog());
  }

  function start() {
    let field = ownPage && fieldOf(ownPage);
    if (!field) {
      const { dialog, input, open } = overlay();
      // Where focus goes back to, the keyboard would come up again.
      if (isTouch) fields.forEach((other) => other.blur());
      if (!dialog.open) open(fields.length ? fields[0].value : '', {});
      field = input;
    }
    field.focus();
    field.select();
  }

  for (const field of fields) {
    field.setAttribute('aria-haspopup', 'dialog');
    for (const sign of ['pointerenter', 'focus']) field.addEventListener(sign, load);
    field.addEventListener('click', start);
    const typed = () => overlay().open(field.value, {});
    field.addEventListener('input', (event) => { if (!(/** @type {InputEvent} */ (event).isComposing)) typed(); });
    field.addEventListener('compositionend', typed);
    if (field.form) {
      field.form.addEventListener('submit', (event) => {
        event.preventDefault();
        const query = tidy(field.value);
        if (!query) return start();
        remember(query);
        location.href = resultsUrl(query, {});
      });
    }
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const isTyping = target.isContentEditable || target.matches('input, textarea, select');
    // On a keyboard without Latin letters the key counts, not what it writes.
    const isK = /^k$/i.test(event.key) || (event.code === 'KeyK' && event.key > '~');
    if (isCommand ? !isK || event.shiftKey : event.key !== '/' || isTyping) return;
    event.preventDefault();
    start();
  });

  /** Back from something that was found: the results are there again. */
  function comeBack() {
    const { query, filters } = history.state || {};
    if (typeof query === 'string' && query) overlay().open(query, filters || {});
  }

  if (coming.has(fileUrl('boot'))) load();
  if (ownPage) {
    resultsPage(ownPage);
    // Behind the focus that the page gives itself, which is no sign of a reader.
    fieldOf(ownPage).addEventListener('focus', load);
  } else {
    addEventListener('popstate', comeBack);
    comeBack();
  }
})();
