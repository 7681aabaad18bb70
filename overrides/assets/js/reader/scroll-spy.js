// Marks the field that is being read in the row of field links.
const EDGE = 0.3; // of the screen's height: the heading above this line is the current one

export function followScroll(row) {
  const links = [...row.querySelectorAll("a[href^='#']")];
  const headings = links.map((link) => document.getElementById(link.hash.slice(1)));

  function mark() {
    const edge = innerHeight * EDGE;
    const current = headings.findLastIndex(
      (heading) => heading && !heading.hidden && heading.getBoundingClientRect().top < edge,
    );
    if (current < 0) row.scrollLeft = 0;
    links.forEach((link, index) => {
      if (index !== current) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        if (row.scrollWidth > row.clientWidth) row.scrollLeft = link.offsetLeft - 12;
      }
    });
  }

  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px" });
  for (const heading of headings) if (heading) observer.observe(heading);
}
