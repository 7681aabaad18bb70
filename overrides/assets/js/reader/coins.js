// Describes each paper for reference managers: a COinS (an OpenURL in an empty span), which Zotero's connector finds.
import { make } from "../common/dom.js";
import { paperOf } from "./cards.js";

function openUrl({ id, title, authors, submitted, categories }) {
  const fields = [
    ["ctx_ver", "Z39.88-2004"],
    ["rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"],
    ["rft.type", "preprint"],
    ["rft.title", title],
    ...authors.map((name) => ["rft.creator", name]),
    ["rft.date", submitted],
    ["rft.publisher", "arXiv"],
    ["rft.identifier", `https://arxiv.org/abs/${id}`],
    ["rft_id", `info:doi/10.48550/arXiv.${id}`],
    ...categories.map((name) => ["rft.subject", name]),
  ];
  return String(new URLSearchParams(fields.filter(([, value]) => value)));
}

export const addCoins = (card) => card.append(make("span", { className: "Z3988", title: openUrl(paperOf(card)) }));
