// Builds what the browser loads into pluralis/web/static/desk, with a manifest of versions, licences and hashes.
// `node build.mjs --check` builds into memory's neighbour (.build) and fails when the committed files differ.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const committed = join(here, "..", "pluralis", "web", "static", "desk");
const check = process.argv.includes("--check");
const out = check ? join(here, ".build") : committed;
const modules = join(here, "node_modules");

const packages = [
  "htmx.org", "tailwindcss", "daisyui", "lucide-static", "simple-icons",
  "@fontsource-variable/atkinson-hyperlegible-next",
];
const family = "@fontsource-variable/atkinson-hyperlegible-next";
const fonts = ["latin", "latin-ext"].map((subset) => `atkinson-hyperlegible-next-${subset}-wght-normal.woff2`);

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const entries = {};
const icons = [];
const rows = [];

// The address holds eight characters of the content's hash, so a browser may keep the file for ever.
function put(name, extension, bytes) {
  const file = `${name}-${sha256(bytes).slice(0, 8)}.${extension}`;
  writeFileSync(join(out, file), bytes);
  entries[`${name}.${extension}`] = {
    file, sha256: sha256(bytes), bytes: bytes.length,
  };
  rows.push({ name: `${name}.${extension}`, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length });
  return file;
}

function svgSymbol(id, svg, filled) {
  icons.push(id);
  const inner = svg.replace(/<!--.*?-->/gs, "").replace(/<title>.*?<\/title>/s, "").match(/<svg[^>]*>(.*)<\/svg>/s)[1];
  const paint = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${id}" viewBox="0 0 24 24" ${paint}>${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

function sprite() {
  const wanted = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const symbols = wanted.lucide.map((name) =>
    svgSymbol(name, readFileSync(join(modules, "lucide-static", "icons", `${name}.svg`), "utf8"), false));
  for (const name of wanted["simple-icons"]) {
    symbols.push(svgSymbol(`network-${name}`, readFileSync(join(modules, "simple-icons", "icons", `${name}.svg`), "utf8"), true));
  }
  for (const file of readdirSync(join(here, "src", "icons")).sort()) {
    symbols.push(svgSymbol(file.replace(".svg", ""), readFileSync(join(here, "src", "icons", file), "utf8"), true));
  }
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function bundle(name) {
  const result = await esbuild.build({
    entryPoints: [join(here, "src", "js", `${name}.js`)], bundle: true, minify: true, write: false,
    format: "iife", target: ["es2022"], legalComments: "none", charset: "utf8",
  });
  put(name, "js", Buffer.from(result.outputFiles[0].contents));
}

function stylesheet(fontFiles) {
  const css = execFileSync(join(modules, ".bin", "tailwindcss"),
    ["--input", join(here, "src", "app.css"), "--minify", "--cwd", here],
    { maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"] }).toString();
  return css.replace(/url\((["']?)font:(\w[\w-]*)\1\)/g, (_, quote, subset) => `url(${fontFiles[subset]})`);
}

function licences() {
  const rows = {};
  for (const name of packages) {
    const meta = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
    rows[name] = { version: meta.version, licence: meta.license };
  }
  return rows;
}

if (check) rmSync(out, { recursive: true, force: true });
else if (existsSync(out)) rmSync(out, { recursive: true });
mkdirSync(out, { recursive: true });

const fontFiles = {};
for (const [index, subset] of ["latin", "latin-ext"].entries()) {
  fontFiles[subset] = put(`font-${subset}`, "woff2", readFileSync(join(modules, family, "files", fonts[index])));
}
put("app", "css", Buffer.from(stylesheet(fontFiles)));
put("icons", "svg", sprite());
put("mark", "svg", readFileSync(join(here, "src", "mark.svg")));
for (const file of readdirSync(join(here, "src", "js")).sort()) {
  if (file.endsWith(".js")) await bundle(file.slice(0, -3));
}
writeFileSync(join(out, "manifest.json"), JSON.stringify({ packages: licences(), files: entries, icons }, null, 2) + "\n");

console.table(rows);

if (check) {
  const differing = readdirSync(out).concat(readdirSync(committed)).filter((file, index, all) => all.indexOf(file) === index)
    .filter((file) => !existsSync(join(committed, file)) || !existsSync(join(out, file))
      || sha256(readFileSync(join(committed, file))) !== sha256(readFileSync(join(out, file))));
  rmSync(out, { recursive: true });
  if (differing.length) {
    console.error(`Committed files differ from a fresh build: ${differing.join(", ")}. Run 'make assets' and commit.`);
    process.exit(1);
  }
  console.log("The committed files are what the sources build.");
}
