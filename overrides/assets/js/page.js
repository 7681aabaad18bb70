// Making elements, and speaking to the reader.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const notice = make("div", { className: "toast", role: "status" });
document.body.append(notice);
let timer;

export function tell(text) {
  notice.textContent = text;
  notice.classList.add("toast--on");
  clearTimeout(timer);
  timer = setTimeout(() => notice.classList.remove("toast--on"), 6000);
}

export function download(name, type, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
