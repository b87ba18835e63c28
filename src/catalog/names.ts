/** Names that pretend: look-alikes of known brands, and names that claim a brand outright. */

import type { Platform } from "#contract/platform.ts";
import { aiApps } from "./ai.ts";
import { isFirstParty } from "./apps.ts";
import brandsFile from "./brands.json" with { type: "json" };
import { byHost, camelWords, hostOf, isQualified, plain, startsAt, words } from "./text.ts";
import { domainsOf, vendor, vendorOfHost } from "./vendors.ts";

/** A well-known name that attackers like to borrow. */
export interface Brand {
  readonly name: string;
  /** The company that owns the name. */
  readonly vendor: string;
  /** Hosts from which the real product comes. */
  readonly domains: readonly string[];
  /** An ordinary word, which others may use for good reason. */
  readonly isCommonWord: boolean;
}

/** How a name imitates a brand. */
export type Imitation = "homoglyph" | "typo" | "leet" | "invisible";

/** A brand and the trick by which a name resembles it. */
export interface Lookalike {
  readonly brand: string;
  readonly how: Imitation;
}

/** What clears or incriminates a name; unknown fields clear nothing. */
export interface NameContext {
  readonly platform?: Platform | undefined;
  readonly nativeId?: string | null | undefined;
  /** Whether the platform verified who publishes the app. */
  readonly publisherVerified?: boolean | null | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** Shorter brands have too many honest neighbours for an edit distance. */
const TYPO_LETTERS_MIN = 6;
/** From this length on a name is so particular that even its first letter may be wrong. */
const TYPO_FIRST_LETTER_FREE_MIN = 8;
/** Three letters resemble anything. */
const SKELETON_LETTERS_MIN = 4;

/** Letters of other scripts that are drawn like a Latin one, as pairs: the letter seen, the letter meant. */
const CONFUSABLES = pairs(
  // Cyrillic; forms that only a hasty reader mistakes count, because attackers use them.
  "аa вb ьb ъb бb сc ԁd дa еe ёe єe зe ғf ԍg һh нh ңh іi їi ӏl јj кk қk мm пn иu лn оo рp ԛq гr яr ѕs тt уy үy цu ѵv ѡw ԝw шw хx ҳx " +
    // Greek.
    "αa βb ϲc ςc δd εe φf γy ηn ιi κk λa μm νv οo πn ρp σo τt υu χx ωw ζz " +
    // Armenian, small capitals, strokes and other letters.
    "օo սu ցg հh ղn ոn ɡg ɑa ƅb ɩi ɪi ʀr ꜱs ᴄc ᴏo ᴠv ᴡw ᴢz ᴛt ᴍm ᴋk ᴅd ᴇe ᴜu ʏy ʙb ʟl ɴn ᴘp ᴀa ᴊj ɢg ʜh " +
    "ıi ȷj øo đd łl ħh ŧt ƒf ℓl ǀl ꓲl ꓳo ⲟo",
);

/** Digits and signs that stand for a letter. "1" is both i and l, which a skeleton does not tell apart. */
const LEET = pairs("0o 1l 2z 3e 4a 5s 6b 7t 8b 9g $s @a !l |l €e £l");

/** Characters that take no room: joiners, marks of direction, soft hyphens, fillers, tags, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** The same inside or right behind Latin text, where no script and no emoji needs them. */
const HIDDEN_IN_LATIN = /[a-z0-9](?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/iu;

/** Honest words and names that stand one letter away from a brand. */
const HONEST_NEIGHBOURS: ReadonlySet<string> = new Set(
  "amazin confluent goggle googly goole nation notation openapi powerai spelunk stride strike strive strobe workaday".split(
    " ",
  ),
);

interface Entry {
  readonly brand: Brand;
  readonly plain: string;
  readonly skeleton: string;
  readonly words: readonly string[];
  readonly camelWords: readonly string[];
}

const entries: Entry[] = brandsFile.brands.map((row) => {
  const ai = aiApps().find((app) => app.key === row.aiApp);
  const brand: Brand = {
    name: row.brand,
    vendor: row.vendor,
    domains: ai === undefined ? domainsOf(row.vendor) : ai.domains,
    isCommonWord: row.common === true,
  };
  return {
    brand,
    plain: plain(row.brand),
    skeleton: skeleton(row.brand),
    words: words(row.brand),
    camelWords: camelWords(row.brand),
  };
});
const bySkeleton = new Map<string, Entry[]>();
for (const entry of entries) {
  const list = bySkeleton.get(entry.skeleton) ?? [];
  list.push(entry);
  bySkeleton.set(entry.skeleton, list);
}
const byFirstWord = new Map<string, Entry[]>();
for (const entry of entries) {
  for (const first of new Set([entry.words[0] ?? "", entry.camelWords[0] ?? ""])) {
    const list = byFirstWord.get(first) ?? [];
    list.push(entry);
    byFirstWord.set(first, list);
  }
}
const byPlain = new Map<string, Entry>(entries.map((entry) => [entry.plain, entry]));
const byLength = new Map<number, Entry[]>();
for (const entry of entries) {
  if (entry.plain.length < TYPO_LETTERS_MIN || !/^[a-z]+$/.test(entry.plain)) continue;
  const list = byLength.get(entry.plain.length) ?? [];
  list.push(entry);
  byLength.set(entry.plain.length, list);
}

/**
 * The letters that a reader sees, for comparing names only: compatibility forms, accents, look-alike letters of other
 * scripts and leet digits become Latin letters, and case, separators and invisible characters fall away. The letters
 * i and l and the digit 1 become one, as do "rn" and m, and "vv" and w. Source: Unicode confusables, shortened to what
 * is seen in app names.
 */
export function skeleton(name: string): string {
  const cut = name.slice(0, 256);
  if (/^[ -~]*$/.test(cut)) {
    // Plain ASCII is the common case: the same answer in a fraction of the time.
    return folded(
      cut
        .toLowerCase()
        .replace(/[^a-z0-9$@!|]+/g, "")
        .replace(/[0-9$@!|]/g, (sign) => LEET.get(sign) ?? sign),
    );
  }
  const text = cut
    .normalize("NFKD")
    .replace(INVISIBLE, "")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
  let letters = "";
  for (const character of text) {
    const letter = CONFUSABLES.get(character) ?? LEET.get(character) ?? character;
    if (/[\p{L}\p{N}]/u.test(letter)) letters += letter;
  }
  return folded(letters);
}

function folded(letters: string): string {
  return letters.replaceAll("i", "l").replaceAll("rn", "m").replaceAll("vv", "w");
}

/**
 * The brand that a name imitates without being spelled like it, or null. Mixed scripts, invisible characters and leet
 * digits count anywhere in the name; one wrong, missing, doubled or swapped letter counts for brands of six or more
 * letters, where the first letter must be right below eight letters, and common words and plurals are let off. So
 * "Slick" and "Zoomer" are innocent: their neighbours have four or five letters, where one letter makes another word.
 * Exact spelling is not a look-alike, whoever uses it: see `claimsBrand`. An app of the platform's vendor, or of a
 * verified publisher on the brand's own domain, may spell as it likes.
 */
export function lookalike(name: string, context: NameContext = {}): Lookalike | null {
  const { platform, nativeId } = context;
  if (platform !== undefined && nativeId != null && isFirstParty(platform, nativeId)) return null;
  const match = imitation(name);
  if (match === null) return null;
  if (context.publisherVerified === true && ownsBrand(match.brand, context)) return null;
  return { brand: match.brand.name, how: match.how };
}

/**
 * The brand that a name claims by its exact spelling: the name is the brand or begins with it ("Microsoft Teams
 * Support"). Brands that are ordinary words are claimed only alone or beside product words ("Box for Slack", not "Box
 * Office Times"). Whether the claim is true shows in the publisher and the domains: see `ownsBrand`.
 */
export function claimsBrand(name: string): Brand | null {
  const exact = byPlain.get(plain(name));
  if (exact !== undefined) return exact.brand;
  const written = words(name);
  const camel = camelWords(name);
  let best: Entry | null = null;
  for (const first of new Set([written[0] ?? "", camel[0] ?? ""])) {
    for (const entry of byFirstWord.get(first) ?? []) {
      if (best !== null && best.plain.length >= entry.plain.length) continue;
      if (leads(entry, written, entry.words) || leads(entry, camel, entry.camelWords)) best = entry;
    }
  }
  return best?.brand ?? null;
}

/** Whether one of the domains belongs to the brand's owner. A publisher's name alone proves nothing. */
export function ownsBrand(
  brand: Brand,
  claim: { readonly domains?: readonly string[] | undefined },
): boolean {
  const own = new Map(brand.domains.map((domain) => [domain, true]));
  return (claim.domains ?? []).some((address) => {
    const host = hostOf(address);
    if (host === null) return false;
    if (vendor(brand.vendor) !== null) return vendorOfHost(host) === vendor(brand.vendor)?.name;
    return byHost(own, host) === true;
  });
}

/** All brands, by name. */
export function brands(): Brand[] {
  return entries.map((entry) => entry.brand);
}

function leads(entry: Entry, text: readonly string[], phrase: readonly string[]): boolean {
  if (!startsAt(text, phrase, 0)) return false;
  return !entry.brand.isCommonWord || isQualified(text, 0, phrase.length, SUPPORT_WORDS);
}

/** Words by which a false app makes a brand sound official. */
const SUPPORT_WORDS: ReadonlySet<string> = new Set(
  "account accounts authenticator billing backup care center centre help helpdesk it notification notifications portal security signin support update updates verification verify".split(
    " ",
  ),
);

function imitation(name: string): { brand: Brand; how: Imitation } | null {
  const text = name.slice(0, 256);
  const visible = text.replace(INVISIBLE, "");
  if (HIDDEN_IN_LATIN.test(text)) {
    const brand = brandIn(visible);
    if (brand !== null) return { brand, how: "invisible" };
  }
  const parts = (visible.normalize("NFC").match(/[\p{L}\p{N}\p{M}$@!|€£]+/gu) ?? []).map(
    (part): Part => ({ text: part, plain: plain(part), skeleton: skeleton(part) }),
  );
  // What a reader sees in one, two or three neighbouring words.
  for (let at = 0; at < parts.length; at += 1) {
    for (let length = 3; length >= 1; length -= 1) {
      if (at + length > parts.length) continue;
      const match = drawnLike(joined(parts, at, length), at === 0);
      if (match !== null) return match;
    }
  }
  return mixedScript(visible) ?? misspelled(parts.map((part) => part.plain));
}

/** A piece of a name, as written and as it reads. */
interface Part {
  readonly text: string;
  readonly plain: string;
  readonly skeleton: string;
}

function joined(parts: readonly Part[], at: number, length: number): Part {
  const pieces = parts.slice(at, at + length);
  return {
    text: pieces.map((part) => part.text).join(""),
    plain: pieces.map((part) => part.plain).join(""),
    skeleton: pieces.map((part) => part.skeleton).join(""),
  };
}

/** A word that is drawn like a brand but spelled with other characters. */
function drawnLike(part: Part, isFirst: boolean): { brand: Brand; how: Imitation } | null {
  const { text, plain: letters } = part;
  if (part.skeleton.length < SKELETON_LETTERS_MIN) return null;
  if (byPlain.has(letters)) {
    const real = byPlain.get(letters);
    return real !== undefined && isStyled(text) ? { brand: real.brand, how: "homoglyph" } : null;
  }
  for (const { brand, plain: real } of bySkeleton.get(part.skeleton) ?? []) {
    if (/[^\p{ASCII}]/u.test(text)) {
      // "Miró" is a painter, "Mícrosoft" is nobody.
      const isAccentOnly = letters.normalize("NFD").replace(/\p{M}+/gu, "") === real;
      if (!isAccentOnly || !brand.isCommonWord) return { brand, how: "homoglyph" };
    } else if (/^\d+$/.test(text)) {
      // A bare number ("0365") reads as a brand only where a name begins with it.
      if (isFirst) return { brand, how: "leet" };
    } else if (/[0-9$@!|]/.test(text)) {
      // "Slack!" only shouts; the sign has to replace a letter.
      if (plain(text.replace(/[!|$@]/g, "")) !== real) return { brand, how: "leet" };
    } else if (swapsDrawnLetters(text, real)) {
      return { brand, how: "homoglyph" };
    }
  }
  return null;
}

/** Letters from the mathematical and other styled alphabets. A name all in full-width letters is just Japanese typing. */
function isStyled(text: string): boolean {
  if (text.normalize("NFC") === text.normalize("NFKC")) return false;
  return /[^\uff01-\uff5e]/u.test(text);
}

/** Latin letters drawn alike: a capital I for l, "rn" for m, "vv" for w. Lower-case i and l are told apart easily. */
function swapsDrawnLetters(part: string, real: string): boolean {
  const upright = /[a-z]/.test(part) ? part.replaceAll("I", "l") : part;
  const read = upright.toLowerCase().replaceAll("rn", "m").replaceAll("vv", "w");
  return read === real && part.toLowerCase() !== real;
}

/** A brand anywhere in a word that mixes Latin with letters of other scripts. */
function mixedScript(text: string): { brand: Brand; how: Imitation } | null {
  for (const part of text.split(/\s+/)) {
    if (!/[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(part)) continue;
    const seen = skeleton(part);
    let best: Entry | null = null;
    for (const entry of entries) {
      if (entry.skeleton.length < TYPO_LETTERS_MIN || !seen.includes(entry.skeleton)) continue;
      if (best === null || entry.skeleton.length > best.skeleton.length) best = entry;
    }
    if (best !== null) return { brand: best.brand, how: "homoglyph" };
  }
  return null;
}

/** A word one edit away from a brand. */
function misspelled(parts: readonly string[]): { brand: Brand; how: Imitation } | null {
  const candidates = parts.length > 1 ? [...parts, parts.join("")] : parts;
  for (const [index, part] of candidates.entries()) {
    if (part.length < TYPO_LETTERS_MIN - 1 || !/^[a-z]+$/.test(part)) continue;
    if (byPlain.has(part) || HONEST_NEIGHBOURS.has(part)) continue;
    for (const length of [part.length - 1, part.length, part.length + 1]) {
      for (const entry of byLength.get(length) ?? []) {
        if (part === `${entry.plain}s` || part === `${entry.plain}y`) continue;
        if (!isOneEditAway(part, entry.plain)) continue;
        const isFirstLetterRight =
          part[0] === entry.plain[0] || (part[0] === entry.plain[1] && part[1] === entry.plain[0]);
        // Words that only meet because the space was dropped ("Fair Table") have to begin right, too.
        const mayBeginWrong =
          index < parts.length && entry.plain.length >= TYPO_FIRST_LETTER_FREE_MIN;
        if (!isFirstLetterRight && !mayBeginWrong) continue;
        // Beside an ordinary word stand other words and names (Claudel, Outlooks): the slip has to be inside.
        if (entry.brand.isCommonWord && part.at(-1) !== entry.plain.at(-1)) continue;
        return { brand: entry.brand, how: "typo" };
      }
    }
  }
  return null;
}

/** Whether one letter was changed, added, dropped, or swapped with its neighbour (Damerau-Levenshtein distance 1). */
function isOneEditAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1;
  }
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}

/** The brand that a name holds as written, anywhere. */
function brandIn(name: string): Brand | null {
  const letters = plain(name);
  let best: Entry | null = null;
  for (const entry of entries) {
    if (entry.plain.length < SKELETON_LETTERS_MIN || !letters.includes(entry.plain)) continue;
    if (best === null || entry.plain.length > best.plain.length) best = entry;
  }
  return best?.brand ?? null;
}

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(" ").map((pair) => {
      const [seen = "", meant = ""] = pair;
      return [seen, meant];
    }),
  );
}
