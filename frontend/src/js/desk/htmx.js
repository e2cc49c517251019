import htmx from "htmx.org";

// The page's policy allows neither eval nor inline styles, so htmx must not try either.
htmx.config.includeIndicatorCSS = false;
htmx.config.defaultTimeout = 30000;
window.htmx = htmx;

let working = 0;
const show = (change) => {
  working = Math.max(0, working + change);
  document.body.classList.toggle("is-working", working > 0);
};
const quiet = (event) => event.target.closest?.("[data-quiet]");
document.addEventListener("htmx:before:request", (event) => quiet(event) || show(1));
document.addEventListener("htmx:finally:request", (event) => quiet(event) || show(-1));

// A session that ended answers with the sign-in page: show it as a page, never inside a fragment.
document.addEventListener("htmx:before:swap", (event) => {
  const response = event.detail?.ctx?.response?.raw ?? event.detail?.ctx?.response;
  if (response?.redirected && new URL(response.url).pathname === document.body.dataset.door) {
    event.preventDefault();
    window.location.assign(response.url);
  }
});

export { htmx };
