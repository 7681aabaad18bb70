// Shows the reader a short message at the edge of the page; screen readers announce it.
import { make, makeButton } from "./dom.js";

const SHOWN_MS = 6000;
const notice = make("div", { className: "toast", role: "status" });
document.body.append(notice);
let timer;

// Shows TEXT, with a button where an ACTION {label, run} can be taken.
export function toast(text, action) {
  notice.replaceChildren(text);
  if (action) {
    const button = makeButton(action.label, () => {
      notice.classList.remove("toast--on");
      action.run();
    });
    notice.append(" ", button);
  }
  notice.classList.add("toast--on");
  clearTimeout(timer);
  timer = setTimeout(() => notice.classList.remove("toast--on"), SHOWN_MS);
}
