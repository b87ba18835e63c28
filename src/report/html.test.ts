/** The page is well-formed, inert and whole, whatever names attackers choose. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "./html.ts";
import { SCRIPT, SCRIPT_SHA256 } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { renderText } from "./renderer.ts";
import { anyReport, emptyReport, HOSTILE_NAMES, sampleReport } from "./testing.ts";

const VOID = new Set(["meta", "br", "input", "rect", "line", "path"]);
const TAGS = new Set(
  "html head meta title style body a header span svg path main div h1 h2 h3 h4 p ul ol li b figure figcaption rect i g line text title section small input select option label details summary bdi code table caption thead tbody tr th td footer script button br".split(
    " ",
  ),
);
const TOKEN =
  /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"<>]*"|\s+hidden|\s+checked)*)\s*(\/?)>|[^<>]+/y;

/** Attributes that run code, load something or send something. */
const CODE = /^(on.*|src|srcdoc|srcset|style|action|formaction|data|poster|background)$/i;

/** What is wrong with the page: unknown or unbalanced tags, attributes that run code or load something, stray brackets. */
function faults(page: string): string[] {
  const text = page.replace(STYLE, "").replace(SCRIPT, "");
  const found: string[] = [];
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) return [...found, `no HTML at: ${text.slice(at, at + 80)}`];
    const [, slash, tag, attributes = "", closed] = token;
    if (tag === undefined) continue;
    if (!TAGS.has(tag)) found.push(`<${tag}> is not ours`);
    for (const [, name = "", value = ""] of attributes.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)) {
      if (CODE.test(name)) found.push(`<${tag} ${name}> runs or loads something`);
      if (name === "href" && !value.startsWith("#")) found.push(`${value} leads outside`);
    }
    if (slash === "/") {
      const last = open.pop();
      if (last !== tag) found.push(`</${tag}> closes <${last}>`);
    } else if (closed !== "/" && !VOID.has(tag)) open.push(tag);
  }
  return [...found, ...open.map((tag) => `<${tag}> stays open`)];
}

function idsOf(page: string): string[] {
  return [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => id);
}

describe("html", () => {
  it("is well-formed and inert, for any report", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(faults(renderText(html, report))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("shows hostile names as text", () => {
    const page = renderText(html, sampleReport());
    expect(faults(page)).toEqual([]);
    expect(page).not.toContain(HOSTILE_NAMES.script);
    expect(page).toContain("&lt;script&gt;alert(&#39;owned&#39;)&lt;/script&gt;");
    expect(page).toContain("invoice‹U+202E›fdp.exe");
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  it("allows only its own script, by its hash", async () => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(SCRIPT));
    expect(Buffer.from(digest).toString("base64")).toBe(SCRIPT_SHA256);
    const page = renderText(html, sampleReport());
    expect(page).toContain(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_SHA256}'`,
    );
    expect(page).toContain(`<script>${SCRIPT}</script>`);
    expect(SCRIPT).not.toContain("</");
  });

  it("loads nothing from anywhere", () => {
    expect(`${STYLE}${SCRIPT}`).not.toMatch(
      /https?:|\/\/[a-z]|url\(|@import|fetch\(|innerHTML|eval/,
    );
  });

  it("has one of each id, and no link to none", () => {
    const page = renderText(html, sampleReport());
    const ids = idsOf(page);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target = ""] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it("is honest about an empty report", () => {
    expect(renderText(html, emptyReport())).toContain("Nothing was read, so nothing can be said.");
    expect(renderText(html, emptyReport(9))).toContain("No finding in the logs that were given.");
    expect(faults(renderText(html, emptyReport()))).toEqual([]);
  });

  it("caps long lists and says where the rest is", () => {
    const report = sampleReport();
    const [first] = report.automations;
    if (first === undefined) throw new Error("no automations");
    report.automations = Array.from({ length: 2_500 }, (_, i) => ({ ...first, id: `a${i}` }));
    expect(renderText(html, report)).toContain("500 more automations");
  });
});
