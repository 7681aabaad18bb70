// Before the first paint: the reader's choice of colours, if there is one. Without it the system decides, in CSS.
try {
  var chosen = localStorage.getItem("arxiv-daily.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch (error) {
  // storage refused: the system's colours
}
