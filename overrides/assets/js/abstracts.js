// The abstracts of a day's picks: fetched when somebody asks for the first, unpacked by the browser.
import { harmless } from "./harmless.js";
import { root } from "./words.js";

const days = new Map();

async function unpacked(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b; // a server may have unpacked it already
  const body = packed ? new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")) : bytes;
  return new Response(body).json();
}

// TEXT as nodes, with mathematics where PATCHES ([from, to, html]) say so.
function patched(text, patches) {
  const nodes = [];
  let at = 0;
  for (const [from, to, html] of patches) {
    nodes.push(text.slice(at, from), harmless(html));
    at = to;
  }
  return [...nodes, text.slice(at)];
}

// Of one paper, as nodes; throws if there is none.
export async function abstractOf(day, id) {
  if (!days.has(day)) {
    const file = `data/${day.slice(0, 4)}/${day}`;
    days.set(day, Promise.all([unpacked(`${file}.abstracts.json.gz`), unpacked(`${file}.formulas.json.gz`).catch(() => ({}))]));
  }
  try {
    const [plain, shown] = await days.get(day);
    if (typeof plain[id] === "string") return patched(plain[id], shown[id] ?? []);
  } catch (error) {
    days.delete(day);
    throw error;
  }
  throw new Error(`${day}: no abstract of ${id}`);
}
