// Shows what is wrong with the page, and reloads it when it is another. Only served pages have this script.
//
// News come as a script that loads when there are some: a page may forbid every connection, but not its own scripts.

/** @typedef {{severity: string, rule: string, message: string, help: string | null, place: string, editor: string | null}} Finding */
/** @typedef {{errors: number, warnings: number}} Count */

(() => {
  "use strict";
  const carried = document.getElementById("_unstick-page");
  if (!carried) return;
  /** @type {{page: string, seen: string, trouble: Finding[], findings: Finding[], site: Count}} */
  const page = JSON.parse(carried.textContent || "");
  const own = "/_unstick/";
  const key = "unstick scroll " + location.pathname;

  /** @param {string} name @param {string} [words] @param {string} [kind] */
  const element = (name, words, kind) => {
    const made = document.createElement(name);
    if (words) made.textContent = words;
    if (kind) made.className = kind;
    return made;
  };
  /** @param {number} number @param {string} word */
  const counted = (number, word) => number + " " + word + (number === 1 ? "" : "s");
  /** @param {Count} count */
  const counts = (count) =>
    [count.errors && counted(count.errors, "error"), count.warnings && counted(count.warnings, "warning")]
      .filter(Boolean)
      .join(", ");

  // Where the reader was.
  const restore = () => {
    const kept = sessionStorage.getItem(key);
    if (kept === null) return;
    const [left, top] = kept.split(" ").map(Number);
    scrollTo({ left, top, behavior: "instant" });
  };
  restore();
  addEventListener("load", () => {
    restore();
    sessionStorage.removeItem(key);
  });
  const reload = () => {
    sessionStorage.setItem(key, scrollX + " " + scrollY);
    location.reload();
  };

  // What is wrong.
  const host = element("div");
  host.id = "_unstick-overlay";
  const root = host.attachShadow({ mode: "open" });
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = own + "live.css";
  const everything = /** @type {HTMLAnchorElement} */ (element("a", "", "everything"));
  everything.href = own + "findings";
  // `code` in a message.
  /** @param {HTMLElement} to @param {string} text */
  const words = (to, text) => {
    text.split("`").forEach((part, at) => to.append(at % 2 ? element("code", part) : part));
    return to;
  };
  /** @param {Finding} finding */
  const item = (finding) => {
    const line = element("li", "", finding.severity);
    const first = element("p");
    first.append(element("span", finding.severity, "severity"), " ");
    words(first, finding.message);
    if (finding.rule) first.append(" ", element("span", finding.rule, "rule"));
    line.append(first);
    if (finding.help) line.append(words(element("p", "", "help"), finding.help));
    const place = element("p", "", "place");
    if (finding.editor) {
      const link = /** @type {HTMLAnchorElement} */ (element("a", finding.place));
      link.href = finding.editor;
      place.append(link);
    } else {
      place.append(finding.place);
    }
    if (finding.place) line.append(place);
    return line;
  };
  const panel = () => {
    const all = page.trouble.concat(page.findings);
    const details = /** @type {HTMLDetailsElement} */ (element("details", "", "panel"));
    details.setAttribute("aria-label", "What is wrong with this page");
    const errors = all.filter((finding) => finding.severity === "error").length;
    const title = page.trouble.length
      ? "The newest state cannot be shown"
      : "This page has " + counts({ errors, warnings: all.length - errors });
    details.append(element("summary", title, errors ? "error" : "warning"));
    const list = element("ul");
    for (const finding of all) list.append(item(finding));
    details.append(list);
    // It stays as the writer left it, until something else is wrong.
    const open = "unstick open";
    const state = JSON.stringify(all.map((finding) => [finding.rule, finding.message]));
    details.open = errors > 0 && sessionStorage.getItem(open) !== "closed " + state;
    details.addEventListener("toggle", () => {
      if (details.open) sessionStorage.removeItem(open);
      else sessionStorage.setItem(open, "closed " + state);
    });
    details.addEventListener("keydown", (event) => {
      if (event.key === "Escape") details.open = false;
    });
    return details;
  };
  const show = () => {
    const words = counts(page.site);
    everything.textContent = words ? "Site: " + words : "";
    everything.hidden = !words || location.pathname === own + "findings";
  };
  show();
  root.append(styles);
  if (page.trouble.length + page.findings.length) root.append(panel());
  root.append(everything);
  host.hidden = true;
  styles.onload = () => (host.hidden = false);
  document.body.append(host);
  // The end of the page stays in reach.
  new ResizeObserver(() => (document.body.style.paddingBottom = host.offsetHeight + "px")).observe(host);

  // What is new. A page in the background asks when it is looked at: browsers allow few connections at a time.
  let waits = false;
  let leaves = false;
  let pause = 500;
  const ask = () => {
    if (waits || leaves || document.hidden) return;
    waits = true;
    const script = document.createElement("script");
    const query = new URLSearchParams({
      page: page.page,
      seen: page.seen,
      errors: String(page.site.errors),
      warnings: String(page.site.warnings),
    });
    script.src = own + "wait?" + query;
    script.onload = () => {
      script.remove();
      waits = false;
      pause = 500;
      ask();
    };
    script.onerror = () => {
      script.remove();
      // The server is gone, for the moment.
      setTimeout(() => {
        waits = false;
        ask();
      }, pause);
      pause = Math.min(pause * 2, 5000);
    };
    document.head.append(script);
  };
  Object.assign(window, {
    _unstick: {
      /** @param {{changed: boolean, site: Count}} news */
      news: (news) => {
        if (news.changed) {
          leaves = true;
          reload();
          return;
        }
        page.site = news.site;
        show();
      },
    },
  });
  document.addEventListener("visibilitychange", ask);
  if (document.readyState === "complete") ask();
  else addEventListener("load", () => setTimeout(ask, 0));
})();
