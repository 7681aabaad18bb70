// Names of persons as readers write them: in either order, with a comma, with initials.
import { fold, parts } from "./tokens.js";

const words = (name) => parts(fold(name)).flatMap(({ word, run }) => word ?? run);

// W. and Y.-J., and a single letter.
export const isInitials = (word) =>
  /^(?:\p{L}\.?-?){1,3},?$/u.test(word) && (word.includes(".") || /^\p{L},?$/u.test(word));

// {family, initials} of W. Zhang, Zhang W. and Zhang, Y. J.; null of a NAME that is not a family name with initials alone.
export function initialsName(name) {
  const pieces = name.split(/\s+/).filter(Boolean);
  const short = pieces.filter(isInitials);
  const long = pieces.filter((piece) => !isInitials(piece));
  if (!short.length || long.length !== 1) return null;
  const family = words(long[0]);
  return family.length === 1 && family[0].length > 1
    ? { family: family[0], initials: words(short.join(" ")).join("") }
    : null;
}

// A name in the orders in which it may be written, the likeliest first: "Zhang Wei" may be Wei Zhang, "Zhang, Wei" is.
export function orders(name) {
  const [family, given] = name.split(/,(.*)/s);
  if (given?.trim()) return [`${given} ${family}`.trim()];
  const all = name.split(/[\s,]+/).filter(Boolean);
  const turned = all.map((_, place) => [...all.slice(place), ...all.slice(0, place)].join(" "));
  return [...new Set(turned)].slice(0, 4);
}
