#!/usr/bin/env bash
# FlexSearch 0.8.212: the default encoder removes repeated characters from numbers, too, so the arXiv ids 2601.00112 and
# 2601.01112 are the same word: a search for either finds both papers.
#
# Guess: an identifier is found exactly, whatever is done to words of a language.
# Mend: an encoder with `dedupe: false`, or a field of its own for ids, compared as a string.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
node_with flexsearch@0.8.212

cat >search.cjs <<'JS'
const { Index, Encoder } = require("flexsearch");
const ids = ["2601.00112", "2601.01112", "2601.06212"];
const found = (index, query) => index.search(query).map((place) => ids[place]).sort().join(" and ");
for (const [label, index] of [["default", new Index()], ["dedupe: false", new Index({ encoder: new Encoder({ dedupe: false }) })]]) {
  ids.forEach((id, place) => index.add(place, id));
  for (const id of ids) console.log(`${label}: ${id} finds ${found(index, id)}`);
}
JS
seen node search.cjs

expect <<'END'
default: 2601.00112 finds 2601.00112 and 2601.01112
default: 2601.01112 finds 2601.00112 and 2601.01112
default: 2601.06212 finds 2601.06212
dedupe: false: 2601.00112 finds 2601.00112
dedupe: false: 2601.01112 finds 2601.01112
dedupe: false: 2601.06212 finds 2601.06212
END
