/**
 * Guided diagnosis: keeps the address in step with the answers, so that a place can be sent to somebody and the back button
 * takes an answer back; marks the way taken in the flowchart; opens everything on paper.
 *
 * Trees work without it. A classic script, since modules do not load over file://.
 */
(function () {
  'use strict';

  /** @param {ParentNode} root @returns {HTMLDetailsElement[]} the answers in it */
  function choices(root) {
    return Array.from(/** @type {NodeListOf<HTMLDetailsElement>} */ (root.querySelectorAll('details.choice')));
  }

  /** @param {Element} element @returns {HTMLDetailsElement | null} the answer that it stands in */
  function around(element) {
    var parent = element.parentElement;
    return parent && /** @type {HTMLDetailsElement | null} */ (parent.closest('details.choice'));
  }

  /** @param {Element} tree @returns {Element | null} its flowchart */
  function chartOf(tree) {
    var next = tree.nextElementSibling;
    while (next && !next.matches('.flowchart, .diagnosis')) next = next.nextElementSibling;
    return next && next.matches('.flowchart') ? next : null;
  }

  /** @param {Element} tree marks in its flowchart what has been asked and answered */
  function mark(tree) {
    var chart = chartOf(tree);
    if (!chart) return;
    /** @type {Record<string, boolean>} */
    var taken = {};
    choices(tree).forEach(function (choice) {
      if (!choice.open) return;
      for (var above = around(choice); above; above = around(above)) if (!above.open) return;
      taken[choice.id] = true;
      if (choice.getAttribute('name')) taken[choice.getAttribute('name') || ''] = true;
      var next = choice.querySelector(':scope > .ask > .asks');
      if (next) taken[next.id] = true;
    });
    chart.querySelectorAll('[data-of]').forEach(function (part) {
      part.toggleAttribute('data-taken', taken[part.getAttribute('data-of') || ''] === true);
    });
    var boxes = chart.querySelectorAll('.fc-box[data-taken]');
    var frame = chart.querySelector('.flowchart-scroll');
    // The boxes of questions come in their order, and the ends behind them.
    var last = boxes[boxes.length - 1] || chart.querySelector('.fc-box');
    if (!frame || !last) return;
    var at = last.getBoundingClientRect(), seen = frame.getBoundingClientRect();
    frame.scrollLeft += at.left + at.width / 2 - seen.left - (boxes.length > 0 ? seen.width / 2 : at.width);
    frame.scrollTop += at.top + at.height / 2 - seen.top - seen.height / 2;
  }

  /** @param {string} fragment with its `#`; empty for the page as it was at first */
  function remember(fragment) {
    history.pushState(null, '', location.href.split('#')[0] + fragment);
  }

  /** @param {Element} place opens the way to it, and closes what was answered after it */
  function show(place) {
    var group = place.matches('.choice') ? place : place.closest('.ask');
    if (group) choices(group).forEach(function (below) { below.open = false; });
    var answer = place.matches('details.choice') ? /** @type {HTMLDetailsElement} */ (place) : around(place);
    for (; answer; answer = around(answer)) answer.open = true;
    place.scrollIntoView({ block: place.matches('.choice') ? 'nearest' : 'start' });
  }

  /** Follows the address. */
  function follow() {
    var id = '';
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch (malformed) { /* names nothing */ }
    var place = id ? document.getElementById(id) : null;
    if (place && place.closest('.diagnosis')) show(place);
    else if (!id) choices(document).forEach(function (choice) { choice.open = false; });
  }

  /** @param {Element} tree */
  function prepare(tree) {
    choices(tree).forEach(function (choice) {
      choice.addEventListener('toggle', function () {
        // Where names do not yet close the others.
        if (choice.open && choice.parentElement && !isPrinting) {
          choices(choice.parentElement).forEach(function (other) {
            if (other !== choice && other.parentElement === choice.parentElement) other.open = false;
          });
        }
        mark(tree);
      });
      var summary = choice.querySelector('summary');
      if (summary) {
        summary.addEventListener('click', function () {
          // It opens or closes after the click.
          remember('#' + encodeURIComponent(choice.open ? choice.getAttribute('name') || '' : choice.id));
          if (!choice.open) {
            requestAnimationFrame(function () { choice.scrollIntoView({ block: 'nearest' }); });
          }
        });
      }
    });
    var again = tree.nextElementSibling;
    if (again && again.matches('.diagnosis-again')) {
      again.addEventListener('click', function (event) {
        var first = tree.querySelector('summary');
        if (!(event.target instanceof Element) || !event.target.closest('a') || !first) return;
        event.preventDefault();
        choices(tree).forEach(function (choice) { choice.open = false; });
        remember('');
        first.focus({ preventScroll: true });
        tree.scrollIntoView({ block: 'nearest' });
      });
    }
    mark(tree);
  }

  var isPrinting = false;
  /** @type {HTMLDetailsElement[]} */
  var closed = [];
  addEventListener('beforeprint', function () {
    isPrinting = true;
    closed = choices(document).filter(function (choice) { return !choice.open; });
    choices(document).forEach(function (choice) {
      choice.dataset.name = choice.getAttribute('name') || '';
      choice.removeAttribute('name');
      choice.open = true;
    });
  });
  addEventListener('afterprint', function () {
    closed.forEach(function (choice) { choice.open = false; });
    choices(document).forEach(function (choice) {
      choice.setAttribute('name', choice.dataset.name || '');
      delete choice.dataset.name;
    });
    // The last of the openings is told of after this.
    setTimeout(function () { isPrinting = false; });
  });

  document.querySelectorAll('.diagnosis').forEach(prepare);
  addEventListener('popstate', follow);
  follow();
})();
