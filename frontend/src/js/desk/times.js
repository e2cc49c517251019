// <time datetime data-relative> counts on in the page's language; the exact time stays in its title.
const units = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });

function tell(element) {
  const seconds = (new Date(element.dateTime) - Date.now()) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  if (!element.title) element.title = element.textContent.trim();
  const text = unit === "second" && Math.abs(seconds) < 45 ? words.format(0, "second") : words.format(Math.round(seconds / size), unit);
  if (element.textContent !== text) element.textContent = text;
}

const all = () => document.querySelectorAll("time[data-relative]").forEach(tell);
document.addEventListener("htmx:after:swap", all);
setInterval(all, 20000);
all();
