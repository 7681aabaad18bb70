// Makes elements, and offers files for download.

// An element with its properties (or attributes, where it has no such property) and children; null children are left out.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// TEXT of an address, decoded; as it is where its codes are no text (%ED%A0%BD).
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function makeButton(label, onClick) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", () => onClick(button));
  return button;
}

export function download(name, type, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
