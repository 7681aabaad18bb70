// `make dev` adds this script to every page: it waits for news of the server, then loads the page again or shows an error.
const here = document.currentScript.src;
const box = document.createElement("pre");
const look = "position:fixed;inset:auto 0 0;margin:0;padding:1em;z-index:99;color:#fff;background:#900;white-space:pre-wrap";
box.style.cssText = look;

async function watch() {
  let [build, known] = ["", ""];
  for (;;) {
    try {
      const news = await (await fetch(new URL(`state?known=${known}`, here))).json();
      if (build && news.build !== build) location.reload();
      ({ build, known } = news);
      box.textContent = news.error;
      box.remove();
      if (news.error) document.body.append(box);
    } catch {
      await new Promise((done) => setTimeout(done, 200)); // the server starts again with new code
    }
  }
}
watch();
