// An engine for tests of the interface: it answers as unstick/search/engine.js does.
//
// It only looks for words inside words. Some queries are orders: `slow …` answers late, `fail` fails, `part …` misses a
// part, and every query is kept in `window.asked`.

/** Everything in `unstick.json` that can be found. */
export function unitsOf(json) {
  const titles = new Map(json.pages.map((page) => [page.url, page.title]));
  return json.pages.flatMap((page) => page.entries.map((entry) => ({
    url: entry.url,
    title: entry.question,
    section: [...page.above.slice(1).map((url) => titles.get(url) ?? ''), page.title].filter((title) => title),
    state: entry.state,
    text: [...entry.messages, ...entry.parts].map((part) => part.text).join(' ').replace(/\s+/g, ' '),
    tags: page.tags ?? [],
    applies: (entry.applies_to ?? []).join(', '),
  })));
}

/** The text of an engine that finds these units. */
export function fakeEngine(units) {
  return `(${engine})(${JSON.stringify(units).replaceAll('<', '\\u003c')});\n`;
}

/* Runs in the page. */
function engine(units) {
  globalThis.unstick = globalThis.unstick || {};
  globalThis.asked = [];
  const facets = { section: (unit) => [unit.section[0] ?? ''], tag: (unit) => unit.tags, state: (unit) => [unit.state], applies: (unit) => (unit.applies ? [unit.applies] : []) };
  const pieces = (text, words) => {
    const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    return text.split(new RegExp(`(${pattern})`, 'i')).map((part, i) => [part, i % 2 === 1]).filter(([part]) => part);
  };
  globalThis.unstick.openSearch = (root, language) => ({
    async ask(query, { filters = {}, top = 10 } = {}) {
      globalThis.asked.push({ root, language, query, filters, top });
      let words = query.toLowerCase().split(/\s+/);
      const order = ['slow', 'fail', 'part'].includes(words[0]) ? words.shift() : '';
      if (order === 'fail') throw new Error('the index is broken');
      if (order === 'slow') await new Promise((resolve) => { setTimeout(resolve, 700); });
      words = words.filter((word) => word);
      const scored = units.map((unit, at) => {
        const inTitle = words.filter((word) => unit.title.toLowerCase().includes(word)).length;
        const inText = words.filter((word) => unit.text.toLowerCase().includes(word)).length;
        return { unit, at, found: words.filter((word) => `${unit.title} ${unit.text}`.toLowerCase().includes(word)).length, score: 3 * inTitle + inText };
      }).filter(({ score }) => score).sort((a, b) => b.score - a.score || a.at - b.at);
      const all = scored.filter(({ found }) => found === words.length);
      const fits = all.length > 0;
      const passes = (unit, but) => Object.entries(filters).every(([name, value]) => name === but || facets[name](unit).includes(value));
      const found = (fits ? all : scored).map(({ unit }) => unit);
      const counts = {};
      for (const name of Object.keys(facets)) {
        const tally = new Map();
        for (const unit of found.filter((unit) => passes(unit, name))) for (const value of facets[name](unit)) tally.set(value, (tally.get(value) ?? 0) + 1);
        counts[name] = [...tally].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      }
      const passed = found.filter((unit) => passes(unit));
      const hits = passed.slice(0, top).map((unit) => {
        const at = Math.max(0, unit.text.toLowerCase().indexOf(words.find((word) => unit.text.toLowerCase().includes(word)) ?? '') - 60);
        const excerpt = (at ? '… ' : '') + unit.text.slice(at, at + 180);
        return { ...unit, title: pieces(unit.title, words), excerpt: pieces(excerpt, words) };
      });
      return { query, fits, total: passed.length, hits, counts, problems: order === 'part' ? ['unstick/search/shard-1.js'] : [] };
    },
  });
}
