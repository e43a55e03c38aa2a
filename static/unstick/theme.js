/**
 * Default theme of unstick: the choice of light or dark, buttons that copy code, and whether there is a search field.
 *
 * A classic script in the head: over file:// modules do not load, and a stored theme must be there before the first
 * paint. The rest waits for the document. Every page is complete without it.
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

  apply(stored());
  // The search field shows from the first paint on, unless nothing stands behind it.
  document.documentElement.setAttribute('data-scripts', '');
  addEventListener('error', function (event) {
    var failed = event.target;
    if (failed instanceof HTMLScriptElement && /unstick\/search\.js$/.test(failed.src)) {
      document.documentElement.removeAttribute('data-scripts');
    }
  }, true);
  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('.site-nav').forEach(addThemeButton);
    // A page in another language than its site has words of its own.
    var main = document.querySelector('main');
    ['copy', 'copied', 'press'].forEach(function (word) {
      WORDS[word] = (main && main.dataset[word]) || WORDS[word];
    });
    document.querySelectorAll('pre.code, pre.message').forEach(addCopyButton);
  });
})();
