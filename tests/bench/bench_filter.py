"""The filter of a day of a hundred picks, in Chromium: from a key or a slide to the new layout.

`python tests/bench/bench_filter.py [--slower N]` prints the medians at full speed and with the processor slowed down N
times (4: a slow phone), and fails if a step takes longer than a finger waits (100 ms). The quietest of five rounds
counts: other work on this machine is no phone's.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from support import archive  # noqa: E402
from support.browser_days import LONG_DAY, publish  # noqa: E402
from support.project import copy_project  # noqa: E402
from support.sample_site import served  # noqa: E402

LIMIT_MS = 100.0
STEPS = """() => {
  const times = [];
  const range = document.querySelector("#f-min"), mute = document.querySelector("#f-mute");
  const step = (input, value) => {
    const start = performance.now();
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  };
  for (const value of ["9", "8", "7.5", "9.5", "7"]) step(range, value);
  for (const value of ["s", "st", "number 5", "lastname3", ""]) step(mute, value);
  return times;
}"""


def main() -> int:
    """Publish, slide, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slower", type=float, default=4)
    slower = parser.parse_args().slower
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = copy_project(Path(name) / "day")
        publish(folder, archive.config("zh"))
        with served(folder / "site") as base:
            chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 360, "height": 900})
            page.goto(f"{base}/{LONG_DAY}")
            page.locator(".tools__open").click()
            speed = page.context.new_cdp_session(page)
            usual, slow = slid(page, speed, 1), slid(page, speed, slower)
            chromium.close()
    print(f"one step among a hundred picks: {usual:.1f} ms, processor {slower:g} times slower: {slow:.1f} ms")
    return int(slow > LIMIT_MS)


def slid(page: Page, speed: CDPSession, slower: float) -> float:
    """Milliseconds of a step: the lowest median of five rounds."""
    speed.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    rounds: list[list[float]] = [page.evaluate(STEPS) for _ in range(5)]
    return min(map(statistics.median, rounds))


if __name__ == "__main__":
    sys.exit(main())
