#!/usr/bin/env bash
# rss-parser 3.13.0: the text of Atom content of type="xhtml" is put into another order: "one <b>two</b> three" comes out as
# "one  three<b>two</b>". (It builds XML again from a tree that keeps text and elements apart.) A sentence with a link
# or a formula in it says something else then.
#
# Guess: the XHTML as it was, perhaps without its wrapping div.
# Mend: type="html" with escaped markup, which is returned unchanged.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
node_with rss-parser@3.13.0

cat >read.cjs <<'JS'
const Parser = require("rss-parser");
const feed = (content) => `<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:example.org,2026:f</id><title>T</title>
<updated>2026-01-14T05:00:00Z</updated><entry><id>tag:example.org,2026:1</id><title>A</title>
<updated>2026-01-14T05:00:00Z</updated>${content}</entry></feed>`;
const show = async (label, content) => {
  const { items } = await new Parser().parseString(feed(content));
  console.log(`${label}: ${items[0].contentSnippet}`);
};
(async () => {
  await show("xhtml", `<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>not <b>better</b> than random</p></div></content>`);
  await show("html", `<content type="html">&lt;p>not &lt;b>better&lt;/b> than random&lt;/p></content>`);
})();
JS
seen node read.cjs

expect <<'END'
xhtml: not  than randombetter
html: not better than random
END
