/**
 * Default theme of unstick: the choice of light or dark, buttons that copy, contents that follow the
 * reading, and whether there is a search field.
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
      copy.textContent = done ? WORDS.copied : WORDS.press;
      setTimeout(function () { copy.textContent = words; }, 2000);
    }

    /** Where the clipboard API is missing (plain HTTP) or refused. */
    function select() {
      var selection = getSelection();
      if (selection) selection.selectAllChildren(shown());
      report(document.execCommand('copy'));
    }

    copy.addEventListener('click', function () {
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(text()).then(function () { report(true); }, select);
    });
    return copy;
  }

  /** @param {Element} pre gets a frame, so that its button does not scroll with the code */
  function addCopyButton(pre) {
    var frame = document.createElement('div');
    frame.className = 'copyable';
    pre.replaceWith(frame);
    frame.append(pre, copier('copy', WORDS.copy, function () {
      return (pre.textContent || '').replace(/\n$/, '');
    }, function () { return pre; }));
  }

  /** @param {Element} foot of an entry, which says where it is on its page */
  function addLinkButton(foot) {
    function address() {
      var canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel=canonical]'));
      // Nobody else has the disk of this reader.
      var own = canonical && location.protocol === 'file:' ? canonical.href : location.href;
      return own.split('#')[0] + (foot.getAttribute('data-link') || '');
    }
    foot.append(copier('copy-link', WORDS.copy_link, address, function () {
      var line = document.createElement('span');
      line.textContent = address();
      foot.append(line);
      return line;
    }));
  }

  /** Loads what keeps notes when the end of an entry comes near. @param {Element} about its address, and what it has to know */
  function awaitNotes(about) {
    var observer = new IntersectionObserver(function (changes) {
      if (!changes.some(function (change) { return change.isIntersecting; })) return;
      observer.disconnect();
      var notes = document.createElement('script');
      notes.src = about.getAttribute('data-script') || '';
      document.head.append(notes);
    }, { rootMargin: '200px' });
    document.querySelectorAll('.foot').forEach(function (foot) { observer.observe(foot); });
  }

  /** @param {Element} nav the contents of the page, which follow what is read */
  function followReading(nav) {
    var lines = Array.from(nav.querySelectorAll('a')).map(function (link) {
      return { link: link, place: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
    }).filter(function (line) { return line.place; });
    /** @type {Element | undefined} */
    var current;
    var observer = new IntersectionObserver(function () {
      var above = lines.filter(function (line) {
        return /** @type {Element} */ (line.place).getBoundingClientRect().top < innerHeight * 0.3;
      });
      var link = above.length ? above[above.length - 1].link : undefined;
      if (link === current) return;
      if (current) current.removeAttribute('aria-current');
      if (link) {
        link.setAttribute('aria-current', 'true');
        nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
      }
      current = link;
    }, { rootMargin: '0px 0px -70% 0px' });
    lines.forEach(function (line) { observer.observe(/** @type {Element} */ (line.place)); });
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
    document.querySelectorAll('pre.code, pre.message').forEach(addCopyButton);
    document.querySelectorAll('.foot').forEach(addLinkButton);
    document.querySelectorAll('.contents').forEach(followReading);
    document.querySelectorAll('#_notes').forEach(awaitNotes);
  });
})();
