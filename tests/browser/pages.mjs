// Which pages of a site are looked at when not all of them can be: a few that have between them everything that there is.

/** The class of `main`, without `main-`: what kind of page it is. */
export function kindOf(html) {
  return /<main\b[^>]*\bclass="(?:[^"]* )?main-([\w-]+)/.exec(html)?.[1] ?? 'other';
}

/** What a page is made of: its kind, its elements, and their classes. */
function featuresOf(html) {
  const features = new Set([`kind ${kindOf(html)}`]);
  const body = html.slice(html.indexOf('<body'));
  for (const [, name, attributes] of body.matchAll(/<([a-z][\w-]*)((?:\s[^>]*)?)>/g)) {
    features.add(name);
    for (const one of /\bclass="([^"]*)"/.exec(attributes)?.[1].split(' ') ?? []) if (one && !one.startsWith('hl-')) features.add(`.${one}`);
    for (const [, other] of attributes.matchAll(/\b(role|lang|dir|data-state="\w+")/g)) features.add(other);
  }
  return features;
}

/**
 * Paths of pages that have between them every kind of page, element and class that the site has, those with most first.
 * What a template adds, and every new kind of page, is among them by itself.
 */
export function pagesOfEverySort(site) {
  const all = new Map(site.pages.map((path) => [path, featuresOf(site.read(path))]));
  const missing = new Set([...all.values()].flatMap((features) => [...features]));
  const chosen = [];
  const count = (path) => [...all.get(path)].filter((feature) => missing.has(feature)).length;
  while (missing.size) {
    const best = site.pages.reduce((a, b) => (count(b) > count(a) ? b : a));
    for (const feature of all.get(best)) missing.delete(feature);
    chosen.push(best);
  }
  return chosen;
}
