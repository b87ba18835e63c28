import { describe, expect, it } from "vitest";
import type { Raw } from "#base/raw.ts";
import { collect } from "./collection.ts";
import { parseSigma } from "./parse.ts";
import { plainAccessor } from "./pipelines/path.ts";
import { fillPlaceholders } from "./placeholders.ts";
import { explain, matches } from "./reference.ts";
import type { Problem, SigmaCorrelation, SigmaDocument, SigmaRule } from "./rule.ts";

/** docs/sigma.md lists every test of this file beside the clause that it proves. */

const HEAD = "title: A rule\nlogsource:\n  category: test\n";

/** The detection section of a rule, line by line, indented by two. */
function ruleText(...lines: readonly string[]): string {
  return `${HEAD}detection:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function read(text: string): SigmaDocument[] {
  const { documents, problems } = parseSigma(text);
  expect(problems).toEqual([]);
  return [...documents];
}

function ruleOf(text: string): SigmaRule {
  const [rule] = read(text);
  if (rule?.kind !== "rule") throw new Error("no rule");
  return rule;
}

/** The lines of one search, with the condition that asks for it. */
function search(...lines: readonly string[]): string {
  return ruleText("sel:", ...lines.map((line) => `  ${line}`), "condition: sel");
}

function hit(text: string, record: Raw): boolean {
  return matches(ruleOf(text), record, plainAccessor);
}

/** Whether a field of that one value is met by a field written so. */
function meets(line: string, value: unknown): boolean {
  return hit(search(line), { f: value });
}

/** Searches named by letters; the record says which of them are met. */
function condition(written: string, names: string, met: string): boolean {
  const lines = [...names].flatMap((name) => [`${name}:`, `  ${name}: 1`]);
  const record = Object.fromEntries([...met].map((name) => [name, 1]));
  return hit(ruleText(...lines, `condition: ${written}`), record);
}

function problemOf(text: string): Problem {
  const { documents, problems } = parseSigma(text);
  const [first] = problems;
  expect(documents).toEqual([]);
  if (first === undefined) throw new Error("no problem was found");
  expect(first.cure).not.toBe("");
  return first;
}

function refused(...lines: readonly string[]): string {
  return problemOf(search(...lines)).reason;
}

describe("values", () => {
  it("case does not matter", () => {
    expect(meets("f: WhoAmI", "whoami")).toBe(true);
    expect(meets("f: straße", "STRAßE")).toBe(true);
    expect(meets("f: whoami", "whoami2")).toBe(false);
  });

  it("* stands for any number of characters, none too", () => {
    for (const text of ["antivirus_V.exe", "antivirus_V1.exe", "ANTIVIRUS_v21.2.1.exe"]) {
      expect(meets("f: antivirus_V*.exe", text)).toBe(true);
    }
    expect(meets("f: antivirus_V*.exe", "antivirus_V1.dll")).toBe(false);
    expect(meets("f: a*b*c", "aXbXc")).toBe(true);
    expect(meets("f: a*b*c", "acb")).toBe(false);
    expect(meets("f: '*'", "")).toBe(true);
  });

  it("? stands for exactly one character, of any script", () => {
    expect(meets("f: prog?.exe", "progA.exe")).toBe(true);
    expect(meets("f: prog?.exe", "prog.exe")).toBe(false);
    expect(meets("f: prog?.exe", "progAB.exe")).toBe(false);
    expect(meets("f: prog?.exe", "prog😀.exe")).toBe(true);
  });

  it("a backslash before anything but a wildcard is plain, single or double", () => {
    for (const line of ["f: 'C:\\a'", "f: 'C:\\\\a'"]) expect(meets(line, "C:\\a")).toBe(true);
    expect(meets("f: 'a\\'", "a\\")).toBe(true);
  });

  it("a backslash makes a wildcard plain", () => {
    expect(meets("f: 'a\\*'", "a*")).toBe(true);
    expect(meets("f: 'a\\*'", "ab")).toBe(false);
    expect(meets("f: 'a\\?'", "a?")).toBe(true);
    expect(meets("f: 'a\\?'", "ab")).toBe(false);
  });

  it("two backslashes before a wildcard are a backslash and a wildcard", () => {
    expect(meets("f: 'C:\\\\*'", "C:\\temp")).toBe(true);
    expect(meets("f: 'C:\\\\*'", "C:*")).toBe(false);
  });

  it("three backslashes before a wildcard are a plain backslash and a plain wildcard", () => {
    expect(meets("f: 'a\\\\\\*'", "a\\*")).toBe(true);
    expect(meets("f: 'a\\\\\\*'", "a\\b")).toBe(false);
  });

  it("three or four backslashes are two", () => {
    for (const line of ["f: '\\\\\\host'", "f: '\\\\\\\\host'"]) {
      expect(meets(line, "\\\\host")).toBe(true);
    }
  });

  it("numbers are met by the number and by its text", () => {
    expect(meets("f: 517", 517)).toBe(true);
    expect(meets("f: 517", "517")).toBe(true);
    expect(meets("f: '517'", 517)).toBe(true);
    expect(meets("f: 517", "5170")).toBe(false);
    expect(meets("f: 1.0", "1.0")).toBe(true);
    expect(meets("f: 1.0", 1)).toBe(true);
    expect(meets("f: 9007199254740993", "9007199254740993")).toBe(true);
    expect(meets("f: 9007199254740993", "9007199254740992")).toBe(false);
  });

  it("booleans are met by the boolean and by its text", () => {
    expect(meets("f: true", true)).toBe(true);
    expect(meets("f: true", "True")).toBe(true);
    expect(meets("f: false", true)).toBe(false);
    expect(meets("f: 'false'", false)).toBe(true);
  });

  it("null is met by a field that is null, has no value or is not there", () => {
    const text = search("f: null");
    for (const record of [{ f: null }, {}, { f: [] }, { f: [null] }]) {
      expect(hit(text, record)).toBe(true);
    }
    for (const record of [{ f: "" }, { f: 0 }, { f: "null" }, { f: {} }]) {
      expect(hit(text, record)).toBe(false);
    }
  });

  it("the empty text is met by the empty text alone", () => {
    expect(meets("f: ''", "")).toBe(true);
    expect(meets("f: ''", " ")).toBe(false);
    expect(hit(search("f: ''"), {})).toBe(false);
    expect(hit(search("f: ''"), { f: null })).toBe(false);
  });

  it("not null is a search of its own, negated", () => {
    const text = ruleText(
      "sel:",
      "  id: 4738",
      "empty:",
      "  f: null",
      "condition: sel and not empty",
    );
    expect(hit(text, { id: 4738, f: "today" })).toBe(true);
    expect(hit(text, { id: 4738 })).toBe(false);
  });

  it("of a field with several values one is enough", () => {
    expect(meets("f: b", ["a", "b"])).toBe(true);
    expect(meets("f: b", [["a"], ["B"]])).toBe(true);
    expect(meets("f: b", ["a"])).toBe(false);
  });

  it("a field inside objects is named by dots, one with dots in its name by itself", () => {
    const text = search("a.b: 1");
    expect(hit(text, { a: { b: 1 } })).toBe(true);
    expect(hit(text, { a: [{ b: 0 }, { b: 1 }] })).toBe(true);
    expect(hit(text, { "a.b": 1, a: { b: 0 } })).toBe(true);
    expect(hit(text, { "a.b": 0, a: { b: 1 } })).toBe(false);
  });
});

describe("searches", () => {
  it("a map asks for all of its fields", () => {
    const text = search("log: Security", "id: 4769");
    expect(hit(text, { log: "Security", id: 4769 })).toBe(true);
    expect(hit(text, { log: "Security", id: 4770 })).toBe(false);
    expect(hit(text, { log: "Security" })).toBe(false);
  });

  it("a list of values asks for one of them", () => {
    const text = search("log: Security", "id:", "  - 517", "  - 1102");
    expect(hit(text, { log: "Security", id: 517 })).toBe(true);
    expect(hit(text, { log: "Security", id: 1102 })).toBe(true);
    expect(hit(text, { log: "Security", id: 1 })).toBe(false);
  });

  it("a list of maps asks for one of them", () => {
    const text = search("- f|endswith: '\\example.exe'", "- g|contains: Test executable", "  h: 1");
    expect(hit(text, { f: "C:\\example.exe" })).toBe(true);
    expect(hit(text, { g: "a test executable.", h: 1 })).toBe(true);
    expect(hit(text, { g: "a test executable." })).toBe(false);
  });

  it("lists in lists and keywords beside maps ask for one of them", () => {
    const text = search("- - f: 1", "  - f: 2", "- word", "- g: 3");
    for (const record of [{ f: 1 }, { f: 2 }, { x: "a word here" }, { g: 3 }]) {
      expect(hit(text, record)).toBe(true);
    }
    expect(hit(text, { f: 3, g: 1 })).toBe(false);
  });

  it("keywords are looked for in every value of the record, however deep", () => {
    const text = search("- EVILSERVICE", "- svchost.exe -n evil");
    expect(hit(text, { a: { b: ["the EvilService started"] } })).toBe(true);
    expect(hit(text, { a: "C:\\svchost.exe -n evil --now" })).toBe(true);
    expect(hit(text, { evilservice: "a name is no value" })).toBe(false);
    expect(hit(search("- 4625"), { a: { id: 4625 } })).toBe(true);
  });

  it("keywords have wildcards too", () => {
    const text = search("- 'rm -?f*/etc'");
    expect(hit(text, { line: "sudo rm -rf --force /etc now" })).toBe(true);
    expect(hit(text, { line: "sudo rm -f /etc now" })).toBe(false);
  });

  it("'|all' asks for every keyword, wherever each may stand", () => {
    const text = search("'|all':", "  - OabVirtualDirectory", "  - ' -ExternalUrl '");
    expect(hit(text, { line: "Set-OabVirtualDirectory -ExternalUrl x" })).toBe(true);
    expect(hit(text, { a: "OabVirtualDirectory", b: "x -ExternalUrl y" })).toBe(true);
    expect(hit(text, { a: "OabVirtualDirectory" })).toBe(false);
  });
});

describe("modifiers", () => {
  it("all: every value must be met, in any order", () => {
    const text = search("f|contains|all:", "  - ' -a '", "  - ' -b '");
    expect(hit(text, { f: "x -b  -a y" })).toBe(true);
    expect(hit(text, { f: "x -a y" })).toBe(false);
    expect(hit(text, { f: ["x -a y", "x -b y"] })).toBe(true);
  });

  it("all: a single value is refused", () => {
    expect(refused("f|contains|all: a")).toContain("all has a single value");
    expect(refused("f|contains|all:", "  - a")).toContain("all has a single value");
  });

  it("startswith: the value begins the text", () => {
    expect(meets("f|startswith: adm", "Administrator")).toBe(true);
    expect(meets("f|startswith: adm", "badmin")).toBe(false);
    expect(meets("f|startswith: 46", 4625)).toBe(true);
  });

  it("endswith: the value ends the text", () => {
    expect(meets("f|endswith: '\\cmd.exe'", "C:\\Windows\\CMD.EXE")).toBe(true);
    expect(meets("f|endswith: '\\cmd.exe'", "C:\\cmd.exe.bak")).toBe(false);
  });

  it("contains: the value stands anywhere in the text", () => {
    for (const text of ["mimi", "amimib", "MIMIb"])
      expect(meets("f|contains: mimi", text)).toBe(true);
    expect(meets("f|contains: mimi", "mim")).toBe(false);
    expect(meets("f|contains: 'a?c*e'", "xxabcdexx")).toBe(true);
  });

  it("exists: whether the field is there, whatever it holds", () => {
    for (const value of ["x", "", null, [], 0, {}]) {
      expect(meets("f|exists: true", value)).toBe(true);
      expect(meets("f|exists: false", value)).toBe(false);
    }
    expect(hit(search("f|exists: false"), { g: 1 })).toBe(true);
    expect(hit(search("f|exists: true"), { g: 1 })).toBe(false);
  });

  it("exists: anything but a boolean is refused", () => {
    expect(refused("f|exists: 'true'")).toContain("exists takes no");
    expect(refused("f|exists: yes")).toContain("exists takes no");
  });

  it("cased: case matters", () => {
    expect(meets("f|cased: FooBar", "FooBar")).toBe(true);
    expect(meets("f|cased: FooBar", "foobar")).toBe(false);
    expect(meets("f|contains|cased: Bar", "FooBar")).toBe(true);
    expect(meets("f|cased|contains: bar", "FooBar")).toBe(false);
  });

  it("neq: different from every value; a field that is not there differs", () => {
    expect(meets("f|neq: a", "b")).toBe(true);
    expect(meets("f|neq: a", "A")).toBe(false);
    expect(meets("f|neq: 5", 6)).toBe(true);
    expect(meets("f|neq: 5", "5")).toBe(false);
    const text = search("f|neq:", "  - a", "  - b");
    expect(hit(text, { f: "c" })).toBe(true);
    expect(hit(text, { f: "b" })).toBe(false);
    expect(hit(text, {})).toBe(true);
  });

  it("neq: goes with other modifiers", () => {
    expect(meets("f|contains|neq: bad", "all good")).toBe(true);
    expect(meets("f|contains|neq: bad", "too bad")).toBe(false);
    expect(meets("f|neq: null", "x")).toBe(true);
    expect(meets("f|neq: null", null)).toBe(false);
  });

  it("re: found anywhere, with case, unless anchored", () => {
    expect(meets("f|re: 'b+c'", "abbcd")).toBe(true);
    expect(meets("f|re: 'b+c'", "aBBCd")).toBe(false);
    expect(meets("f|re: '^b+c$'", "abbcd")).toBe(false);
    expect(meets("f|re: '^[a-c]{2,3}(x|y).?$'", "abcx")).toBe(true);
    expect(meets("f|re: '\\d{3}'", 4625)).toBe(true);
  });

  it("re: wildcards and backslashes are those of the expression", () => {
    expect(meets("f|re: '^a\\*\\\\b$'", "a*\\b")).toBe(true);
    expect(meets("f|re: 'a.*b'", "a/b")).toBe(true);
  });

  it("re|i: without case", () => {
    expect(meets("f|re|i: 'b+c'", "aBBCd")).toBe(true);
    expect(meets("f|re|ignorecase: 'b+c'", "aBBCd")).toBe(true);
  });

  it("re|m: ^ and $ at every line", () => {
    expect(meets("f|re: '^b$'", "a\nb\nc")).toBe(false);
    expect(meets("f|re|m: '^b$'", "a\nb\nc")).toBe(true);
  });

  it("re|s: . is a line break too", () => {
    expect(meets("f|re: 'a.b'", "a\nb")).toBe(false);
    expect(meets("f|re|s: 'a.b'", "a\nb")).toBe(true);
    expect(meets("f|re|i|m|s: '^A.B$'", "x\na\nb\ny")).toBe(true);
  });

  it("re: goes with all, neq and the places of a text", () => {
    const text = search("f|re|all:", "  - a+", "  - b+");
    expect(hit(text, { f: "bba" })).toBe(true);
    expect(hit(text, { f: "bb" })).toBe(false);
    expect(meets("f|re|neq: a+", "bbb")).toBe(true);
    expect(meets("f|re|startswith: a|b", "xb")).toBe(false);
    expect(meets("f|re|endswith: a|b", "xb")).toBe(true);
  });

  it("re: what no linear-time engine can do is refused by its name", () => {
    expect(refused("f|re: '(?=a)b'")).toContain("a lookahead");
    expect(refused("f|re: '(?!a)b'")).toContain("a lookahead");
    expect(refused("f|re: '(?<!a)b'")).toContain("a lookbehind");
    expect(refused("f|re: '(a)\\1'")).toContain("a reference back");
    expect(refused("f|re: 'a++b'")).toContain("a possessive quantifier");
    expect(refused("f|re: '(?>a)b'")).toContain("an atomic group");
    expect(refused("f|re: 'a(b'")).toContain("not valid");
    expect(refused("f|re: '(a{1000}){1000}'")).toContain("not valid");
  });

  it("base64: the value's Base64", () => {
    expect(meets("f|base64: whoami", "d2hvYW1p")).toBe(true);
    expect(meets("f|base64|contains: whoami", "x d2hvYW1p y")).toBe(true);
    expect(meets("f|base64: ü", "w7w=")).toBe(true);
    expect(meets("f|base64: whoami", "whoami")).toBe(false);
  });

  it("base64: a wildcard or a number is refused", () => {
    expect(refused("f|base64: 'a*'")).toContain("wildcard");
    expect(refused("f|contains|base64: a")).toContain("wildcard");
    expect(refused("f|base64: 4625")).toContain("base64 takes no");
    expect(meets("f|base64: 'a\\*'", "YSo=")).toBe(true);
  });

  it("base64offset: whatever stands before and behind", () => {
    for (const before of ["", "x", "xy", "xyz"]) {
      for (const behind of ["", "u", "uv", "uvw"]) {
        const encoded = btoa(`${before}http://evil${behind}`);
        expect(meets("f|base64offset|contains: http://evil", encoded)).toBe(true);
      }
    }
    expect(meets("f|base64offset|contains: http://evil", btoa("http://good"))).toBe(false);
  });

  it("base64offset: one of its three forms is enough, also with all", () => {
    const text = search("f|base64offset|contains|all:", "  - first", "  - second");
    expect(hit(text, { f: btoa("the first and the second one") })).toBe(true);
    expect(hit(text, { f: btoa("the first one") })).toBe(false);
  });

  it("utf16le and wide: two bytes a character, low byte first", () => {
    for (const name of ["utf16le", "wide"]) {
      expect(meets(`f|${name}: cmd`, "c\0m\0d\0")).toBe(true);
      expect(meets(`f|${name}|base64: cmd`, btoa("c\0m\0d\0"))).toBe(true);
      expect(meets(`f|${name}|base64offset|contains: ping`, btoa("x\0p\0i\0n\0g\0 \0"))).toBe(true);
    }
    expect(meets("f|wide|base64: €", btoa("\u00ac\u0020"))).toBe(true);
  });

  it("utf16be: high byte first", () => {
    expect(meets("f|utf16be: cmd", "\0c\0m\0d")).toBe(true);
    expect(meets("f|utf16be|base64: cmd", btoa("\0c\0m\0d"))).toBe(true);
  });

  it("utf16: a byte order mark first, then low byte first", () => {
    expect(meets("f|utf16|base64: cmd", btoa("\u00ff\u00fec\0m\0d\0"))).toBe(true);
    expect(meets("f|utf16|base64: cmd", btoa("c\0m\0d\0"))).toBe(false);
  });

  it("windash: every dash that begins a parameter, in every combination", () => {
    const text = search("f|windash|contains: ' -a -param-name '");
    for (const a of ["-", "/", "–", "—", "―"]) {
      for (const b of ["-", "/", "–", "—", "―"]) {
        expect(hit(text, { f: `x ${a}a ${b}param-name y` })).toBe(true);
      }
    }
    expect(hit(text, { f: "x -a -param/name y" })).toBe(false);
    expect(hit(text, { f: "x +a -param-name y" })).toBe(false);
  });

  it("windash: before or behind contains, and with all", () => {
    expect(meets("f|contains|windash: ' -s '", "x /s y")).toBe(true);
    expect(meets("f|windash|contains: ' /s '", "x –s y")).toBe(true);
    const text = search("f|contains|all|windash:", "  - ' -a '", "  - ' -b '");
    expect(hit(text, { f: "x /b  /a y" })).toBe(true);
    expect(hit(text, { f: "x /b y" })).toBe(false);
  });

  it("windash: more dashes than can be written out are refused", () => {
    expect(refused(`f|windash: '${" -x".repeat(40)}'`)).toContain("ways to write these dashes");
  });

  it("lt, lte, gt, gte: numbers, also written as text", () => {
    const cases: readonly (readonly [string, readonly number[]])[] = [
      ["lt", [1]],
      ["lte", [1, 2]],
      ["gt", [3]],
      ["gte", [2, 3]],
    ];
    for (const [name, met] of cases) {
      for (const value of [1, 2, 3]) {
        expect(meets(`f|${name}: 2`, value)).toBe(met.includes(value));
        expect(meets(`f|${name}: 2`, String(value))).toBe(met.includes(value));
      }
      expect(meets(`f|${name}: 2`, "two")).toBe(false);
      expect(hit(search(`f|${name}: 2`), {})).toBe(false);
    }
    expect(meets("f|lt: -0.5", -1.25)).toBe(true);
    expect(meets("f|gt: 5", "")).toBe(false);
  });

  it("lt, lte, gt, gte: anything but a number is refused", () => {
    for (const name of ["lt", "lte", "gt", "gte"]) {
      expect(refused(`f|${name}: '5'`)).toContain(`${name} takes no`);
      expect(refused(`f|${name}: true`)).toContain(`${name} takes no`);
    }
  });

  it("minute, hour, day, week, month, year: that part of a time as it is written", () => {
    const time = "2025-08-02T23:05:09+02:00";
    expect(meets("f|minute: 5", time)).toBe(true);
    expect(meets("f|hour: 23", time)).toBe(true);
    expect(meets("f|day: 2", time)).toBe(true);
    expect(meets("f|week: 31", time)).toBe(true);
    expect(meets("f|month: 8", time)).toBe(true);
    expect(meets("f|year: 2025", time)).toBe(true);
    expect(meets("f|hour: 21", time)).toBe(false);
    expect(meets("f|week: 1", "2024-12-30 00:00:00")).toBe(true);
    expect(meets("f|week: 53", "2021-01-03T12:00:00Z")).toBe(true);
    expect(meets("f|hour: 21", 1_754_168_709)).toBe(true);
    expect(meets("f|hour: 0", "2025-08-02")).toBe(false);
    expect(meets("f|day: 31", "2025-02-31T00:00:00Z")).toBe(false);
    expect(meets("f|hour: 5", "yesterday at 5")).toBe(false);
  });

  it("minute, hour, day, week, month, year: go with lt, lte, gt, gte and neq", () => {
    const text = search("f|hour|gte: 22");
    expect(hit(text, { f: "2025-08-02T22:00:00Z" })).toBe(true);
    expect(hit(text, { f: "2025-08-02T21:59:59Z" })).toBe(false);
    expect(meets("f|month|lt: 3", "2025-02-01")).toBe(true);
    expect(meets("f|year|neq: 2025", "2024-02-01")).toBe(true);
  });

  it("minute, hour, day, week, month, year: a number that cannot be is refused", () => {
    expect(refused("f|minute: 60")).toContain("no minute 60");
    expect(refused("f|hour: 24")).toContain("no hour 24");
    expect(refused("f|day: 0")).toContain("no day 0");
    expect(refused("f|week: 54")).toContain("no week 54");
    expect(refused("f|month: 13")).toContain("no month 13");
    expect(refused("f|hour: 1.5")).toContain("no hour 1.5");
  });

  it("cidr: addresses of an IPv4 network", () => {
    expect(meets("f|cidr: 10.0.0.0/8", "10.1.2.3")).toBe(true);
    expect(meets("f|cidr: 10.0.0.0/8", "192.168.0.1")).toBe(false);
    expect(meets("f|cidr: 10.0.0.0/8", "10.1.2.3.4")).toBe(false);
    expect(meets("f|cidr: 192.0.2.128/25", ["192.0.2.1", "192.0.2.200"])).toBe(true);
  });

  it("cidr: addresses of an IPv6 network, however they are written", () => {
    expect(meets("f|cidr: 2001:db8::/32", "2001:0DB8:0:0:0:0:0:1")).toBe(true);
    expect(meets("f|cidr: 2001:db8:1::/48", "2001:db8:2::1")).toBe(false);
    expect(meets("f|cidr: fe80::1/128", "FE80:0:0::0001")).toBe(true);
    expect(meets("f|cidr: ::/0", "10.0.0.1")).toBe(false);
  });

  it("cidr: what is no network is refused", () => {
    expect(refused("f|cidr: 10.0.0.0/33")).toContain("is no network");
    expect(refused("f|cidr: 10.0.0.1/8")).toContain("has bits set behind its prefix");
    expect(refused("f|cidr: example.com")).toContain("is no network");
  });

  it("fieldref: the value of another field", () => {
    const text = search("a|fieldref: b");
    expect(hit(text, { a: "Dana", b: "dana" })).toBe(true);
    expect(hit(text, { a: ["x", "y"], b: ["z", "y"] })).toBe(true);
    expect(hit(text, { a: 1, b: "1" })).toBe(true);
    expect(hit(text, { a: "x", b: "y" })).toBe(false);
    expect(hit(text, { a: "x" })).toBe(false);
    expect(hit(text, {})).toBe(false);
    expect(hit(text, { a: "xy", b: "x*" })).toBe(false);
    expect(hit(search("a|fieldref|cased: b"), { a: "Dana", b: "dana" })).toBe(false);
  });

  it("fieldref: with startswith, endswith and contains", () => {
    const record = { a: "one two three", start: "ONE", middle: "two", end: "three" };
    expect(hit(search("a|fieldref|startswith: start"), record)).toBe(true);
    expect(hit(search("a|fieldref|startswith: middle"), record)).toBe(false);
    expect(hit(search("a|fieldref|endswith: end"), record)).toBe(true);
    expect(hit(search("a|fieldref|endswith: start"), record)).toBe(false);
    expect(hit(search("a|fieldref|contains: middle"), record)).toBe(true);
    expect(hit(search("start|fieldref|contains: a"), record)).toBe(false);
  });

  it("fieldref: with neq", () => {
    for (const line of ["a|fieldref|neq: b", "a|neq|fieldref: b"]) {
      expect(hit(search(line), { a: "x", b: "y" })).toBe(true);
      expect(hit(search(line), { a: "x", b: "X" })).toBe(false);
    }
  });

  it("fieldref: a wildcard or a number names no field", () => {
    expect(refused("f|fieldref: 'a*'")).toContain("names no field");
    expect(refused("f|fieldref: 5")).toContain("names no field");
  });

  it("expand: placeholders take their values, which may have wildcards", () => {
    const rule = ruleOf(search("f|expand: '%Servers%'"));
    const values = new Map([["Servers", ["srv*", "db?"]]]);
    const { detection, missing } = fillPlaceholders(rule.detection, values);
    expect(missing).toEqual([]);
    for (const f of ["SRV-1", "db1"])
      expect(matches({ detection }, { f }, plainAccessor)).toBe(true);
    for (const f of ["web", "db12"])
      expect(matches({ detection }, { f }, plainAccessor)).toBe(false);
  });

  it("expand: text around a placeholder stays, and contains goes with it", () => {
    const rule = ruleOf(search("f|contains|expand: 'user=%Administrators%;'"));
    const values = new Map([["Administrators", ["root"]]]);
    const { detection } = fillPlaceholders(rule.detection, values);
    expect(matches({ detection }, { f: "a user=ROOT; b" }, plainAccessor)).toBe(true);
    expect(matches({ detection }, { f: "a user=rooty; b" }, plainAccessor)).toBe(false);
  });

  it("expand: a backslash makes a percent sign plain", () => {
    const rule = ruleOf(search("f|expand: '\\%plain%name%'"));
    const { detection } = fillPlaceholders(rule.detection, new Map([["name", ["x"]]]));
    expect(matches({ detection }, { f: "%plainx" }, plainAccessor)).toBe(true);
  });

  it("expand: without it a percent sign is plain", () => {
    expect(meets("f: '%name%'", "%NAME%")).toBe(true);
  });

  it("expand: a placeholder without values meets nothing, and is named", () => {
    const rule = ruleOf(search("f|contains|expand: '%b%'", "g|expand: 'x%a%'"));
    const { detection, missing } = fillPlaceholders(rule.detection, new Map());
    expect(missing).toEqual(["a", "b"]);
    expect(matches({ detection }, { f: "%b%", g: "x%a%" }, plainAccessor)).toBe(false);
  });

  it("modifiers are applied in their order", () => {
    expect(meets("f|base64|wide: a", "Y\0Q\0=\0=\0")).toBe(true);
    expect(meets("f|wide|base64: a", "YQA=")).toBe(true);
  });

  it("a modifier that there is not is refused, with the nearest that there is", () => {
    expect(refused("f|contain: a")).toContain('did you mean "contains"?');
    expect(refused("f|: a")).toContain('no modifier ""');
  });

  it("modifiers that exclude each other are refused", () => {
    expect(refused("f|contains|startswith: a")).toContain("exclude each other");
    expect(refused("f|gt|lt: 1")).toContain("exclude each other");
    expect(refused("f|hour|minute: 1")).toContain("exclude each other");
    expect(refused("f|re|cidr: a")).toContain("does not go with");
    expect(refused("f|exists|all: true")).toContain("does not go with");
    expect(refused("f|cidr|contains: 10.0.0.0/8")).toContain("does not go with");
    expect(refused("f|re|cased: a")).toContain("does not go with");
    expect(refused("f|i: a")).toContain("stands only behind re");
    expect(refused("f|contains|re: a")).toContain("has changed already");
    expect(refused("f|contains|contains: a")).toContain("stands there twice");
  });

  it("modifiers that need a field are refused for keywords, and so is null", () => {
    for (const line of ["'|exists': true", "'|cidr': 10.0.0.0/8", "'|gt': 1", "'|fieldref': a"]) {
      expect(refused(line)).toContain("needs a field");
    }
    expect(refused("- null")).toContain("null is no keyword");
    expect(hit(search("'|re': 'a[0-9]'"), { x: { y: "za5" } })).toBe(true);
  });
});

describe("conditions", () => {
  it("a condition is mandatory", () => {
    expect(problemOf(ruleText("sel:", "  f: 1")).reason).toContain("no condition");
  });

  it("and, or: both, either", () => {
    expect(condition("a and b", "ab", "ab")).toBe(true);
    expect(condition("a and b", "ab", "a")).toBe(false);
    expect(condition("a or b", "ab", "b")).toBe(true);
    expect(condition("a or b", "ab", "")).toBe(false);
  });

  it("not: the opposite", () => {
    expect(condition("not a", "a", "")).toBe(true);
    expect(condition("not a", "a", "a")).toBe(false);
    expect(condition("not not a", "a", "a")).toBe(true);
    expect(condition("a and not b", "ab", "a")).toBe(true);
  });

  it("not binds more than and, and more than or", () => {
    expect(condition("a or b and c", "abc", "a")).toBe(true);
    expect(condition("b and c or a", "abc", "a")).toBe(true);
    expect(condition("not a or b", "ab", "ab")).toBe(true);
    expect(condition("not a and b", "ab", "")).toBe(false);
    expect(condition("not 1 of a* and b", "ab", "b")).toBe(true);
  });

  it("brackets bind most", () => {
    expect(condition("(a or b) and c", "abc", "a")).toBe(false);
    expect(condition("not (a or b)", "ab", "b")).toBe(false);
    expect(condition("((a))", "a", "a")).toBe(true);
  });

  it("words of the grammar may be in capitals", () => {
    expect(condition("a AND NOT b", "ab", "a")).toBe(true);
    expect(condition("ALL OF THEM", "ab", "a")).toBe(false);
  });

  it("1 of them, any of them, all of them: over all searches", () => {
    for (const word of ["1", "any"]) {
      expect(condition(`${word} of them`, "abc", "b")).toBe(true);
      expect(condition(`${word} of them`, "abc", "")).toBe(false);
    }
    expect(condition("all of them", "abc", "abc")).toBe(true);
    expect(condition("all of them", "abc", "ab")).toBe(false);
  });

  it("them leaves out names that begin with an underscore", () => {
    const text = (of: string) =>
      ruleText("a:", "  f: 1", "_b:", "  f: 2", `condition: ${of} of them`);
    expect(hit(text("1"), { f: 2 })).toBe(false);
    expect(hit(text("all"), { f: 1 })).toBe(true);
  });

  it("1 of and all of a pattern: over the searches whose names fit", () => {
    const lines = ["sel_a:", "  a: 1", "sel_b:", "  b: 1", "filter_a:", "  c: 1"];
    const text = (written: string) => ruleText(...lines, `condition: ${written}`);
    expect(hit(text("1 of sel*"), { b: 1 })).toBe(true);
    expect(hit(text("1 of sel*"), { c: 1 })).toBe(false);
    expect(hit(text("all of sel_*"), { a: 1, b: 1 })).toBe(true);
    expect(hit(text("all of sel_*"), { a: 1 })).toBe(false);
    expect(hit(text("all of *_a"), { a: 1, c: 1 })).toBe(true);
    expect(hit(text("1 of s*_b"), { b: 1 })).toBe(true);
    expect(hit(text("1 of sel* and not 1 of filter*"), { a: 1, c: 1 })).toBe(false);
  });

  it("N of: so many of them at least", () => {
    expect(condition("2 of them", "abc", "ac")).toBe(true);
    expect(condition("2 of them", "abc", "c")).toBe(false);
  });

  it("a list of conditions asks for one of them", () => {
    const text = ruleText("a:", "  a: 1", "b:", "  b: 1", "condition:", "  - a", "  - b and not a");
    expect(hit(text, { a: 1 })).toBe(true);
    expect(hit(text, { b: 1 })).toBe(true);
    expect(hit(text, {})).toBe(false);
  });

  it("names that there are not are refused, at their place", () => {
    const text = ruleText("selection:", "  a: 1", "condition: selection and not filter");
    expect(problemOf(text)).toMatchObject({ line: 7, column: 32 });
    expect(problemOf(text).reason).toContain('"filter"');
    const quoted = text.replace("selection and not filter", "'selection and not filter'");
    expect(problemOf(quoted)).toMatchObject({ line: 7, column: 33 });
    const folded = text.replace(
      "selection and not filter",
      ">-\n    selection\n    and not filter",
    );
    expect(problemOf(folded)).toMatchObject({ line: 7, column: 14 });
    expect(problemOf(ruleText("selection:", "  a: 1", "condition: selektion")).reason).toContain(
      'did you mean "selection"?',
    );
    expect(problemOf(ruleText("a:", "  a: 1", "condition: 1 of b*")).reason).toContain(
      "stands for no",
    );
    expect(problemOf(ruleText("a:", "  a: 1", "condition: 2 of them")).reason).toContain(
      "never be met",
    );
  });

  it("what the grammar does not know is refused", () => {
    for (const written of [
      "a and",
      "and a",
      "(a",
      "a)",
      "a a",
      "a or or a",
      "()",
      "not",
      "x of a",
      "a*",
    ]) {
      const { reason } = problemOf(ruleText("a:", "  a: 1", `condition: ${written}`));
      expect(reason, written).not.toBe("");
    }
  });

  it("aggregations of Sigma 1 are refused, with the way to write them now", () => {
    const problem = problemOf(ruleText("a:", "  a: 1", "condition: a | count() by b > 5"));
    expect(problem.reason).toContain("aggregations");
    expect(problem.cure).toContain("correlation");
  });
});

describe("rules", () => {
  it("a title is mandatory and has at most 256 characters", () => {
    expect(problemOf(search("f: 1").replace("title: A rule\n", "")).reason).toContain("no title");
    expect(problemOf(search("f: 1").replace("A rule", "x".repeat(257))).reason).toContain("257");
  });

  it("a logsource is mandatory and names a category, product or service", () => {
    expect(problemOf(search("f: 1").replace("logsource", "source")).reason).toContain(
      "no logsource",
    );
    expect(problemOf(search("f: 1").replace("category", "definition")).reason).toContain(
      "names no",
    );
    const rule = ruleOf(search("f: 1").replace("category: test", "product: Okta\n  service: okta"));
    expect(rule.logsource).toEqual({
      product: "okta",
      service: "okta",
      category: null,
      definition: null,
    });
  });

  it("a detection is mandatory", () => {
    expect(problemOf(HEAD).reason).toContain("neither a rule");
    expect(problemOf(`${HEAD}detection: x\n`).reason).toContain("not a map");
  });

  it("what a rule says about itself is kept", () => {
    const head = `id: 5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001
name: a_name
status: test
level: high
description: |
  Two
  lines
license: MIT
author: Dana
date: 2025-01-31
modified: 2025/02/01
taxonomy: sigma
references:
  - https://example.com/a
tags:
  - attack.t1098
falsepositives: Unlikely
fields:
  - User
scope:
  - server
related:
  - id: 5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0002
    type: derived
custom: kept out
`;
    expect(ruleOf(head + search("f: 1"))).toMatchObject({
      id: "5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001",
      name: "a_name",
      status: "test",
      level: "high",
      description: "Two\nlines",
      license: "MIT",
      author: "Dana",
      date: "2025-01-31",
      modified: "2025-02-01",
      taxonomy: "sigma",
      references: ["https://example.com/a"],
      tags: ["attack.t1098"],
      falsepositives: ["Unlikely"],
      fields: ["User"],
      scope: ["server"],
      related: [{ id: "5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0002", type: "derived" }],
    });
  });

  it("a status, level or date that there is not is refused", () => {
    expect(problemOf(`status: done\n${search("f: 1")}`).cure).toContain("experimental");
    expect(problemOf(`level: severe\n${search("f: 1")}`).cure).toContain("informational");
    expect(problemOf(`date: 2025-02-30\n${search("f: 1")}`).cure).toContain("YYYY-MM-DD");
  });

  it("a search without anything to look for is refused", () => {
    expect(problemOf(ruleText("sel: {}", "condition: sel")).reason).toContain("empty");
    expect(problemOf(ruleText("sel: []", "condition: sel")).reason).toContain("empty");
    expect(refused("f: []")).toContain("empty list");
    expect(refused("f:", "  g: 1")).toContain("a map stands where");
    expect(refused("f:", "  - - 1")).toContain("a list stands where");
  });

  it("a problem has its line and column", () => {
    expect(problemOf(search("a: 1", "f|contian: 2"))).toMatchObject({
      line: 7,
      column: 5,
      rule: "A rule",
    });
  });
});

describe("files", () => {
  it("several documents of one file are several rules", () => {
    const text = `${search("f: 1")}---\n${search("f: 2").replace("A rule", "Another")}`;
    expect(read(text).map(({ title }) => title)).toEqual(["A rule", "Another"]);
  });

  it("action global: its keys hold for every document behind it", () => {
    const text = `action: global\nlevel: high\nlogsource:\n  product: okta\n---\n${search("f: 1")}---\n${search("f: 2")}`;
    const rules = read(text);
    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        level: "high",
        logsource: { product: "okta", category: "test" },
      });
    }
  });

  it("action reset: what was global is so no more", () => {
    const text = `action: global\nlevel: high\n---\n${search("f: 1")}---\naction: reset\n---\n${search("f: 2")}`;
    expect(read(text).map(({ level }) => level)).toEqual(["high", null]);
  });

  it("action repeat: the rule before, with what is different", () => {
    const text = `${search("f: 1")}---\naction: repeat\ntitle: Another\nlogsource:\n  category: other\n`;
    const [, second] = read(text);
    expect(second).toMatchObject({ title: "Another", logsource: { category: "other" } });
    expect(second?.kind === "rule" && matches(second, { f: 1 }, plainAccessor)).toBe(true);
  });

  it("anchors and aliases of YAML stand for their values", () => {
    const text = ruleText(
      "a:",
      "  f: &list",
      "    - 1",
      "    - 2",
      "b:",
      "  g: *list",
      "condition: a and b",
    );
    expect(hit(text, { f: 1, g: 2 })).toBe(true);
    expect(hit(text, { f: 1, g: 3 })).toBe(false);
  });

  it("a key that stands twice is refused, for one of the two would be lost", () => {
    expect(refused("f: 1", "f: 2")).toContain("stands here twice");
  });
});

describe("filters", () => {
  const rule = `id: 5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001\nname: the_rule\n${search("f: 1")}`;
  const filter = (rules: string, category = "test") => `title: A filter
logsource:
  category: ${category}
filter:
  rules: ${rules}
  sel:
    user|startswith: adm_
  condition: not sel
`;

  function hits(text: string, record: Raw): boolean {
    const { rules, problems } = collect([{ path: "a.yml", file: parseSigma(text) }]);
    expect(problems).toEqual([]);
    const [first] = rules;
    return first !== undefined && matches(first.document, record, plainAccessor);
  }

  it("a filter's condition must be met too by the rules that it names, by id or name", () => {
    for (const reference of ["[5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001]", "[the_rule]", "the_rule"]) {
      const text = `${rule}---\n${filter(reference)}`;
      expect(hits(text, { f: 1, user: "dana" })).toBe(true);
      expect(hits(text, { f: 1, user: "adm_dana" })).toBe(false);
      expect(hits(text, { f: 2, user: "dana" })).toBe(false);
    }
  });

  it("rules: any applies to every rule of the filter's logsource, and to no other", () => {
    expect(hits(`${rule}---\n${filter("any")}`, { f: 1, user: "adm_dana" })).toBe(false);
    expect(hits(`${rule}---\n${filter("any", "other")}`, { f: 1, user: "adm_dana" })).toBe(true);
  });

  it("a filter's searches never meet those of the rule, whatever their names", () => {
    const text = `${rule}---\n${filter("any").replace("user|startswith: adm_", "f: 2")}`;
    expect(hits(text, { f: 1 })).toBe(true);
  });

  it("title, logsource, rules and condition are mandatory for a filter", () => {
    const text = filter("any");
    expect(problemOf(text.replace("title: A filter\n", "")).reason).toContain("no title");
    expect(problemOf(text.replace("logsource", "source")).reason).toContain("no logsource");
    expect(problemOf(text.replace("  rules: any\n", "")).reason).toContain("names no rules");
    expect(problemOf(text.replace("  condition: not sel\n", "")).reason).toContain("no condition");
  });

  it("a filter that names a rule which is not there, or reads another log, is told", () => {
    const told = (text: string) =>
      collect([{ path: "a.yml", file: parseSigma(text) }]).problems.map(({ reason }) => reason);
    expect(told(`${rule}---\n${filter("[the_role]")}`)[0]).toContain('did you mean "the_rule"?');
    expect(told(`${rule}---\n${filter("[the_rule]", "other")}`)[0]).toContain("logsource");
  });
});

describe("correlations", () => {
  const base = (name: string) => `name: ${name}\n${search("f: 1")}`;

  function correlation(...lines: readonly string[]): string {
    return `title: Many\nname: many\ncorrelation:\n${lines.map((line) => `  ${line}\n`).join("")}`;
  }

  const COUNT = ["type: event_count", "rules: [a]", "group-by: [user]", "timespan: 10m"];

  function correlationOf(text: string): SigmaCorrelation {
    const [first] = read(text);
    if (first?.kind !== "correlation") throw new Error("no correlation");
    return first;
  }

  it("event_count: rules, groups, timespan and the least number", () => {
    expect(correlationOf(correlation(...COUNT, "condition:", "  gte: 10"))).toMatchObject({
      type: "event_count",
      rules: ["a"],
      groupBy: ["user"],
      timespanMs: 600_000,
      timespanWritten: "10m",
      limits: [{ by: "gte", value: 10 }],
      fields: [],
      generate: false,
    });
  });

  it("gt, gte, lt, lte, eq, neq: every one is a limit, several are a range", () => {
    for (const by of ["gt", "gte", "lt", "lte", "eq", "neq"]) {
      const { limits } = correlationOf(correlation(...COUNT, "condition:", `  ${by}: 3`));
      expect(limits).toEqual([{ by, value: 3 }]);
    }
    const { limits } = correlationOf(
      correlation(...COUNT, "condition:", "  gt: 100", "  lte: 200"),
    );
    expect(limits).toEqual([
      { by: "gt", value: 100 },
      { by: "lte", value: 200 },
    ]);
  });

  it("timespan: s, m, h and d", () => {
    const spans = { "30s": 30_000, "90m": 5_400_000, "2h": 7_200_000, "1d": 86_400_000 };
    for (const [written, ms] of Object.entries(spans)) {
      const text = correlation(...COUNT, "condition: { gte: 1 }").replace("10m", written);
      expect(correlationOf(text).timespanMs).toBe(ms);
    }
    for (const wrong of ["1x", "h", "-1h", "1.5h", "0m", "9999d"]) {
      const text = correlation(...COUNT, "condition: { gte: 1 }").replace("10m", wrong);
      expect(problemOf(text).reason, wrong).toContain("timespan");
    }
  });

  it("value_count, value_sum, value_avg, value_median: a field is mandatory", () => {
    for (const type of ["value_count", "value_sum", "value_avg", "value_median"]) {
      const lines = [`type: ${type}`, ...COUNT.slice(1)];
      const { fields } = correlationOf(
        correlation(...lines, "condition:", "  field: u", "  gte: 5"),
      );
      expect(fields).toEqual(["u"]);
      expect(problemOf(correlation(...lines, "condition:", "  gte: 5")).reason).toContain(
        "needs a field",
      );
    }
  });

  it("value_count: several fields count their combinations", () => {
    const lines = ["type: value_count", ...COUNT.slice(1)];
    const text = correlation(...lines, "condition:", "  field: [u, v]", "  gte: 5");
    expect(correlationOf(text).fields).toEqual(["u", "v"]);
    expect(problemOf(text.replace("value_count", "value_sum")).reason).toContain("takes one field");
  });

  it("value_percentile: the percentile is named beside the field", () => {
    const lines = [
      "type: value_percentile",
      ...COUNT.slice(1),
      "condition:",
      "  field: u",
      "  gte: 5",
    ];
    expect(correlationOf(correlation(...lines, "  percentile: 95")).percentile).toBe(95);
    expect(problemOf(correlation(...lines)).reason).toContain("needs a percentile");
    expect(problemOf(correlation(...lines, "  percentile: 101")).reason).toContain("no percentile");
  });

  it("temporal, temporal_ordered: without a condition every rule must be seen", () => {
    for (const type of ["temporal", "temporal_ordered"]) {
      const found = correlationOf(correlation(`type: ${type}`, "rules: [a, b]", "timespan: 5m"));
      expect(found).toMatchObject({
        rules: ["a", "b"],
        limits: [{ by: "gte", value: 2 }],
        groupBy: [],
      });
    }
  });

  it("temporal, temporal_ordered: a condition of rules joined by and, or and not", () => {
    const lines = ["type: temporal", "rules: [a, b]", "timespan: 5m", "condition: a and not b"];
    expect(correlationOf(correlation(...lines))).toMatchObject({
      limits: [],
      expression: {
        is: "and",
        parts: [
          { is: "rule", rule: "a" },
          { is: "not", part: { is: "rule", rule: "b" } },
        ],
      },
    });
    const text = (condition: string) =>
      correlation(...lines.slice(0, 3), `condition: ${condition}`);
    expect(problemOf(text("a and c")).reason).toContain('"c" is none');
    expect(problemOf(text("a")).reason).toContain('does not mention the rule "b"');
  });

  it("aliases: fields by rule", () => {
    const lines = [
      "type: temporal",
      "rules: [a, b]",
      "group-by: [ip]",
      "timespan: 10s",
      "aliases:",
      "  ip:",
    ];
    const text = correlation(...lines, "    a: src", "    b: dst");
    expect(correlationOf(text).aliases.get("ip")).toEqual(
      new Map([
        ["a", "src"],
        ["b", "dst"],
      ]),
    );
    expect(problemOf(correlation(...lines, "    c: src")).reason).toContain('"c", which is none');
  });

  it("generate: whether the rules speak for themselves too", () => {
    const text = correlation(...COUNT, "generate: true", "condition: { gte: 1 }");
    expect(correlationOf(text).generate).toBe(true);
    expect(
      correlationOf(`generate: true\n${text.replace("  generate: true\n", "")}`).generate,
    ).toBe(true);
    expect(problemOf(text.replace("true", "maybe")).reason).toContain("not a boolean");
  });

  it("type, rules, timespan and condition are mandatory, and other keys refused", () => {
    const lines = [...COUNT, "condition: { gte: 1 }"];
    const without = (key: string) => correlation(...lines.filter((line) => !line.startsWith(key)));
    expect(problemOf(without("type")).reason).toContain("no type");
    expect(problemOf(without("rules")).reason).toContain("no rules");
    expect(problemOf(without("timespan")).reason).toContain("no timespan");
    expect(problemOf(without("condition")).reason).toContain("needs a condition");
    expect(problemOf(correlation(...lines, "groupby: [a]")).reason).toContain(
      'did you mean "group-by"?',
    );
    expect(problemOf(correlation(...lines).replace("gte", "ge")).reason).toContain("did you mean");
    expect(problemOf(correlation(...lines).replace("event_count", "events")).reason).toContain(
      "no correlation type",
    );
  });

  it("rules are found by id or name, and correlations may be chained", () => {
    const outer = correlation("type: temporal_ordered", "rules: [many, b]", "timespan: 1h")
      .replace("name: many", "name: outer")
      .replace("Many", "Outer");
    const text = [outer, correlation(...COUNT, "condition: { gte: 1 }"), base("a"), base("b")].join(
      "---\n",
    );
    const { correlations, problems } = collect([{ path: "a.yml", file: parseSigma(text) }]);
    expect(problems).toEqual([]);
    expect(correlations.map(({ document }) => document.title)).toEqual(["Outer", "Many"]);
  });

  it("a reference to nothing, and a chain that leads back to itself, are told", () => {
    const told = (text: string) =>
      collect([{ path: "a.yml", file: parseSigma(text) }]).problems.map(({ reason }) => reason);
    expect(told(correlation(...COUNT, "condition: { gte: 1 }"))[0]).toContain('"a"');
    const loop = correlation(
      "type: event_count",
      "rules: [many]",
      "timespan: 1h",
      "condition: { gte: 1 }",
    );
    expect(told(loop)[0]).toContain("leads back to it");
    expect(told(`${base("a")}---\n${base("a")}`)[0]).toContain("already");
  });
});

describe("endpoint rules", () => {
  const process = `title: Whoami through a renamed shell
logsource:
  category: process_creation
  product: windows
detection:
  selection_img:
    - Image|endswith:
        - '\\cmd.exe'
        - '\\powershell.exe'
    - OriginalFileName:
        - Cmd.Exe
        - PowerShell.EXE
  selection_cli:
    CommandLine|contains|all|windash:
      - ' -enc'
      - whoami
  filter_main_parent:
    ParentImage|startswith:
      - 'C:\\Program Files\\'
      - 'C:\\Program Files (x86)\\'
    ParentCommandLine: null
  condition: all of selection_* and not 1 of filter_main_*
`;

  it("process creation: images, original names, parameters and parents", () => {
    const event = {
      Image: "C:\\Users\\dana\\a.exe",
      OriginalFileName: "cmd.exe",
      CommandLine: "a.exe /enc x & WHOAMI /all",
      ParentImage: "C:\\Program Files\\Tool\\tool.exe",
      ParentCommandLine: "tool.exe --run",
    };
    expect(hit(process, event)).toBe(true);
    expect(hit(process, { ...event, ParentCommandLine: null })).toBe(false);
    expect(hit(process, { ...event, CommandLine: "a.exe /enc x" })).toBe(false);
    expect(hit(process, { ...event, OriginalFileName: "a.exe" })).toBe(false);
    expect(hit(process, { ...event, OriginalFileName: "a.exe", Image: "C:\\W\\CMD.EXE" })).toBe(
      true,
    );
  });

  it("registry: keys with wildcards between, and values of several spellings", () => {
    const text = `title: Defender is switched off
logsource:
  category: registry_set
  product: windows
detection:
  selection:
    TargetObject|contains: '\\Policies\\\\*\\Windows Defender\\'
    TargetObject|endswith: '\\DisableAntiSpyware'
    Details: 'DWORD (0x00000001)'
  condition: selection
`;
    const event = {
      TargetObject: "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\DisableAntiSpyware",
      Details: "dword (0x00000001)",
    };
    expect(hit(text, event)).toBe(true);
    expect(hit(text, { ...event, Details: "DWORD (0x00000000)" })).toBe(false);
    expect(
      hit(text, { ...event, TargetObject: event.TargetObject.replace("Microsoft\\", "") }),
    ).toBe(false);
  });

  it("encoded PowerShell: UTF-16 in Base64 at any offset", () => {
    const text = search(
      "CommandLine|wide|base64offset|contains:",
      "  - IEX",
      "  - Invoke-Expression",
    );
    const encoded = (script: string) =>
      btoa([...script].map((character) => `${character}\0`).join(""));
    for (const before of ["", "$", "$a", "$ab"]) {
      const line = `powershell -e ${encoded(`${before}=1;IEX (New-Object Net.WebClient)`)}`;
      expect(hit(text, { CommandLine: line })).toBe(true);
    }
    expect(hit(text, { CommandLine: `powershell -e ${encoded("Get-Date")}` })).toBe(false);
  });
});

describe("explanations", () => {
  it("say which part was met by what, and what the record holds instead", () => {
    const rule = ruleOf(
      ruleText(
        "sel:",
        "  f|endswith: .exe",
        "  g:",
        "    - 1",
        "    - 2",
        "filter:",
        "  h: x",
        "condition: sel and not filter",
      ),
    );
    const explanation = explain(rule, { f: "a.EXE", g: 3 }, plainAccessor);
    expect(explanation.isMet).toBe(false);
    const [and] = explanation.parts;
    expect(and).toMatchObject({ is: "and", isMet: false });
    const [sel, not] = and?.parts ?? [];
    expect(sel?.parts[0]).toMatchObject({
      written: "f|endswith",
      isMet: true,
      note: 'the record has "a.EXE"',
    });
    expect(sel?.parts[0]?.parts[0]).toMatchObject({ written: ".exe", note: 'met by "a.EXE"' });
    expect(sel?.parts[1]).toMatchObject({ isMet: false, note: 'the record has "3"' });
    expect(not?.parts[0]?.parts[0]).toMatchObject({ note: "the record has no such field" });
  });
});
