// Runs before the first paint, as a classic script. It applies the reader's choice of colours (without one, CSS follows
// the system) and view. If the reader filters papers, it hides the cards until the filter is ready, so that nothing jumps.
try {
  // The keys of storage.js: with the path of the site, and those from before that.
  const path = new URL("../../", document.currentScript.src).pathname;
  const stored = (key) =>
    localStorage.getItem(`arxiv-daily:${path}:${key}`) ?? localStorage.getItem(`arxiv-daily.${key}`);
  const chosen = stored("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  const settings = JSON.parse(stored("settings"));
  const view = settings?.view || (matchMedia("(max-width: 719px)").matches ? "compact" : "full");
  if (view === "compact") document.documentElement.classList.add("compact");
  if (settings || /[?&](min|fields|sort)=/.test(location.search)) {
    document.documentElement.classList.add("filtering");
    setTimeout(() => document.documentElement.classList.remove("filtering"), 1500);
  }
} catch {
  // The browser refuses storage, or what it holds is damaged: the system's colours and the full view apply.
}

// The default policy of Trusted Types, which the Content-Security-Policy requires: scripts may load scripts of this site
// only, and may not turn any text into HTML.
globalThis.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
});
