// In the row of fields: which one is being read.

export function follow(row) {
  const links = [...row.querySelectorAll("a[href^='#']")];
  const heads = links.map((link) => document.getElementById(link.hash.slice(1)));

  function mark() {
    const edge = innerHeight * 0.3;
    const at = heads.findLastIndex((head) => head && !head.hidden && head.getBoundingClientRect().top < edge);
    if (at < 0) row.scrollLeft = 0;
    links.forEach((link, number) => {
      if (number !== at) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        if (row.scrollWidth > row.clientWidth) row.scrollLeft = link.offsetLeft - 12;
      }
    });
  }

  const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px" });
  for (const head of heads) if (head) watch.observe(head);
}
