// Writing: previews while one types, findings underlined where they stand, one key to mend them, threads, versions, pictures.
import "./desk/reply.js";

const form = document.querySelector("[data-composer]");
const csrf = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

// The server counts code points, the browser UTF-16 units.
const units = (text, points) => [...text].slice(0, points).join("").length;

function segmentOf(version, index) {
  const scope = form.querySelector(`[data-version="${CSS.escape(version)}"]`) ?? form;
  return scope.querySelectorAll("[data-segment]")[Number(index)];
}

/* Previews: 150 ms after the last key, the newest answer wins. */
let timer = 0;
let controller = null;

function soon() {
  clearTimeout(timer);
  timer = setTimeout(preview, 150);
}

async function preview() {
  controller?.abort();
  controller = new AbortController();
  const sent = new FormData(form);
  try {
    const answer = await fetch(form.dataset.previewUrl, {
      method: "POST", body: sent, headers: { "HX-Request": "true", "X-CSRFToken": csrf() }, signal: controller.signal,
    });
    if (!answer.ok) return;
    const target = document.getElementById(form.dataset.previewTarget ?? "") ?? form.querySelector("[data-findings]");
    target.innerHTML = await answer.text();
    showMarks(target);
    wantCards(target);
  } catch (problem) {
    if (problem.name !== "AbortError") throw problem;
  }
}

/* Cards below links: the page is read once its address has stood still for a second, or when the writer asks. */
let cardTimer = 0;
const cardsAsked = new Set();

function wantCards(target) {
  clearTimeout(cardTimer);
  const wanted = [...target.querySelectorAll("[data-card-wanted]")].map((one) => one.closest("[data-card]").dataset.card);
  const fresh = [...new Set(wanted)].filter((url) => !cardsAsked.has(url));
  if (fresh.length) cardTimer = setTimeout(() => fresh.forEach((url) => readCard(url)), 1000);
}

async function readCard(url, again = "") {
  cardsAsked.add(url);
  const body = new URLSearchParams({ url, again }), revision = form.elements.revision;
  if (form.dataset.post && revision) { body.append("post", form.dataset.post); body.append("revision", revision.value); }
  const answer = await fetch(form.dataset.cardUrl, {
    method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": csrf() },
  });
  const said = answer.status === 200 ? await answer.json().catch(() => ({})) : {};
  if (said.revision && revision) revision.value = said.revision;
  if (answer.status === 503) {
    cardsAsked.delete(url);
    await new Promise((done) => setTimeout(done, 2000));
  }
  if (answer.ok || answer.status === 503) soon();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-card-again]");
  if (!button) return;
  button.disabled = true;
  button.closest("[data-card]").setAttribute("aria-busy", "true");
  readCard(button.closest("[data-card]").dataset.card, "1");
});
document.addEventListener("change", (event) => { if (event.target.matches("[data-card-off]")) soon(); });
if (form?.dataset.cardUrl) wantCards(document);

function showMarks(target) {
  for (const marks of form.querySelectorAll("[data-marks]")) marks.replaceChildren();
  for (const template of target.querySelectorAll("template[data-marks-for]")) {
    const segment = segmentOf(template.dataset.marksVersion ?? "", template.dataset.marksFor);
    const marks = segment?.querySelector("[data-marks]");
    const text = segment?.querySelector("[data-text]").value.replace(/\r\n/g, "\n");
    // An answer about other words than the ones that stand here now would underline the wrong place.
    if (marks && !marks.childNodes.length && template.content.textContent === text) marks.append(template.content.cloneNode(true));
  }
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-text]")) event.target.closest(".paper").querySelector("[data-marks]").replaceChildren();
  soon();
});
form.addEventListener("change", () => { senders(); soon(); });

/* One key mends: Ctrl+. takes the first proposal, a press on a proposal takes that one. */
function fix(button) {
  const text = segmentOf(button.dataset.versionOf, button.dataset.segmentOf)?.querySelector("[data-text]");
  if (!text) return;
  const start = units(text.value, Number(button.dataset.start));
  const end = units(text.value, Number(button.dataset.end));
  text.focus();
  text.setSelectionRange(start, end);
  // Keeps the browser's own undo, which setting the value would lose.
  if (!document.execCommand("insertText", false, button.dataset.fix)) text.setRangeText(button.dataset.fix, start, end, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Words that were kept are put where the cursor stands, or in the place of an empty text. */
function take(button) {
  const text = form.querySelector("[data-text]");
  text.focus();
  if (!document.execCommand("insertText", false, button.dataset.take)) text.setRangeText(button.dataset.take, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  button.closest("details[data-menu]")?.removeAttribute("open");
  if (button.dataset.taken) fetch(button.dataset.taken, { method: "POST", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fix]");
  if (button) fix(button);
  const words = event.target.closest("[data-take]");
  if (words) take(words);
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (event.key === ".") {
    const first = document.querySelector("[data-fix]");
    if (first) { event.preventDefault(); fix(first); }
  }
  if (event.key === "Enter" && form.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector('[name=do][value="schedule"]') ?? form.querySelector("button:not([type=button])"));
  }
});

/* Threads and versions. */
function number(section) {
  section.querySelectorAll("[data-segment]").forEach((segment, index) => {
    segment.dataset.segment = index;
    segment.querySelector("[data-segment-number]").textContent = index ? index + 1 : "";
    segment.querySelector("[data-segment-drop]").hidden = index === 0;
    segment.querySelector(".paper").classList.toggle("is-short", index > 0);
  });
}

function addSegment(section, text = "") {
  const segment = document.getElementById("segment-template").content.firstElementChild.cloneNode(true);
  const version = section.dataset.version;
  const area = segment.querySelector("[data-text]");
  area.name = version ? `text:${version}` : "text";
  area.value = text;
  area.removeAttribute("data-key");
  segment.querySelector("[data-picture-ids]").name = version ? `pictures:${version}` : "pictures";
  segment.querySelector("[data-poll-value]").name = version ? `poll:${version}` : "poll";
  section.querySelector("[data-segment-add]").parentElement.before(segment);
  number(section);
  return area;
}

function addVersion(id, handle) {
  if (form.querySelector(`[data-version="${CSS.escape(id)}"]`)) return;
  const section = document.getElementById("version-template").content.firstElementChild.cloneNode(true);
  section.dataset.version = id;
  section.querySelector("[name=version]").value = id;
  section.querySelector("[data-version-name]").textContent = `@${handle}`;
  document.getElementById("more-versions").append(section);
  const common = form.querySelectorAll('[data-version=""] [data-text]');
  [...common].map((area) => addSegment(section, area.value))[0]?.focus();
  const chip = form.querySelector(`[name=accounts][value="${CSS.escape(id)}"]`);
  if (chip) chip.checked = true;
  senders();
  soon();
}

form.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const section = on("[data-version]");
  if (on("[data-segment-add]")) addSegment(section).focus();
  if (on("[data-segment-drop]")) { on("[data-segment]").remove(); number(section); soon(); }
  if (on("[data-version-add]")) addVersion(on("[data-version-add]").dataset.versionAdd, on("[data-version-add]").dataset.handle);
  if (on("[data-version-drop]")) { section.remove(); soon(); }
  if (on("[data-poll-add]")) ask(on("[data-segment]"), true);
  if (on("[data-poll-drop]")) ask(on("[data-segment]"), false);
  if (on("[data-picture-drop]")) {
    const segment = on("[data-segment]");
    on("[data-picture]").remove();
    pictures(segment);
  }
});

/* A poll travels as one hidden value; what was typed stays when it is removed by mistake and asked for again. */
function ask(segment, wanted) {
  segment.querySelector("[data-poll]").hidden = !wanted;
  segment.querySelector("[data-poll-add]").hidden = wanted;
  if (wanted) segment.querySelector("[data-poll-option]").focus();
  else segment.querySelector("[data-poll-add]").focus();
  poll(segment);
  soon();
}

function poll(segment) {
  const asked = segment.querySelector("[data-poll]");
  const options = [...asked.querySelectorAll("[data-poll-option]")].map((one) => one.value.trim()).filter(Boolean);
  const minutes = Number(asked.querySelector("[data-poll-minutes]").value);
  const multiple = asked.querySelector("[data-poll-multiple]").checked;
  segment.querySelector("[data-poll-value]").value = asked.hidden ? "" : JSON.stringify({ options, minutes, multiple });
}

/* Before the previews are asked for, so that they show what stands here now. */
for (const kind of ["input", "change"]) {
  form.addEventListener(kind, (event) => { if (event.target.closest("[data-poll]")) poll(event.target.closest("[data-segment]")); }, true);
}

/* Who will be speaking, large enough to notice the wrong one. */
function senders() {
  const place = form.querySelector("[data-senders]");
  if (place) place.textContent = [...form.querySelectorAll("[name=accounts]:checked")].map((box) => box.dataset.account).join(", ");
}

/* Pictures go up as soon as they are chosen; their ids travel with the text. */
function pictures(segment) {
  segment.querySelector("[data-picture-ids]").value = [...segment.querySelectorAll("[data-picture]")].map((one) => one.dataset.picture).join(" ");
  soon();
}

/* A film takes a while: how much has arrived is seen, and it can be stopped. */
function send(address, file, segment) {
  const shown = document.getElementById("upload-template")?.content.firstElementChild.cloneNode(true);
  const request = new XMLHttpRequest();
  request.responseType = "json";
  if (shown) {
    shown.querySelector("[data-upload-name]").textContent = file.name;
    shown.querySelector("[data-upload-stop]").addEventListener("click", () => request.abort());
    request.upload.addEventListener("progress", (event) => { shown.querySelector("progress").value = (100 * event.loaded) / event.total; });
    segment.querySelector("[data-pictures]").append(shown);
  }
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => { shown?.remove(); resolve(request); });
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("HX-Request", "true");
    const body = new FormData();
    body.append("picture", file);
    request.send(body);
  });
}

async function upload(input) {
  const segment = input.closest("[data-segment]");
  const file = input.files[0];
  input.value = "";
  const answer = await send(input.dataset.pictureAdd, file, segment);
  const stopped = answer.status === 0 && answer.readyState === 0;
  const said = answer.response ?? {};
  if (answer.status !== 200) {
    if (!stopped) document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.error || answer.statusText || form.dataset.uploadLost, kind: "bad" } }));
    return;
  }
  const picture = document.getElementById("picture-template").content.firstElementChild.cloneNode(true);
  picture.dataset.picture = said.id;
  picture.dataset.describe = said.describe_url;
  if (said.film) picture.querySelector("[data-picture-shown]").replaceWith(document.getElementById("film-template").content.firstElementChild.cloneNode(true));
  picture.querySelector("[data-picture-shown]").src = said.url;
  segment.querySelector("[data-pictures]").append(picture);
  picture.querySelector("[data-picture-alt]").focus();
  pictures(segment);
}

async function describe(picture) {
  const body = new FormData();
  body.append("alt_text", picture.querySelector("[data-picture-alt]").value);
  if (picture.querySelector("[data-picture-decorative]").checked) body.append("decorative", "1");
  const address = picture.dataset.describe || form.dataset.describeUrl?.replace("00000000-0000-0000-0000-000000000000", picture.dataset.picture);
  // A description is a part of the post: the server counts it as a change, and this page goes on from there.
  const revision = form.elements.revision;
  if (form.dataset.post && revision) { body.append("post", form.dataset.post); body.append("revision", revision.value); }
  const answer = address && await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
  const said = answer && answer.status !== 204 ? await answer.json().catch(() => ({})) : {};
  if (said.revision && revision) revision.value = said.revision;
  if (said.error) document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.error, kind: "bad" } }));
  soon();
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-picture-add]") && event.target.files.length) upload(event.target);
  const picture = event.target.closest("[data-picture]");
  if (picture && event.target.matches("[data-picture-alt], [data-picture-decorative]")) describe(picture);
});

senders();
if ([...form.querySelectorAll("[data-text]")].some((area) => area.value)) preview();
