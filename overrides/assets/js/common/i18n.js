// The site's own words in its language. MkDocs fills this template in, once for all pages; the words stand in
// generator/core/locale/, a file for each language.
const words = {{ config.extra.script_words | tojson }};

export const language = {{ config.extra.words.html_lang | tojson }};

// TEXT with each {name} replaced by its value.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);

// The words that KEY stands for; where their form depends on a number, the one that fits values.n.
export const say = (key, values = {}) => {
  const word = words[key];
  const form = (forms) => forms[new Intl.PluralRules(language).select(values.n)] ?? forms.other;
  return fill(typeof word === "string" ? word : form(word), values);
};
