// The site's own words in its language. MkDocs fills this template in, once for all pages; the words are declared in
// Python, in the table of the site's words.
const words = {{ config.extra.script_words | tojson }};

export const language = {{ config.extra.words.html_lang | tojson }};

// TEXT with each {name} replaced by its value.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);

// The words that KEY stands for.
export const say = (key, values = {}) => fill(words[key], values);
