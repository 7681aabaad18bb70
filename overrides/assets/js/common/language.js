// Which language a text is in, where that is not the page's.
import { language } from "./i18n.js";

const HAN = /[\u3400-\u9fff]/g;
const LATIN_WORD = /[A-Za-z][A-Za-z'’-]+/g;

// The property `lang` for an element that shows TEXT; none where the page says it already.
export function languageOf(text) {
  const [han, latin] = [HAN, LATIN_WORD].map((signs) => (text.match(signs) ?? []).length);
  const spoken = han >= latin ? "zh" : "en";
  return (!han && !latin) || language.startsWith(spoken) ? {} : { lang: spoken };
}
