/** Where things happen in Slack: the workspace, its channels and the files that lie in them. */

import { hash32 } from "#base/hash.ts";
import { prng } from "#base/prng.ts";
import { type Company, stableId } from "#simulator/company.ts";
import type { Fields } from "#simulator/stage.ts";

/** Entities as records hold them. Records share them, so nobody may change one. */
export interface Places {
  readonly company: Company;
  /** `context.location`, and the workspace as entity. */
  readonly location: Fields;
  readonly workspace: Fields;
  readonly channels: readonly Fields[];
  readonly files: readonly Fields[];
}

/** A company's places are made once. */
const made = new WeakMap<Company, Places>();

export function placesOf(company: Company): Places {
  const known = made.get(company);
  if (known !== undefined) return known;
  const places = build(company);
  made.set(company, places);
  return places;
}

function build(company: Company): Places {
  const { slackTeamId, name, domain, people, seed } = company;
  const short = domain.split(".")[0] ?? domain;
  const rng = prng(hash32("slack places", seed));
  return {
    company,
    location: { type: "workspace", id: slackTeamId, name, domain: short },
    workspace: { type: "workspace", workspace: { id: slackTeamId, name, domain: short } },
    channels: Array.from({ length: Math.min(1_500, 40 + Math.round(people.length / 2)) }, (_, n) =>
      channelEntity(`${seed} channel ${n}`, {
        name: `${rng.pick(PREFIXES)}-${rng.pick(TOPICS)}${n < 60 ? "" : `-${n}`}`,
        privacy: rng.chance(0.3) ? "private" : "public",
        isShared: rng.chance(0.06),
      }),
    ),
    files: Array.from({ length: Math.min(12_000, 600 + people.length * 8) }, (_, n) =>
      fileEntity(
        `F0${stableId(`${seed} file ${n}`, 9)}`,
        `${rng.pick(SUBJECTS)}-${rng.pick(KINDS)}-${rng.int(1, 999)}`,
        rng.pick(FILE_TYPES),
      ),
    ),
  };
}

const PREFIXES = ["proj", "team", "ops", "deal", "help", "acct", "incident", "announce", "social"];
const TOPICS =
  "atlas beacon cedar delta ember flint garnet harbor iris juno kite lumen maple nova onyx pine quartz ridge sable tidal umber vale willow zephyr".split(
    " ",
  );
const SUBJECTS = ["plan", "quote", "drawing", "report", "notes", "budget", "contract", "roadmap"];
const KINDS = ["draft", "final", "review", "q1", "q2", "client", "internal"];
const FILE_TYPES = ["pdf", "png", "xlsx", "docx", "csv", "pptx", "zip"];

export function channelEntity(
  key: string,
  { name, privacy, isShared }: { name: string; privacy: "public" | "private"; isShared: boolean },
): Fields {
  return {
    type: "channel",
    channel: {
      id: `C0${stableId(key, 9)}`,
      name,
      privacy,
      is_shared: isShared,
      is_org_shared: false,
      teams_shared_with: [],
    },
  };
}

export function fileEntity(id: string, title: string, type: string): Fields {
  const name = `${title}.${type}`;
  return { type: "file", file: { id, name, title: name, filetype: type } };
}
