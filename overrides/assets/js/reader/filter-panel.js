// The controls of the filter. They only show settings and report changes; filter.js acts on them.
import { make, makeButton } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { recall } from "../common/storage.js";

const MOST_SUGGESTED = 5;

const textInput = (id) =>
  make("input", { type: "text", id, autocomplete: "off", spellcheck: false, enterKeyHint: "done" });
const row = (id, label, ...controls) => make("p", {}, make("label", { htmlFor: id }, say(label)), ...controls);

// Authors of several saved papers that LINE does not name yet.
function suggestions(line) {
  const counts = new Map();
  for (const { authors } of recall("saved")) {
    for (const name of authors) if (!name.includes(",")) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .filter(([name, count]) => count > 1 && !line.toLowerCase().includes(name.toLowerCase()))
    .sort(([, count], [, other]) => other - count)
    .slice(0, MOST_SUGGESTED)
    .map(([name]) => name);
}

// {panel, bar, opener, show}: CHANGE(part of the settings) is called for each change of a control; CHIPS: {link, slug} of the
// fields of the page; LOWEST: the lowest score of the page.
export function makePanel({ change, chips, lowest, settings }) {
  const range = make("input", { type: "range", id: "f-min", min: lowest, max: 10, step: 0.1 });
  const value = make("output", { htmlFor: "f-min" });
  const watch = textInput("f-watch");
  const suggested = make("span", { className: "tools__suggested" });
  const mute = textInput("f-mute");
  const hideRead = make("input", { type: "checkbox" });
  const sorts = { field: "byField", score: "byScore", newest: "byNewest", foryou: "byForYou" };
  const options = Object.entries(sorts).map(([name, key]) => make("option", { value: name }, say(key)));
  const sort = make("select", { id: "f-sort" }, ...options);
  const boxes = chips.map(({ link, slug }) => {
    const box = make("input", { type: "checkbox", value: slug });
    box.addEventListener("change", () => {
      const hidden = settings().hidden.filter((other) => other !== slug);
      change({ hidden: box.checked ? hidden : [...hidden, slug] });
    });
    return { box, slug, label: make("label", {}, box, ` ${link.firstChild.textContent.trim()}`) };
  });
  range.addEventListener("input", () => change({ min: Number(range.value) }));
  watch.addEventListener("input", () => change({ watch: watch.value }));
  mute.addEventListener("input", () => change({ mute: mute.value }));
  hideRead.addEventListener("change", () => change({ hideRead: hideRead.checked }));
  sort.addEventListener("change", () => change({ sort: sort.value }));

  const fields = make("fieldset", {}, make("legend", {}, say("fields")), ...boxes.map(({ label }) => label));
  const panel = make(
    "div",
    { className: "tools__panel", id: "f-panel", hidden: true },
    row("f-sort", "sort", sort, make("label", { className: "tools__check" }, hideRead, ` ${say("hideRead")}`)),
    row("f-watch", "watch", watch, suggested),
    row("f-mute", "mute", mute),
    row("f-min", "min", range, value),
    boxes.length > 1 ? fields : null,
  );

  function show({ min, watch: line, mute: muted, hideRead: hides, sort: order, hidden }) {
    range.value = Math.max(min, lowest);
    value.textContent = Number(range.value).toFixed(1);
    range.setAttribute("aria-valuetext", value.textContent);
    if (watch !== document.activeElement) watch.value = line;
    if (mute !== document.activeElement) mute.value = muted;
    hideRead.checked = hides;
    sort.value = order;
    for (const { box, slug } of boxes) box.checked = !hidden.includes(slug);
    const add = (name) => makeButton(`+ ${name}`, () => change({ watch: [line, name].filter(Boolean).join(", ") }));
    suggested.replaceChildren(...suggestions(line).map(add));
  }

  return { panel, show };
}
