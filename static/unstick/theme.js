/**
 * Default theme of unstick: the choice of light or dark, buttons that copy, contents that follow the reading, and the search
 * until its script is there.
 *
 * A classic script in the head: over file:// modules do not load, and a stored theme must be there before the first
 * paint. The rest comes as the document does. Every page is complete without it.
 */
(function () {
  'use strict';

  /** Has a prefix because all file:// pages may share one storage. */
  var KEY = 'unstick:theme';
  var THEMES = ['auto', 'light', 'dark'];
  /** What buttons say, from templates/messages, a `key=text` a line. @type {Record<string, string>} */
  var WORDS = {};
  var script = /** @type {HTMLScriptElement} */ (document.currentScript);
  (script.dataset.words || '').split('\n').forEach((line) => {
    WORDS[line.split('=')[0]] = line.slice(line.indexOf('=') + 1);
  });

  /** @returns {string} the stored theme; `auto` where there is none or storage is denied */
  function stored() {
    try {
      var theme = localStorage.getItem(KEY) || '';
      return THEMES.includes(theme) ? theme : 'auto';
    } catch (denied) {
      return 'auto';
    }
  }

  /** @param {string} theme one of `THEMES` */
  function apply(theme) {
    var root = document.documentElement;
    if (theme === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme);
  }

  /**
   * @param {string} className
   * @param {string} text
   */
  function button(className, text) {
    var element = document.createElement('button');
    element.type = 'button';
    element.className = className;
    element.textContent = text;
    return element;
  }

  /** A page in another language than its site has words of its own. @param {string} key */
  function here(key) {
    var main = document.querySelector('main');
    return (main && main.dataset[key]) || WORDS[key];
  }

  /** @param {Element} nav gets the button */
  function addThemeButton(nav) {
    var theme = stored();
    var toggle = button('theme-toggle', WORDS[theme]);
    toggle.addEventListener('click', () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      apply(theme);
      toggle.textContent = WORDS[theme];
      try {
        localStorage.setItem(KEY, theme);
      } catch (denied) { /* the choice holds for this page */ }
    });
    nav.append(toggle);
  }

  /**
   * A button that copies.
   *
   * @param {string} className
   * @param {string} words what it says
   * @param {() => string} text
   * @param {() => Node} shown what holds the text for all to see
   */
  function copier(className, words, text, shown) {
    var copy = button(className, words);
    copy.setAttribute('aria-live', 'polite');

    /** @param {boolean} done */
    function report(done) {
      copy.textContent = here(done ? 'copied' : 'press');
      setTimeout(() => { copy.textContent = words; }, 2000);
    }

    /** Where the clipboard API is missing (plain HTTP) or refused. */
    function select() {
      var selection = getSelection();
      if (selection) selection.selectAllChildren(shown());
      report(document.execCommand('copy'));
    }

    copy.addEventListener('click', () => {
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(text()).then(() => { report(true); }, select);
    });
    return copy;
  }

  /** @param {Element} pre gets a frame, so that its button does not scroll with the code */
  function addCopyButton(pre) {
    var frame = document.createElement('div');
    frame.className = 'copyable';
    pre.replaceWith(frame);
    frame.append(pre, copier('copy', here('copy'), () => (pre.textContent || '').replace(/\n$/, ''), () => pre));
  }

  /** @param {Element} foot of an entry, which says where it is on its page */
  function addLinkButton(foot) {
    function address() {
      var canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel=canonical]'));
      // Nobody else has the disk of this reader.
      var own = canonical && location.protocol === 'file:' ? canonical.href : location.href;
      return own.split('#')[0] + (foot.getAttribute('data-link') || '');
    }
    foot.append(copier('copy-link', here('copy_link'), address, () => {
      var line = document.createElement('span');
      line.textContent = address();
      foot.append(line);
      return line;
    }));
  }

  /** Loads what keeps notes when the end of an entry comes near. @param {Element} about its address, and what it has to know */
  function awaitNotes(about) {
    var observer = new IntersectionObserver((changes) => {
      if (!changes.some((change) => change.isIntersecting)) return;
      observer.disconnect();
      var notes = document.createElement('script');
      notes.src = about.getAttribute('data-script') || '';
      document.head.append(notes);
    }, { rootMargin: '200px' });
    document.querySelectorAll('.foot').forEach((foot) => { observer.observe(foot); });
  }

  /** @param {Element} nav the contents of the page, which follow what is read */
  function followReading(nav) {
    var lines = Array.from(nav.querySelectorAll('a')).map((link) => {
      return { link: link, place: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
    }).filter((line) => line.place);
    /** @type {Element | undefined} */
    var current;
    var observer = new IntersectionObserver(() => {
      var above = lines.filter((line) => {
        return /** @type {Element} */ (line.place).getBoundingClientRect().top < innerHeight * 0.3;
      });
      var link = above.length ? above[above.length - 1].link : undefined;
      if (link === current) return;
      if (current) current.removeAttribute('aria-current');
      if (link) {
        link.setAttribute('aria-current', 'true');
        // Whoever walks through the contents by keys must not lose sight of where they are.
        if (!nav.querySelector(':focus-visible')) nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
      }
      current = link;
    }, { rootMargin: '0px 0px -70% 0px' });
    lines.forEach((line) => { observer.observe(/** @type {Element} */ (line.place)); });
  }

  // The search

  /**
   * Loads unstick/search.js at the first sign that somebody searches, and what it asks for first, which runs behind it. What they
   * do until it is there it gets afterwards, as if it had been there: the call, what was typed, and that it was sent off.
   */
  function awaitSearch() {
    var signs = new AbortController();
    var isLoading = false;
    /** Where the reader types for now. @type {HTMLInputElement | null} */
    var field = null;
    /** What had the focus when a key called. @type {Element | null} */
    var before = null;
    var isEntered = false;

    /**
     * @template {keyof DocumentEventMap} T
     * @param {T} sign
     * @param {(event: DocumentEventMap[T]) => void} act
     */
    function on(sign, act) {
      document.addEventListener(sign, act, { signal: signs.signal });
    }

    /** The field of the page's head that an event is about; the page of results has its script from the start. @param {Event} event */
    function fieldOf(event) {
      var target = event.target;
      if (!(target instanceof Element)) return null;
      var form = target.closest('form.search:not(#_search)');
      return form && /** @type {HTMLInputElement | null} */ (form.querySelector('[name=q]'));
    }

    function giveBack() {
      if (before instanceof HTMLElement && before !== document.body) before.focus({ preventScroll: true });
      else if (before && field) field.blur();
      before = null;
    }

    /** @param {Element} target @param {string} key */
    function press(target, key) {
      target.dispatchEvent(new KeyboardEvent('keydown', { key: key, bubbles: true, cancelable: true }));
    }

    /** @param {HTMLInputElement | null} pointedAt the index comes before its first letter */
    function load(pointedAt) {
      if (isLoading) return;
      isLoading = true;
      var data = script.dataset;
      var elements = ['search', 'search/engine', 'search/boot'].slice(0, pointedAt ? 3 : 1).map((name) => {
        var element = document.createElement('script');
        element.async = false;
        element.src = `${data.root || ''}unstick/${name}.js`;
        return element;
      });
      var element = elements[0];
      Object.assign(element.dataset, data, { words: data.search });
      element.onload = () => {
        signs.abort();
        if (field) handOver(field);
      };
      element.onerror = () => {
        signs.abort();
        giveBack();
      };
      function add() {
        document.head.append(...elements);
      }
      if (document.readyState !== 'loading') add();
      else document.addEventListener('DOMContentLoaded', add);
    }

    /** @param {HTMLInputElement} typed */
    function handOver(typed) {
      // Who went on to something else is left alone.
      var isWaiting = document.activeElement === typed;
      if (isWaiting) giveBack();
      if (isWaiting) press(document.body, '/');
      var input = document.activeElement;
      if (typed.closest('.visually-hidden')) typed.form?.remove();
      if (!isWaiting || !(input instanceof HTMLInputElement)) return;
      if (typed.value !== input.value) {
        // The dialog goes by the first field of the page, and this was another.
        input.value = typed.value;
        input.dispatchEvent(new Event('input'));
      }
      if (typed.value) input.setSelectionRange(input.value.length, input.value.length);
      if (isEntered) press(input, 'Enter');
    }

    /** @param {HTMLInputElement | null} called */
    function call(called) {
      if (!called) return;
      field = called;
      load(called);
    }

    /** A field for a theme that shows none. */
    function standIn() {
      var form = document.createElement('form');
      form.className = 'search visually-hidden';
      form.innerHTML = '<input name="q" type="search">';
      document.body.append(form);
      return /** @type {HTMLInputElement} */ (form.firstChild);
    }

    on('pointerover', (event) => { if (fieldOf(event)) load(fieldOf(event)); });
    on('focusin', (event) => { if (fieldOf(event)) load(fieldOf(event)); });
    on('click', (event) => {
      var clicked = fieldOf(event);
      // Also by the button beside it.
      if (clicked) clicked.focus();
      call(clicked);
    });
    on('input', (event) => { if (!(/** @type {InputEvent} */ (event).isComposing)) call(fieldOf(event)); });
    on('compositionend', (event) => { call(fieldOf(event)); });
    on('submit', (event) => {
      if (!(event.target instanceof Element) || !event.target.matches('.search')) return;
      event.preventDefault();
      call(fieldOf(event));
      isEntered = field !== null && field.value !== '';
    });
    // As unstick/search.js understands keys.
    on('keydown', (event) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      if (event.key === 'Escape' && field && document.activeElement === field) {
        giveBack();
        field.value = '';
        field = null;
        isEntered = false;
        return;
      }
      var target = event.target instanceof HTMLElement ? event.target : document.body;
      var isTyping = target.isContentEditable || target.matches('input, textarea, select');
      var isK = /^k$/i.test(event.key) || (event.code === 'KeyK' && event.key > '~');
      if (event.ctrlKey || event.metaKey ? !isK || event.shiftKey : event.key !== '/' || isTyping) return;
      event.preventDefault();
      var found = /** @type {HTMLInputElement | null} */ (document.querySelector('form.search [name=q]')) || standIn();
      if (document.activeElement !== found) before = document.activeElement || document.body;
      found.focus({ preventScroll: true });
      if (!found.closest('#_search')) call(found);
    });

    /** The page of results, and the way back to what was found. */
    function look() {
      if (document.getElementById('_search') || (history.state || {}).query) load(null);
    }
    addEventListener('popstate', look, { signal: signs.signal });
    document.addEventListener('DOMContentLoaded', look);
  }

  // A field drops line ends, and would join the last word of a line with the first of the next.
  document.addEventListener('paste', (event) => {
    var input = event.target;
    var text = event.clipboardData ? event.clipboardData.getData('text') : '';
    if (!(input instanceof HTMLInputElement) || !input.matches('.search input, .search-row input') || !/[\r\n]/.test(text)) return;
    event.preventDefault();
    var line = text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
    if (document.execCommand('insertText', false, line)) return;
    input.setRangeText(line, input.selectionStart || 0, input.selectionEnd || 0, 'end');
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });

  apply(stored());
  // The search field shows from the first paint on, unless nothing stands behind it.
  document.documentElement.setAttribute('data-scripts', '');
  addEventListener('error', (event) => {
    var failed = event.target;
    if (failed instanceof HTMLScriptElement && /unstick\/search\.js$/.test(failed.src)) {
      document.documentElement.removeAttribute('data-scripts');
    }
  }, true);
  if (script.dataset.search !== undefined) awaitSearch();

  /** Has the parser left it? @param {Element} element */
  function isWhole(element) {
    return document.readyState !== 'loading' || element.nextSibling || (element.parentElement && element.parentElement.nextSibling);
  }

  /** Adds buttons as their places come, before these are painted: later, what stands around them would move. */
  function addButtons() {
    document.querySelectorAll('.site-nav:not(:has(.theme-toggle))').forEach((nav) => {
      if (isWhole(nav)) addThemeButton(nav);
    });
    document.querySelectorAll(':not(.copyable) > :is(pre.code, pre.message)').forEach((pre) => {
      if (isWhole(pre)) addCopyButton(pre);
    });
    document.querySelectorAll('.foot:not(:has(.copy-link))').forEach((foot) => {
      if (isWhole(foot)) addLinkButton(foot);
    });
  }
  var parts = new MutationObserver(addButtons);
  parts.observe(document, { childList: true, subtree: true });
  document.addEventListener('DOMContentLoaded', () => {
    parts.disconnect();
    addButtons();
    document.querySelectorAll('.contents').forEach(followReading);
    document.querySelectorAll('#_notes').forEach(awaitNotes);
  });
})();
