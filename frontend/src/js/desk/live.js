// Live pages: one stream per browser tells ids; whatever shows one of them re-reads itself from the server.
//
// <section hx-get="/inbox/list" hx-trigger="live" data-live="inbox:1 inbox:2">  re-reads at once
// <section ... data-live="inbox:1" data-live-hold="news">                       counts in #news until it is pressed
import { htmx } from "./htmx.js";

const address = document.body.dataset.liveUrl;
const waiting = new Set();
let timer = 0;

function wants(element, topics) {
  return element.dataset.live.split(/\s+/).some((topic) =>
    topics.has(topic) || (topic.endsWith("*") && [...topics].some((one) => one.startsWith(topic.slice(0, -1)))));
}

function hold(element) {
  const pill = document.getElementById(element.dataset.liveHold);
  if (!pill) return false;
  // Nobody is reading when the list stands at its top and the focus is elsewhere: then show it at once.
  const scroller = element.closest(".pane") ?? document.scrollingElement;
  if (scroller.scrollTop < 24 && !element.contains(document.activeElement)) return false;
  pill.hidden = false;
  return true;
}

function flush() {
  timer = 0;
  if (document.hidden) return;
  const topics = new Set(waiting);
  waiting.clear();
  for (const element of document.querySelectorAll("[data-live]")) {
    if (wants(element, topics) && !(element.dataset.liveHold && hold(element))) htmx.trigger(element, "live");
  }
  document.dispatchEvent(new CustomEvent("desk:live", { detail: { topics: [...topics] } }));
}

function changed(topics) {
  topics.forEach((topic) => waiting.add(topic));
  timer ||= setTimeout(flush, 120);
}

function receive(message) {
  if (message.topics) {
    changed(message.topics);
    // Before anything is read again, and in hidden pages too: somebody may have asked to be called.
    document.dispatchEvent(new CustomEvent("desk:heard", { detail: { topics: message.topics } }));
  }
  if (message.state) document.body.dataset.stream = message.state;
  // After a gap that the server could not replay, everything on the page is read again.
  if (message.again) changed([...document.querySelectorAll("[data-live]")].flatMap((element) => element.dataset.live.split(/\s+/)));
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && waiting.size) flush(); });
document.addEventListener("click", (event) => {
  const pill = event.target.closest("[data-live-show]");
  if (!pill) return;
  pill.hidden = true;
  htmx.trigger(document.getElementById(pill.dataset.liveShow), "live");
});

function viaWorker() {
  const worker = new SharedWorker(document.body.dataset.liveWorker, { name: `live:${address}` });
  worker.port.onmessage = (event) => receive(event.data);
  worker.port.start();
  worker.port.postMessage({ open: address });
  window.addEventListener("pagehide", () => worker.port.postMessage({ close: true }));
  window.addEventListener("pageshow", (event) => event.persisted && worker.port.postMessage({ open: address }));
}

// Without SharedWorker the tab that holds the lock reads the stream and tells the others.
function viaLeader() {
  const channel = new BroadcastChannel(`live:${address}`);
  channel.onmessage = (event) => receive(event.data);
  navigator.locks.request(`live:${address}`, () => new Promise(() => {
    const source = new EventSource(address);
    const tell = (message) => { receive(message); channel.postMessage(message); };
    source.addEventListener("change", (event) => tell({ topics: JSON.parse(event.data).topics }));
    source.addEventListener("again", () => tell({ again: true }));
    source.addEventListener("hello", () => tell({ again: true }));
    source.onopen = () => tell({ state: "open" });
    source.onerror = () => tell({ state: "lost" });
  }));
}

if (address) {
  if (window.SharedWorker) viaWorker();
  else viaLeader();
}
