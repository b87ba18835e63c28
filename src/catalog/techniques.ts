/** The techniques that Singura looks for, T01 to T76, and where they stand in MITRE ATT&CK, MITRE ATLAS and OWASP. */

import type { Platform } from "#contract/platform.ts";
import techniquesFile from "./techniques.json" with { type: "json" };
import { oneOf } from "./text.ts";

/** One way in which an automation is misused. */
export interface Technique {
  /** "T01" to "T76". */
  readonly id: string;
  readonly title: string;
  readonly platforms: readonly Platform[];
  /** MITRE ATT&CK technique ids, such as "T1528". */
  readonly attack: readonly string[];
  /** MITRE ATLAS technique ids, such as "AML.T0053". */
  readonly atlas: readonly string[];
  /** OWASP ids: NHI1-10 (non-human identities), ASI01-10 (agents), LLM01 (language models). */
  readonly owasp: readonly string[];
}

/** The ids of the outside frameworks that some techniques map to. */
export interface Mapping {
  readonly attack: string[];
  readonly atlas: string[];
  readonly owasp: string[];
}

const PLATFORMS = [
  "slack",
  "google",
  "microsoft",
  "github",
  "okta",
  "anthropic",
  "openai",
  "salesforce",
] as const satisfies readonly Platform[];

const byId = new Map<string, Technique>(
  techniquesFile.techniques.map((row) => [
    row.id,
    { ...row, platforms: row.platforms.map((platform) => oneOf(PLATFORMS, platform)) },
  ]),
);

/** The technique with this id ("T07", in any case), or null. */
export function technique(id: string): Technique | null {
  return byId.get(id.toUpperCase()) ?? null;
}

/** All techniques, T01 first. */
export function techniques(): Technique[] {
  return [...byId.values()];
}

/** The outside ids that the techniques map to, each once and sorted; unknown ids add nothing. */
export function mitreOf(ids: readonly string[]): Mapping {
  const known = ids.map(technique).filter((found) => found !== null);
  return {
    attack: unique(known.flatMap((found) => found.attack)),
    atlas: unique(known.flatMap((found) => found.atlas)),
    owasp: unique(known.flatMap((found) => found.owasp)),
  };
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}
