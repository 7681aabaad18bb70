"""The search in Firefox ESR: recall, persons and operators, below a path and under a policy.

No driver takes part: a script of the page asks the search and sends the answers to the server that it came from.
"""

import functools
import http.server
import json
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from support import archive, recall
from support.project import CONFIG, PROJECT
from support.site_files import site_folder

from generator.publish.search import build as search
from generator.publish.site.serve import Handler
from generator.records.store import Store
from generator.records.summaries import summaries

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
import make_archive

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
SECONDS = 120
POLICY = "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; object-src 'none'"
PICKS = (
    archive.pick(1, 9, "agents", "用投机解码，加速大模型推理。", title="Fine-tuned code models", authors=["Wei Zhang"]),
    archive.pick(
        4, 9, "dl-theory", "比较张量", title="Weights to code", authors=["Wei Xu", "Bo Zhang", "Xiao-Ming Li"]
    ),
    archive.pick(5, 7, "dl-theory", "研究优化", title="Mixtures of experts", authors=["Paul Erdős", "Bowen Chen"]),
)
ABSTRACTS = {"2601.00005": "Speculative decoding of 3.5 tokens is fast."}
FIRST = {
    "Zhang, Wei": "1",
    "Zhang Wei": "1",
    "W. Zhang": "1",
    "Erdos": "5",
    "Li Xiaoming": "4",
    "Bo-Wen Chen": "5",
    "author:Xiao Ming Li": "4",
    "code -weights": "1",
    "title:code score:>=9 field:dl-theory": "4",
    "score:7..8 year:2026": "5",
    "weights OR experts before:2026年2月": "45",
    "推测解码": "15",
    "投機解碼": "15",
    '"3.5 tokens"': "5",
}
"""Of queries the papers that come first, whatever their order."""

DRIVER = f"""const found = {recall.FOUND};
const first = async (base, query) => {{
  const {{ search }} = await import(`${{base}}assets/js/search/engine.js`);
  const found = await search(query, {{ sort: "relevance", deep: true, period: "2026" }});
  return (await found.next(10)).map((paper) => paper.i);
}};
const base = new URL("./", location.href).href;
const tell = (answer) => fetch("answer", {{ method: "POST", body: JSON.stringify(answer) }});
const asked = await (await fetch("asked.json")).json();
try {{
  const firsts = [];
  for (const query of asked.first) firsts.push(await first(base, query));
  await tell({{ agent: navigator.userAgent, firsts, answers: await found([base, asked.recall]) }});
}} catch (error) {{
  await tell({{ error: `${{error}} ${{error.stack}}` }});
}}
"""


class _Listening(Handler):
    """Serves the site under a policy, and hands on what the page sends."""

    def __init__(self, *args: Any, heard: queue.Queue[Any], **options: Any) -> None:
        self.heard = heard
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self) -> None:  # noqa: N802 (its name in the base class)
        self.heard.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()


def asked_in_firefox(site: Path, profile: Path) -> dict[str, Any]:
    """What the page of SITE tells when Firefox opens it."""
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    handler = functools.partial(_Listening, site=site, base="/arxiv-daily/", heard=heard)
    profile.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/arxiv-daily/"
        browser = subprocess.Popen(
            [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile), address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return heard.get(timeout=SECONDS)
        finally:
            browser.terminate()
            browser.wait(30)
            server.shutdown()


@pytest.mark.skipif(FIREFOX is None, reason="no Firefox on this machine")
def test_firefox_finds_what_chromium_finds(tmp_path: Path) -> None:
    """All that hold a query, persons first, and what operators let through."""
    shutil.copy(CONFIG, tmp_path / "config.toml")
    make_archive.make_archive(tmp_path, 1, days=60, picks=8, rest=0, last=2025)
    store = Store(tmp_path / "docs" / "data")
    store.write(archive.day(picks=PICKS), ABSTRACTS)
    site = tmp_path / "site"
    shutil.copytree(PROJECT / "overrides" / "assets" / "js", site / "assets" / "js")
    page = "<!doctype html><html lang=zh><title>x</title><script type=module src=driver.js></script>"
    (site / "index.html").write_text(page)
    (site / "driver.js").write_text(DRIVER)
    search.build(store, archive.config(), summaries(store, tmp_path / "none"), site_folder(site), tmp_path / "kept")
    asked = recall.queries(recall.held(store.read_all()), share=0.3)
    (site / "asked.json").write_text(json.dumps({"first": [*FIRST], "recall": [query.text for query in asked]}))
    told = asked_in_firefox(site, tmp_path / "profile")
    assert told.get("error") is None and "Firefox/" in told["agent"]
    firsts = {
        query: "".join(sorted(paper[-1] for paper in ids[: len(FIRST[query])]))
        for query, ids in zip(FIRST, told["firsts"], strict=True)
    }
    assert firsts == FIRST
    measured = recall.measure(asked, told["answers"])
    assert {kind: found.missed for kind, found in measured.items() if found.recall < 1} == {}
