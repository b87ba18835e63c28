/** The files of the company: of each person, of shared drives, of applications. A number stands for one file. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
import type { Person } from "#simulator/company.ts";

export interface Doc {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly owner: string;
  readonly isShared: boolean;
  readonly visibility: string;
}

const LETTERS = "ABCDEFGHjklmnpqrstuvwxyz23456789";
const TYPES = [
  "document",
  "document",
  "document",
  "spreadsheet",
  "spreadsheet",
  "presentation",
  "pdf",
  "png",
  "msword",
  "msexcel",
  "form",
] as const;
const TOPICS = [
  "Budget",
  "Roadmap",
  "Offer",
  "Drawing",
  "Test report",
  "Minutes",
  "Contract",
  "Onboarding",
  "Forecast",
  "Q3 risk register",
  "Vendor list",
  "Price list",
  "Design review",
  "Release notes",
  "Candidate notes",
  "Invoice",
  "Travel plan",
  "Campaign",
] as const;

/** Ids of Drive have 33 to 44 characters. */
function docId(number: number): string {
  let id = "1";
  for (let lane = 0; lane < 6; lane++) {
    let bits = mixed(number, lane);
    for (let i = 0; i < 6; i++) {
      id += LETTERS[bits & 31] ?? "A";
      bits >>>= 5;
    }
  }
  return id;
}

function mixed(number: number, lane: number): number {
  let h = Math.imul(number + 1, 0x9e37_79b1) ^ Math.imul(lane + 1, 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a_2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

const PER_PERSON = 600;

/** One of the files of a person: mostly one of the few that she has in hand, sometimes an old one, or a shared one. */
export function anyDoc(rng: Prng, owner: Person): Doc {
  if (rng.chance(0.35)) return sharedDoc(rng.int(0, 3_000) % (1 + rng.int(20, 3_000)));
  const near = rng.chance(0.7) ? rng.int(0, 40) : rng.int(0, PER_PERSON - 1);
  return ownDoc(owner, near);
}

/** The file with a number of a person's; walking up the numbers walks through all that she has. */
export function ownDoc(owner: Person, index: number): Doc {
  const number = owner.index * PER_PERSON + index;
  return docAt(number, owner.email, false);
}

/** A file of a shared drive. */
export function sharedDoc(index: number): Doc {
  return docAt(50_000_000 + index, SHARED_DRIVES[index % SHARED_DRIVES.length] ?? "Company", true);
}

const SHARED_DRIVES = ["Company", "Sales", "Product", "Finance", "People", "Projects"] as const;

function docAt(number: number, owner: string, isShared: boolean): Doc {
  const draw = mixed(number, 9);
  return {
    id: docId(number),
    title: `${TOPICS[draw % TOPICS.length] ?? "Notes"} ${(draw >>> 8) % 4_000}`,
    type: TYPES[(draw >>> 4) % TYPES.length] ?? "document",
    owner,
    isShared,
    visibility: isShared || draw % 5 > 1 ? "shared_internally" : "private",
  };
}

/** A file by a name of its own: a script, a copied form, a list. */
export function namedDoc(key: string, title: string, type: string, owner: string): Doc {
  return { id: docId(hash32(key)), title, type, owner, isShared: false, visibility: "private" };
}
