// On a phone the header leaves the screen while the reader scrolls down and returns when they scroll up; CSS does the rest.
const AWAY = "top-away";
const STEP = 8; // px: smaller movements of a finger change nothing

export function hideHeaderOnScroll(header) {
  const { classList } = document.documentElement;
  let last = scrollY;
  addEventListener(
    "scroll",
    () => {
      const moved = scrollY - last;
      if (Math.abs(moved) < STEP) return;
      last = scrollY;
      classList.toggle(AWAY, moved > 0 && scrollY > header.offsetHeight && !header.contains(document.activeElement));
    },
    { passive: true },
  );
  header.addEventListener("focusin", () => classList.remove(AWAY));
}
