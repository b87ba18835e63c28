/** No text of strangers reaches a terminal with the power to steer it, and none is lost. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cells, shorten, shortenFront, wrap } from "./cells.ts";
import { plain, safeJson } from "./safe.ts";

const anyText = fc.string({ unit: "binary", maxLength: 80 });

describe("plain", () => {
  it.each([
    ["escape sequences", "a\u001b[31mb", "a␛[31mb"],
    ["C1 controls", "a\u009b31m", "a‹U+009B›31m"],
    ["line breaks and tabs", "a\r\n\tb", "a   b"],
    ["bidi overrides", "x\u202efdp", "x‹U+202E›fdp"],
    ["zero-width spaces", "pay\u200bpal", "pay‹U+200B›pal"],
    ["joiners between letters", "pay\u200dpal", "pay‹U+200D›pal"],
    ["invisible letters", "a\u3164b", "a‹U+3164›b"],
    ["lone surrogates", "a\ud800b", "a\ufffdb"],
    ["marks that would sit on what stands before", "\u0301a", "◌\u0301a"],
    ["line separators", "a\u2028b", "a‹U+2028›b"],
  ])("shows %s", (_name, hostile, shown) => {
    expect(plain(hostile)).toBe(shown);
  });

  it.each(["Ünïcödé", "会議の要約", "👩‍💻 stand-up", "می‌خواهم", "שלום", "e\u0301", "❤️"])(
    "leaves %s as it is",
    (honest) => {
      expect(plain(honest)).toBe(honest);
    },
  );

  it("leaves no control and no format character but joiners, in any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(plain(text).replace(/[\u200c\u200d]/g, "")).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
        );
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });
});

describe("safeJson", () => {
  it("loses nothing and writes nothing that steers a terminal", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = safeJson({ text });
        expect(JSON.parse(written)).toEqual({ text });
        expect(written).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

describe("cells", () => {
  it.each([
    ["abc", 3],
    ["会議", 4],
    ["👩‍💻", 2],
    ["🇩🇪", 2],
    ["e\u0301", 1],
    ["…–━", 3],
  ])("%s takes %i", (text, width) => {
    expect(cells(text)).toBe(width);
  });

  it("shorten, shortenFront and wrap keep to the width, for any text", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const shown = plain(text);
        expect(cells(shorten(shown, width))).toBeLessThanOrEqual(width);
        expect(cells(shortenFront(shown, width))).toBeLessThanOrEqual(width);
        for (const line of wrap(shown, width)) expect(cells(line)).toBeLessThanOrEqual(width);
        expect(wrap(shown, width).join("").replaceAll(" ", "")).toBe(shown.replaceAll(" ", ""));
      }),
    );
  });

  it("wrap stops at the line asked for and says so", () => {
    expect(wrap("one two three four five", 9, 2)).toEqual(["one two", "three …"]);
  });
});
