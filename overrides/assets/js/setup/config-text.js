// config.toml, byte for byte as `init` writes it for the same answers, and the rules by which answers are checked. Both come
// from ops/setup.json, which `make docs` makes of the program's own code.

const SLOT = /"@(\w+)@"/g;
const REPOSITORY =
  /^(?:https:\/\/github\.com\/)?([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100}?)(?:\.git)?\/?$/;

// TEXT as a string of TOML.
const quoted = (text) => JSON.stringify(text).replaceAll("\x7f", "\\u007f");

const fill = (text, values) => text.replace(SLOT, (_slot, name) => values[name]);

// {owner, name} of a repository on GitHub, told as OWNER/NAME or by its address; null if it is neither.
export function repositoryOf(told) {
  const [, owner, name] = told.trim().match(REPOSITORY) ?? [];
  return name ? { owner, name } : null;
}

// Whether VALUE (a string, a list or a number) obeys RULE, a JSON Schema.
export function obeys(rule, value) {
  if (rule.type === "number") return value > rule.exclusiveMinimum && value <= rule.maximum;
  const size = rule.type === "array" ? value.length : [...value].length;
  return size >= (rule.minLength ?? rule.minItems) && size <= (rule.maxLength ?? rule.maxItems);
}

// FIELDS, {name, description} each, with a part of addresses for every one: its Latin letters, else a number.
export function withSlugs(fields, taken) {
  const slugs = [];
  for (const { name } of fields) {
    const isFree = (slug) => slug && !taken.includes(slug) && !slugs.includes(slug);
    const letters = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    let slug = letters.slice(0, 60).replace(/^-+|-+$/g, "");
    for (let number = slugs.length + 1; !isFree(slug); number += 1) slug = `field-${number}`;
    slugs.push(slug);
  }
  return fields.map((field, at) => ({ ...field, slug: slugs[at] }));
}

// The file for ANSWERS: {repository, title, language, categories, preset or null, fields, threshold, model}.
export function configText(data, answers, year) {
  const { owner, name } = answers.repository;
  const host = `${owner.toLowerCase()}.github.io`;
  const isWholeHost = name.toLowerCase() === host;
  const head = fill(data.text, {
    title: quoted(answers.title),
    url: quoted(isWholeHost ? `https://${host}/` : `https://${host}/${name}/`),
    authority: quoted(isWholeHost ? `${host},${year}` : `${host},${year}:${name}`),
    language: quoted(answers.language),
    categories: answers.categories.map(quoted).join(", "),
    threshold: String(answers.threshold),
    model: quoted(answers.model),
  });
  if (answers.preset) return head + data.presets[answers.preset].text;
  const fields = withSlugs(answers.fields, data.taken_slugs).map((field, at, all) =>
    fill(at === all.length - 1 ? data.last_field : data.further_field, {
      slug: quoted(field.slug),
      name: quoted(field.name),
      description: quoted(field.description),
    }),
  );
  return head + fields.join("");
}
