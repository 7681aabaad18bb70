// Reading without a network: has sw.js keep the last days, and says when an open page has become old. Only for readers who
// come back, have saved something or have installed the site; not for those who ask browsers to save data.
import { make } from "./dom.js";
import { say } from "./i18n.js";
import { dayPage, root } from "./root.js";
import { isBack, recall } from "./storage.js";
import { toast } from "./toast.js";

const AGAIN_MS = 18e5; // half an hour
const name = location.href.slice(root.href.length).split(/[?#]/)[0];
let shown; // the digest of the page as it is shown here
let asked = 0;

const isWanted = () =>
  (isBack() ||
    recall("saved").length > 0 ||
    matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches) &&
  !navigator.connection?.saveData;

// What the worker tells of the files it keeps, once it has brought them up to date; null where it could not.
function refreshed({ active }) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((tell) => {
    port1.onmessage = ({ data }) => tell(data);
    active.postMessage("refresh", [port2]);
  });
}

async function refresh() {
  if (Date.now() - asked < AGAIN_MS) return;
  asked = Date.now();
  const told = await refreshed(await navigator.serviceWorker.ready);
  const now = told?.files[name];
  if (!now) return;
  shown ??= told.isCopy ? told.before[name] : now;
  if (shown !== now) toast(say("newer"), { label: say("reload"), run: () => location.reload() });
}

// On the page that stands for one that is not kept: the days that are.
async function listKept(place) {
  const list = await caches.match(new URL("offline.json", root)); // of this site alone: its address is the key
  const { days = [] } = (await list?.json()) ?? {};
  place.append(...days.map((day) => make("li", {}, make("a", { href: dayPage(day) }, day))));
}

async function begin() {
  if (!("serviceWorker" in navigator)) return; // not over http, for one
  const place = document.querySelector("[data-kept]");
  if (place) await listKept(place);
  if (!isWanted()) return;
  await navigator.serviceWorker.register(new URL("sw.js", root));
  await refresh();
  addEventListener("visibilitychange", () => document.hidden || refresh());
}

// After everything that the reader waits for.
const idle = globalThis.requestIdleCallback ?? setTimeout;
const start = () => idle(() => begin().catch(() => {})); // a browser that refuses has the site as it is
if (document.readyState === "complete") start();
else addEventListener("load", start);
