// Sound and desktop notices when somebody writes: chosen per browser, off until then, one page of all tabs calls.
const menu = document.querySelector("[data-notices]");
const chosen = (kind) => localStorage.getItem(`notice-${kind}`) === "on";

function sound() {
  const context = new AudioContext();
  const volume = context.createGain();
  volume.connect(context.destination);
  volume.gain.setValueAtTime(0.0001, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.12, context.currentTime + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.5);
  for (const [pitch, at] of [[660, 0], [880, 0.12]]) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + 0.5);
  }
  setTimeout(() => context.close(), 900);
}

function show() {
  const notice = new Notification(menu.dataset.noticeTitle, { body: menu.dataset.noticeBody, tag: "inbox" });
  notice.onclick = () => { window.focus(); notice.close(); };
}

// The lock is held for three seconds, so that ten messages at once, or ten tabs, call once.
function call() {
  navigator.locks.request("inbox-notice", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    if (chosen("sound")) sound();
    if (chosen("desktop") && document.hidden && Notification.permission === "granted") show();
    await new Promise((done) => setTimeout(done, 3000));
  });
}

async function choose(box) {
  if (box.checked && box.dataset.notice === "desktop" && (await Notification.requestPermission()) !== "granted") {
    box.checked = false;
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: menu.dataset.noticeRefused, kind: "warn" } }));
  }
  localStorage.setItem(`notice-${box.dataset.notice}`, box.checked ? "on" : "off");
  if (box.checked && box.dataset.notice === "sound") sound();
}

if (menu && navigator.locks) {
  menu.hidden = false;
  for (const box of menu.querySelectorAll("[data-notice]")) {
    if (box.dataset.notice === "desktop" && !("Notification" in window)) box.closest("label").hidden = true;
    box.checked = chosen(box.dataset.notice);
    box.addEventListener("change", () => choose(box));
  }
}
document.addEventListener("desk:heard", (event) => {
  if (menu && navigator.locks && event.detail.topics.includes("arrived")) call();
});
