/** How the catalogue reads names and addresses: words, letters and hosts, spelled one way. */

import { assert } from "#base/assert.ts";

/** A name longer than this is cut before it is read: no vendor allows longer ones, and it bounds the work. */
const NAME_CHARS_MAX = 256;

/** Most names are plain ASCII, for which the short way gives the same in a fraction of the time. */
const ASCII_ONLY = /^[ -~]*$/;

/** Lower-case letters and digits only: "Git-Hub " and "GitHub" read the same. */
export function plain(text: string): string {
  const cut = text.slice(0, NAME_CHARS_MAX);
  if (ASCII_ONLY.test(cut)) return cut.toLowerCase().replace(/[^a-z0-9]+/g, "");
  return cut
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** The words as they are written, lower-case: "MeetScribe AI" is ["meetscribe", "ai"]. */
export function words(text: string): string[] {
  const cut = text.slice(0, NAME_CHARS_MAX);
  if (ASCII_ONLY.test(cut)) return cut.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return (
    cut
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** The words with inner capitals read as new words: "MeetScribe AI" is ["meet", "scribe", "ai"]. */
export function camelWords(text: string): string[] {
  const cut = text.slice(0, NAME_CHARS_MAX);
  if (!/[^\s][A-Z]/.test(cut) && ASCII_ONLY.test(cut)) return words(cut);
  return words(
    cut
      .normalize("NFKC")
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
      .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2"),
  );
}

/** The host of a URL, an e-mail address or a bare host, lower-case and without "www."; null where there is none. */
export function hostOf(address: string): string | null {
  const text = address.trim().toLowerCase();
  const match = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@\s]*@)?([a-z0-9.-]+)/.exec(text);
  const host = (match?.[1] ?? "").replace(/^www\./, "").replace(/\.+$/, "");
  return host.includes(".") && !host.startsWith(".") ? host : null;
}

/** Looks a host up, then the hosts above it: "app.otter.ai" finds "otter.ai", never "ai". */
export function byHost<T>(entries: ReadonlyMap<string, T>, host: string): T | undefined {
  for (let name = host; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const entry = entries.get(name);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** Words written as a host inside a name: "Otter.ai for Teams" holds "otter.ai". */
export function hostsIn(name: string): string[] {
  return (
    name
      .slice(0, NAME_CHARS_MAX)
      .toLowerCase()
      .match(/\b[a-z0-9][a-z0-9-]*\.(?:ai|com|io|app|dev|new|co|org|net|bot|im|so|me)\b/g) ?? []
  );
}

/** Whether `phrase` stands in `text` at `at`, word by word. */
export function startsAt(text: readonly string[], phrase: readonly string[], at: number): boolean {
  return phrase.every((word, index) => text[at + index] === word);
}

/** Narrows a text of a JSON file to one of the values that the file may hold. */
export function oneOf<const T extends string>(values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  assert(value !== undefined, `${text} is not one of ${values.join(", ")}`);
  return value;
}

/** The vocabulary that products add to a name without changing whose product it is. */
const PRODUCT_WORDS: ReadonlySet<string> = new Set(
  (
    "a add addin addon admin agent agents ai and android api app application apps assistant beta bot browser " +
    "business by chat chrome cli client cloud code com connect connector corp desktop dev edge edition " +
    "enterprise extension for free from gmail google github gmbh hq in inc integration ios io labs limited " +
    "llc login ltd m365 mac mcp meet meeting meetings microsoft mobile notetaker of office " +
    "official on online outlook pbc platform plugin plus premium preview pro prod production recorder sdk " +
    "search server service slack sso staging sync team teams test the to tool tools v1 v2 v3 video web " +
    "webhook windows with workspace zoom 365"
  ).split(" "),
);

/** Words that tie a product to a thing of somebody else: "Claude for Google Calendar". */
const OBJECT_WORDS: ReadonlySet<string> = new Set(
  "calendar docs drive excel mail notes sheets sharepoint word jira confluence hubspot salesforce".split(
    " ",
  ),
);
const LINKS: ReadonlySet<string> = new Set("for in on with to".split(" "));

/** Whether a name holds nothing beside the phrase (at `at`, `length` words) and product words or `allowed` ones. */
export function isQualified(
  text: readonly string[],
  at: number,
  length: number,
  allowed: ReadonlySet<string> = new Set(),
): boolean {
  const hasLink = text.some((word) => LINKS.has(word));
  return text.every(
    (word, index) =>
      (index >= at && index < at + length) ||
      PRODUCT_WORDS.has(word) ||
      allowed.has(word) ||
      (hasLink && OBJECT_WORDS.has(word)) ||
      /^\d{1,4}$/.test(word),
  );
}
