// One event stream for all tabs of this browser. Tabs come and go; with the last one the stream ends.
const ports = new Set();
let source = null;
let address = "";
let last = { state: "lost" };

function tell(message) {
  if (message.state) last = message;
  for (const port of ports) port.postMessage(message);
}

function start() {
  source = new EventSource(address);
  source.addEventListener("change", (event) => tell({ topics: JSON.parse(event.data).topics }));
  source.addEventListener("again", () => tell({ again: true }));
  // What changed between the page's own reading and this stream's beginning was told to nobody: read once more.
  source.addEventListener("hello", () => tell({ again: true }));
  source.onopen = () => tell({ state: "open" });
  source.onerror = () => {
    tell({ state: "lost" });
    // The browser gives up for good on an answer that is no stream (signed out, server starting): try again calmly.
    if (source?.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(() => { if (ports.size && !source) start(); }, 15000);
    }
  };
}

self.onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = (message) => {
    if (message.data.close) {
      ports.delete(port);
      if (!ports.size && source) {
        source.close();
        source = null;
      }
      return;
    }
    ports.add(port);
    port.postMessage(last);
    if (message.data.open && (!source || address !== message.data.open)) {
      source?.close();
      address = message.data.open;
      start();
    } else if (last.state === "open") port.postMessage({ again: true });
  };
  port.start();
};
