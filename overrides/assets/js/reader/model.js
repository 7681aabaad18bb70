// Learns from what a reader saved, liked and dismissed which picks come first for that reader. It runs in the reader's browser
// and sends nothing. The model is linear in the terms of a paper and in its field, so each score comes with its reasons.
const TITLE = 2; // a term of the title counts as two of the abstract
const DISMISSED = 0.5; // a dismissed paper counts half as much as a saved one
const FIELD = 0.5; // how much the field counts beside the terms
const DOUBT = 2; // papers of usual fields that are assumed beside those of the reader
const REASONS = 3;

// The papers of a month's file by id: {id, field, terms: [[term, weight], ...]}.
export function readMonth({ terms, fields, papers }) {
  const names = terms.split(" ").map((term) => term.replaceAll("_", " "));
  const named = (distances, weight) => {
    let place = 0;
    return distances.map((distance) => {
      place += distance;
      return [names[place], weight];
    });
  };
  return new Map(
    Object.entries(papers).map(([id, [field, title, others]]) => [
      id,
      { id, field: fields[field], terms: [...named(title, TITLE), ...named(others, 1)] },
    ]),
  );
}

// All that is known of the picks of the loaded months: vectors of length 1 by id, and how often each field is picked.
export class Corpus {
  constructor(papers) {
    const spread = new Map();
    this.fields = new Map();
    for (const { field, terms } of papers.values()) {
      this.fields.set(field, (this.fields.get(field) ?? 0) + 1 / papers.size);
      for (const [term] of terms) spread.set(term, (spread.get(term) ?? 0) + 1);
    }
    const vector = ({ terms }) => {
      const raw = terms.map(([term, weight]) => [term, weight * Math.log(1 + papers.size / spread.get(term))]);
      const length = Math.hypot(...raw.map(([, weight]) => weight)) || 1;
      return raw.map(([term, weight]) => [term, weight / length]);
    };
    this.papers = new Map([...papers].map(([id, paper]) => [id, { ...paper, vector: vector(paper) }]));
  }
}

const dot = (vector, weights) => vector.reduce((sum, [term, weight]) => sum + weight * (weights.get(term) ?? 0), 0);

// What a reader's choices tell. liked, dismissed: ids of papers (those that the corpus does not hold are left out); fields:
// slugs that the reader chose.
export class Model {
  constructor(corpus, { liked, dismissed = [], fields = [] }) {
    this.corpus = corpus;
    const known = (ids) => ids.map((id) => corpus.papers.get(id)).filter(Boolean);
    this.liked = known(liked);
    this.weights = new Map();
    this.#add(this.liked, 1);
    this.#add(known(dismissed), -DISMISSED);
    this.fieldWeights = this.#fieldWeights([...this.liked.map(({ field }) => field), ...fields]);
    const all = [...corpus.papers.values()].map(({ vector }) => dot(vector, this.weights));
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    this.scale = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) || 1;
  }

  #add(papers, sign) {
    for (const { vector } of papers) {
      for (const [term, weight] of vector) {
        this.weights.set(term, (this.weights.get(term) ?? 0) + (sign * weight) / papers.length);
      }
    }
  }

  // How much more often than usual the reader likes a field, as a logarithm.
  #fieldWeights(chosen) {
    const weight = ([field, usual]) => {
      const own = chosen.filter((slug) => slug === field).length;
      return [field, FIELD * Math.log((own + DOUBT * usual) / (chosen.length + DOUBT) / usual)];
    };
    return new Map([...this.corpus.fields].map(weight));
  }

  // Whether there is anything to rank by.
  get empty() {
    return this.weights.size === 0 && ![...this.fieldWeights.values()].some(Boolean);
  }

  // How well paper ID fits the reader; null for a paper that the corpus does not hold.
  score(id) {
    const paper = this.corpus.papers.get(id);
    return paper ? dot(paper.vector, this.weights) / this.scale + (this.fieldWeights.get(paper.field) ?? 0) : null;
  }

  // Why paper ID comes first: {terms, field, like}: the terms that count most, its field if it counts for it, and the id of
  // the liked paper that is closest to it. Any may be missing.
  reasons(id) {
    const { vector, field } = this.corpus.papers.get(id);
    const parts = vector.map(([term, weight]) => [term, weight * (this.weights.get(term) ?? 0)]);
    const terms = parts
      .filter(([, part]) => part > 0)
      .sort((part, other) => other[1] - part[1])
      .map(([term]) => term)
      // "kv cache" says what "kv" and "cache" would say again
      .filter((term, place, all) => !all.some((other, at) => at !== place && other.split(" ").includes(term)))
      .slice(0, REASONS);
    const own = new Map(vector);
    const close = this.liked
      .filter((paper) => paper.id !== id)
      .map((paper) => [paper.id, dot(paper.vector, own)])
      .sort((paper, other) => other[1] - paper[1])[0];
    return {
      terms,
      field: (this.fieldWeights.get(field) ?? 0) > 0 ? field : null,
      like: close && close[1] > 0.05 ? close[0] : null,
    };
  }
}
