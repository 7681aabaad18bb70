// Before the first paint: the reader's choice of colours, if there is one; without it the system decides, in CSS. And if
// the reader filters papers, they wait for the filter, so that nothing jumps.
try {
  var chosen = localStorage.getItem("arxiv-daily.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  if (localStorage.getItem("arxiv-daily.settings") || /[?&](min|fields|sort)=/.test(location.search)) {
    document.documentElement.classList.add("filtering");
    setTimeout(function () {
      document.documentElement.classList.remove("filtering");
    }, 1500);
  }
} catch (error) {
  // storage refused: the system's colours
}
// What any script may load as a script: files of this site (Trusted Types, required by the CSP). HTML of text: nothing.
if (window.trustedTypes && trustedTypes.createPolicy) {
  trustedTypes.createPolicy("default", {
    createScriptURL: function (url) {
      return new URL(url, location.href).origin === location.origin ? url : null;
    },
  });
}
