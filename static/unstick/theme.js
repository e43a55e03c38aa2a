/**
 * Default theme of unstick: the choice of light or dark, buttons that copy code, and the search until its script is there.
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
  (script.dataset.words || '').split('\n').forEach(function (line) {
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

  /** @param {Element} nav gets the button */
  function addThemeButton(nav) {
    var theme = stored();
    var toggle = button('theme-toggle', WORDS[theme]);
    toggle.addEventListener('click', function () {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      apply(theme);
      toggle.textContent = WORDS[theme];
      try {
        localStorage.setItem(KEY, theme);
      } catch (denied) { /* the choice holds for this page */ }
    });
    nav.append(toggle);
  }

  /** @param {Element} pre gets a frame, so that its button does not scroll with the code */
  function addCopyButton(pre) {
    var frame = document.createElement('div');
    var copy = button('copy', WORDS.copy);
    copy.setAttribute('aria-live', 'polite');

    /** @param {boolean} done */
    function report(done) {
      copy.textContent = done ? WORDS.copied : WORDS.press;
      setTimeout(function () { copy.textContent = WORDS.copy; }, 2000);
    }

    /** Where the clipboard API is missing (plain HTTP) or refused. */
    function select() {
      var selection = getSelection();
      if (selection) selection.selectAllChildren(pre);
      report(document.execCommand('copy'));
    }

    copy.addEventListener('click', function () {
      if (!navigator.clipboard) return select();
      var text = (pre.textContent || '').replace(/\n$/, '');
      navigator.clipboard.writeText(text).then(function () { report(true); }, select);
    });
    frame.className = 'copyable';
    pre.replaceWith(frame);
    frame.append(pre, copy);
  }

  // The search

  /**
   * Loads unstick/search.js at the first sign that somebody searches. What they do until it is there it gets afterwards, as if
   * it had been there: the call, what was typed, and that it was sent off.
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

    /** @param {HTMLInputElement | null} pointedAt */
    function load(pointedAt) {
      if (isLoading) return;
      isLoading = true;
      var data = script.dataset;
      var element = document.createElement('script');
      ['root', 'site', 'language', 'ask'].forEach(function (name) {
        if (data[name] !== undefined) element.dataset[name] = data[name];
      });
      element.dataset.words = data.search;
      element.src = (data.root || '') + 'unstick/search.js';
      element.onload = function () {
        signs.abort();
        if (field) handOver(field);
        // The index comes before the first letter.
        else if (pointedAt) pointedAt.dispatchEvent(new Event('pointerenter'));
      };
      element.onerror = function () {
        signs.abort();
        giveBack();
      };
      if (document.readyState !== 'loading') document.head.append(element);
      else document.addEventListener('DOMContentLoaded', function () { document.head.append(element); });
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

    on('pointerover', function (event) { if (fieldOf(event)) load(fieldOf(event)); });
    on('focusin', function (event) { if (fieldOf(event)) load(fieldOf(event)); });
    on('click', function (event) {
      var clicked = fieldOf(event);
      // Also by the button beside it.
      if (clicked) clicked.focus();
      call(clicked);
    });
    on('input', function (event) { if (!(/** @type {InputEvent} */ (event).isComposing)) call(fieldOf(event)); });
    on('compositionend', function (event) { call(fieldOf(event)); });
    on('submit', function (event) {
      if (!(event.target instanceof Element) || !event.target.matches('.search')) return;
      event.preventDefault();
      call(fieldOf(event));
      isEntered = field !== null && field.value !== '';
    });
    // As unstick/search.js understands keys.
    on('keydown', function (event) {
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

  apply(stored());
  // The search field shows from the first paint on, unless nothing stands behind it.
  document.documentElement.setAttribute('data-scripts', '');
  addEventListener('error', function (event) {
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
    document.querySelectorAll('.site-nav:not(:has(.theme-toggle))').forEach(function (nav) {
      if (isWhole(nav)) addThemeButton(nav);
    });
    document.querySelectorAll(':not(.copyable) > :is(pre.code, pre.message)').forEach(function (pre) {
      if (isWhole(pre)) addCopyButton(pre);
    });
  }
  var parts = new MutationObserver(addButtons);
  parts.observe(document, { childList: true, subtree: true });
  document.addEventListener('DOMContentLoaded', function () {
    parts.disconnect();
    addButtons();
  });
})();
