#!/usr/bin/env bash
# feed 6.0.0 (npm): RSS authors without a mail address are written into <author>, which RSS 2.0 keeps for mail addresses (they
# belong in dc:creator, whose namespace it declares and does not use); Atom categories get a label and no `term`, the one
# attribute that Atom requires; JSON is version 1, with the first author only.
#
# Guess: names without an address go to dc:creator; term is set from the name.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
node_with feed@6.0.0

cat >make.cjs <<'JS'
const { Feed } = require("feed");
const feed = new Feed({ title: "T", id: "tag:example.org,2026:f", link: "http://example.org/", updated: new Date(0) });
feed.addItem({ title: "A", id: "oai:arXiv.org:2601.06212", link: "http://example.org/1", date: new Date(0),
  author: [{ name: "Eva Nagy" }, { name: "Wei Zhang" }], category: [{ name: "cs.LG" }] });
console.log("RSS:", feed.rss2().match(/<author>.*?<\/author>|<dc:creator>.*?<\/dc:creator>/g).join(" "));
console.log("Atom:", feed.atom1().match(/<category.*?>/)[0]);
const json = JSON.parse(feed.json1());
console.log("JSON:", json.version, JSON.stringify(json.items[0].author ?? json.items[0].authors));
JS
seen node make.cjs

expect <<'END'
RSS: <author>Eva Nagy</author> <author>Wei Zhang</author>
Atom: <category label="cs.LG"/>
JSON: https://jsonfeed.org/version/1 {"name":"Eva Nagy"}
END
