// Shows the reader a short message at the edge of the page; screen readers announce it.
import { make } from "./dom.js";

const SHOWN_MS = 6000;
const notice = make("div", { className: "toast", role: "status" });
document.body.append(notice);
let timer;

export function toast(text) {
  notice.textContent = text;
  notice.classList.add("toast--on");
  clearTimeout(timer);
  timer = setTimeout(() => notice.classList.remove("toast--on"), SHOWN_MS);
}
