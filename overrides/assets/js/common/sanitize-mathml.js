// Turns HTML with MathML into nodes by copying listed elements and attributes only; any other element becomes its text.
// The site's own files hold nothing else, but what a browser stored or a reader imported might.
const MATHML = "http://www.w3.org/1998/Math/MathML";
const ELEMENTS = new Set(
  (
    "math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd " +
    "mstyle mpadded mphantom menclose mmultiscripts mprescripts none"
  ).split(" "),
);
const ATTRIBUTES = {
  accent: /^(true|false)$/,
  displaystyle: /^(true|false)$/,
  fence: /^(true|false)$/,
  largeop: /^(true|false)$/,
  stretchy: /^(true|false)$/,
  separator: /^(true|false)$/,
  linethickness: /^0(pt)?$/,
  mathvariant: /^normal$/,
  lspace: /^0$|^0\.\d{1,3}em$/,
  rspace: /^0$|^0\.\d{1,3}em$/,
  width: /^[012](\.\d{1,3})?em$/,
  alttext: /^/,
  "data-text": /^/,
};
const ONE_LINE = /^tex( tex--wide)?$/; // the class of a span that holds a formula and the signs that it touches

// The one Trusted Types policy by which scripts may parse HTML: its result is only copied from, below.
const policy = globalThis.trustedTypes?.createPolicy("sanitize-mathml", { createHTML: (html) => html });

export function sanitizeMathml(html) {
  const fragment = document.createDocumentFragment();
  const trusted = policy ? policy.createHTML(html) : html;
  copy(new DOMParser().parseFromString(trusted, "text/html").body, fragment);
  return fragment;
}

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      to.append(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE && ELEMENTS.has(node.localName)) {
      const element = document.createElementNS(MATHML, node.localName);
      for (const [name, allowed] of Object.entries(ATTRIBUTES)) {
        const value = node.getAttribute(name);
        if (value !== null && allowed.test(value)) element.setAttribute(name, value);
      }
      copy(node, element);
      to.append(element);
    } else if (node.nodeType === Node.ELEMENT_NODE && node.localName === "span" && ONE_LINE.test(node.className)) {
      const span = document.createElement("span");
      span.className = node.className;
      copy(node, span);
      to.append(span);
    } else if (node.nodeType === Node.ELEMENT_NODE && !["script", "style", "template"].includes(node.localName)) {
      copy(node, to);
    }
  }
}
