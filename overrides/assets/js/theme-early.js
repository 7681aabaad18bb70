// Runs before the first paint, as a classic script. It applies the reader's choice of colours (without one, CSS follows
// the system). If the reader filters papers, it hides the cards until the filter is ready, so that nothing jumps.
try {
  const chosen = localStorage.getItem("arxiv-daily.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  if (localStorage.getItem("arxiv-daily.settings") || /[?&](min|fields|sort)=/.test(location.search)) {
    document.documentElement.classList.add("filtering");
    setTimeout(() => document.documentElement.classList.remove("filtering"), 1500);
  }
} catch {
  // The browser refuses storage: the system's colours apply.
}

// The default policy of Trusted Types, which the Content-Security-Policy requires: scripts may load scripts of this site
// only, and may not turn any text into HTML.
globalThis.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
});
