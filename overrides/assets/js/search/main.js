// Starts the search in the header and on its page. The rest of the search loads when the reader searches.
const header = document.querySelector("[data-find]");
const page = document.querySelector("[data-find-page]");

// Whoever types at once types here, where search-page.js finds it, also after Enter; whoever goes back at once sees what was asked.
function begin() {
  const input = page.elements.q;
  const asked = () => new URLSearchParams(location.search).get("q") ?? "";
  input.value ||= asked();
  page.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", () => {
    input.value = asked();
  });
  if (!input.value && document.activeElement === document.body) input.focus({ preventScroll: true });
}

// Trying again is asking for the page anew, with what was typed meanwhile.
function again() {
  const query = new URLSearchParams(location.search);
  if (page.elements.q.value) query.set("q", page.elements.q.value);
  history.replaceState(null, "", `?${query}`);
  location.reload();
}

function tell() {
  const status = document.querySelector("[data-find-status]");
  const button = document.createElement("button");
  button.type = "button";
  button.append(status.dataset.retry);
  button.addEventListener("click", again);
  page.addEventListener("submit", again);
  const notice = document.createElement("span");
  notice.className = "notice";
  notice.append(status.dataset.broken, " ", button);
  status.replaceChildren(notice);
}

if (page) {
  begin();
  import("./page.js").then(({ searchPage }) => searchPage(page), tell);
}
if (header) {
  const wait = () => header.addEventListener("focusin", wake, { once: true });
  const wake = () => import("./header.js").then(({ searchHeader }) => searchHeader(header), wait);
  wait();
}
