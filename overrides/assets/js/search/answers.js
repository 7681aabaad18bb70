// The answers to one query, one after the other: by titles, authors and reasons at once; with the abstracts when their
// shards have come; and, where next to nothing is found, with what may have been meant.
import { search } from "./engine.js";
import { corrected } from "./suggest.js";

const MOST_BEFORE_ABSTRACTS = 2000; // papers: where more hold the query in title or reason, abstracts wait to be asked for
const FEW = 3; // papers: a query that finds fewer may be misspelt
const ENOUGH = 10; // papers: below fewer stand those that lack one of the words

// Yields what `search` returns, each time better: `awaited` says that another answer follows, `waiting` that the
// abstracts are not searched until the reader asks (WANTED.abstracts), `suggestion` what may have been meant,
// `corrected` that this is the answer to the suggestion, `partly` how many of the papers, the last ones, lack one of the words.
export async function* answers(typed, wanted) {
  let found = await search(typed, wanted);
  const deeper = found.inAbstracts && (wanted.abstracts || found.count <= MOST_BEFORE_ABSTRACTS);
  yield Object.assign(found, { awaited: deeper, waiting: found.inAbstracts && !deeper });
  if (deeper) {
    found = await search(typed, { ...wanted, deep: true });
    yield found;
  }
  if (found.isPerson || found.count >= ENOUGH || !found.rows.length || found.failed.length) return;
  const meanings = found.count < FEW ? corrected(typed, found.rows) : null;
  const suggestion = await meanings?.catch(() => null); // no vocabulary, no suggestion
  if (suggestion && !found.count) {
    const meant = await search(suggestion, { ...wanted, deep: true });
    if (meant.count) {
      yield Object.assign(meant, { corrected: suggestion });
      return;
    }
  }
  const asked = (!found.count && suggestion) || typed;
  const partly = await search(asked, { ...wanted, deep: true, relax: true });
  if (found.count) {
    if (suggestion || partly.count) yield Object.assign(found.followedBy(partly), { suggestion });
  } else if (partly.count)
    yield Object.assign(partly, { partly: partly.count, corrected: asked === typed ? null : asked });
}
