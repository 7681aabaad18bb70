// The words of the site in its language, and its root. MkDocs fills this file in, once for all pages.
const words = {{ config.extra.script_words | tojson }};

export const root = new URL("../../", import.meta.url);
export const language = {{ config.extra.words.html_lang | tojson }};

export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
