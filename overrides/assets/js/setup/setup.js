// The set-up page: answers become a config.toml, shown to be copied into GitHub's editor. Nothing is sent anywhere: GitHub
// takes a prefilled text for new files alone, and by an address, which could not hold one of this length.
import { make, makeButton } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { root } from "../common/root.js";
import { categoryChoice } from "./categories.js";
import { configText, obeys, repositoryOf } from "./config-text.js";
import { WORDS } from "./words.js";

const CONFIRMED_MS = 2000;

// Fill PLACE with the form, in the language that PLACE is in.
export async function showSetup(place) {
  const words = WORDS[place.lang];
  try {
    const answer = await fetch(new URL("ops/setup.json", root));
    if (!answer.ok) throw new Error(`ops/setup.json: ${answer.status}`);
    place.replaceChildren(...parts(await answer.json(), words, place.lang));
  } catch (error) {
    place.replaceChildren(words.failed);
    console.warn(error);
  }
}

const DAY_MS = 864e5;

// What to say of MODEL where it ends soon, by what is KNOWN of ends; else empty.
function endOf(model, { warned_days: days, snapshot, models }, words) {
  const [end, successor] = models[model] ?? models[model.replace(new RegExp(snapshot), "")] ?? [];
  return end && Date.parse(end) <= Date.now() + days * DAY_MS ? fill(words.modelEnds, { end, successor }) : "";
}

// A question: its label, what is asked with, and what is wrong once a person has been there.
function question(label, control, wrong) {
  const note = make("span", { className: "setup__wrong", hidden: true }, wrong);
  const row = make("label", { className: "setup__row" }, make("span", {}, label), control, note);
  control.addEventListener("change", () => {
    row.classList.add("setup__row--answered");
  });
  return { row, control, mark: (isRight) => mark(row, note, isRight) };
}

function mark(row, note, isRight) {
  note.hidden = isRight || !row.classList.contains("setup__row--answered");
  return isRight;
}

function choice(options, value) {
  const list = make("select", {}, ...options.map(([option, label]) => make("option", { value: option }, label)));
  list.value = value;
  return list;
}

const text = (value, more = {}) =>
  make("input", { type: "text", value, spellcheck: false, autocomplete: "off", ...more });

function parts(data, words, language) {
  const form = make("form", { className: "setup__form" });
  const presets = Object.entries(data.presets).map(([name, preset]) => [name, preset[language]]);
  const ask = {
    repository: question(words.repository, text("", { placeholder: "NAME/arxiv-daily" }), words.repositoryWrong),
    title: question(words.title, text("arXiv Daily"), words.titleWrong),
    language: question(words.language, choice(Object.entries({ zh: "中文", en: "English" }), language), ""),
    preset: question(words.preset, choice([...presets, ["", words.own]], "machine-learning"), ""),
    threshold: question(words.threshold, text(data.known.threshold, { inputMode: "decimal" }), words.thresholdWrong),
    model: question(words.model, text(data.known.model), words.modelWrong),
  };
  const own = ownFields(data.rules, words, () => update());
  const result = resultBox(words);
  let follows = true; // the preset's categories, until a person chooses others
  const categories = categoryChoice(data.categories, words, language, () => {
    follows = false;
    update();
  });
  const none = make("span", { className: "setup__wrong" }, words.categoriesWrong);
  const ending = make("span", { className: "setup__wrong", role: "status" });
  ask.model.row.append(ending);

  const update = () => {
    const preset = ask.preset.control.value || null;
    own.element.hidden = preset !== null;
    if (follows) categories.choose(preset ? data.presets[preset].categories : data.known.categories);
    const told = (name) => ask[name].control.value;
    const threshold = /^\d+(\.\d{1,2})?$/.test(told("threshold").trim()) ? Number(told("threshold")) : Number.NaN;
    const repository = repositoryOf(told("repository"));
    ending.textContent = endOf(told("model").trim(), data.ends, words);
    none.hidden = obeys(data.rules.categories, categories.chosen());
    const isRight = [
      ask.repository.mark(repository !== null),
      ask.title.mark(obeys(data.rules.title, told("title"))),
      ask.threshold.mark(obeys(data.rules.threshold, threshold)),
      ask.model.mark(obeys(data.rules.model, told("model"))),
      none.hidden,
      preset !== null || own.areRight(),
    ].every(Boolean);
    const answers = {
      ...{ repository, preset, threshold, fields: own.fields(), categories: categories.chosen() },
      ...{ title: told("title"), language: told("language"), model: told("model") },
    };
    result.show(isRight ? configText(data, answers, new Date().getUTCFullYear()) : null, repository);
  };
  form.append(
    ...[ask.repository.row, ask.title.row, ask.language.row, ask.preset.row, own.element],
    make("fieldset", { className: "setup__row" }, make("legend", {}, words.categories), ...categories.parts, none),
    ...[ask.threshold.row, ask.model.row],
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
  return [form, result.element];
}

// Fields of one's own: a name and a description each, one to begin with.
function ownFields(rules, words, onChange) {
  const rows = [];
  const list = make("div");
  const add = () => {
    const name = question(words.name, text(""), words.nameWrong);
    const about = question(words.description, make("textarea", { rows: 3 }), words.descriptionWrong);
    const box = make("div", { className: "setup__field" }, name.row, about.row);
    const row = { name, about };
    if (rows.push(row) > 1) {
      box.append(
        makeButton(words.removeField, () => {
          rows.splice(rows.indexOf(row), 1);
          box.remove();
          onChange();
        }),
      );
    }
    list.append(box);
    onChange();
  };
  const more = makeButton(words.addField, add);
  const element = make("div", { className: "setup__own", hidden: true }, list, more);
  const fields = () => rows.map(({ name, about }) => ({ name: name.control.value, description: about.control.value }));
  const areRight = () => {
    const names = rows.map(({ name }) => name.control.value);
    return rows
      .flatMap(({ name, about }, at) => [
        name.mark(obeys(rules.name, names[at]) && names.indexOf(names[at]) === at),
        about.mark(obeys(rules.description, about.control.value)),
      ])
      .every(Boolean);
  };
  queueMicrotask(add);
  return { element, fields, areRight };
}

// The finished file, a button that copies it, and the way to the editor of the fork.
function resultBox(words) {
  const missing = make("p", {}, words.missing);
  const file = make("textarea", { readOnly: true, rows: 14, spellcheck: false, "aria-label": words.ready });
  const copy = makeButton(words.copy, async () => {
    try {
      await navigator.clipboard.writeText(file.value);
      copy.textContent = words.copied;
      setTimeout(() => {
        copy.textContent = words.copy;
      }, CONFIRMED_MS);
    } catch {
      file.select(); // the clipboard is not available: the person presses the shortcut
    }
  });
  const edit = make("a", { rel: "noopener" }, words.edit);
  const ready = make(
    "div",
    { hidden: true },
    make("h2", {}, words.ready),
    file,
    make("p", { className: "setup__next" }, copy, edit),
    make("p", {}, words.next),
  );
  const show = (content, repository) => {
    missing.hidden = content !== null;
    ready.hidden = content === null;
    file.value = content ?? "";
    if (repository) edit.href = `https://github.com/${repository.owner}/${repository.name}/edit/main/config.toml`;
  };
  return { element: make("section", { className: "setup__result" }, missing, ready), show };
}
