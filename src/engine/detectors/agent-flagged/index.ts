/** Finds AI agents, assistants and workflows in which the platform itself saw an attack: hidden instructions, jailbreaks, suspicious prompts. */

import { UNDATED } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import { isAtLeast, type Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import { atMost, shifted } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import {
  countOf,
  type Profile,
  samplesOf,
  traitOf,
  traitSamplesOf,
} from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

interface Options {
  readonly injectionSeverity: Severity;
  readonly jailbreakSeverity: Severity;
  readonly jailbreaksMany: number;
  readonly jailbreaksTooMany: number;
  readonly afterHours: number;
  readonly labelledMin: number;
  readonly daysBeforeMin: number;
  readonly againDays: number;
}

const options: Options = {
  /** Hidden instructions that an assistant read are the attacker's; one is enough for a look. */
  injectionSeverity: "medium",
  /** A jailbreak is somebody's own prompt; one is mostly curiosity … */
  jailbreakSeverity: "low",
  /** … and this many in a day are not. */
  jailbreaksMany: 5,
  /** … and this many are somebody at work on it, whatever came of it. */
  jailbreaksTooMany: 10,
  /** Hours after the attack in which what the agent sends or changes may be its work. */
  afterHours: 2,
  /** Labelled documents in a day of jailbreaks, beyond what its other days show: one or two come up by chance. */
  labelledMin: 3,
  /** Days of its own before the first jailbreak that tell how many are usual. */
  daysBeforeMin: 3,
  /** Who is merely curious tries on one day; who comes back within this many days wants something. */
  againDays: 7,
};

/** What instructions hidden in content want an agent to do. */
const ACTING: readonly ActionClass[] = [
  "send",
  "share",
  "publish",
  "forward",
  "export",
  "transfer",
  "copy",
  "delete",
  "tool_call",
];

/** Slack's own words for workflows and assistants that were talked into something. */
const PROMPT_ACTIONS = /suspicious_(prompt|keyword)|prompt_injection|jailbreak/i;

export const agentFlagged = defineDetector({
  id: "agent-flagged",
  title: "The platform saw an attack on an AI assistant or workflow",
  techniques: ["T55", "T57"],
  attackType: "ai_abuse",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    // A person's own prompts are judged with the assistant that they went to, where the record names it.
    if (view.person !== null) return [];
    const flags = view.timeline.filter(isPromptFlag);
    return view.profiles.flatMap((profile) =>
      judge(
        view,
        profile,
        flags.filter(({ day }) => day === profile.day),
        limits,
      ),
    );
  },
});

function isPromptFlag({ action, change }: TimelineEntry): boolean {
  return change.kind === "flagged_by_vendor" && PROMPT_ACTIONS.test(action);
}

function judge(
  view: View,
  profile: Profile,
  flags: readonly TimelineEntry[],
  limits: Options,
): Evidence[] {
  const injections = traitOf(profile, "injection");
  const jailbreaks = traitOf(profile, "jailbreak");
  if (injections + jailbreaks + flags.length === 0) return [];
  const samples = attackSamples(profile, flags);
  const acted = actedAfter(profile, samples, limits.afterHours);
  const isYielding = jailbreaks > 0 && hasYielded(view, profile, limits);
  const isBack = isYielding && cameBack(view, profile, limits);
  const plain = severityOf(injections, jailbreaks, acted.length > 0, limits);
  const shown: Severity = isBack ? "high" : isYielding ? "medium" : "info";
  const severity = isAtLeast(plain, shown) ? plain : shown;
  return [
    {
      window: dayWindow(profile.day),
      severity,
      confidence: Math.min(
        0.45 +
          0.05 * Math.log2(1 + injections + jailbreaks) +
          (acted.length > 0 || isBack ? 0.2 : 0),
        0.9,
      ),
      techniques: injections > 0 ? ["T57"] : ["T55"],
      title:
        injections > 0
          ? "Instructions hidden in content reached an AI assistant"
          : "Suspicious prompts to an AI assistant or workflow",
      explanation:
        explain(view, profile, { injections, jailbreaks, flags: flags.length }, acted) +
        (isYielding ? yieldedWords(profile, isBack) : ""),
      samples: [...samples, ...acted].slice(0, 8),
    },
  ];
}

function severityOf(
  injections: number,
  jailbreaks: number,
  hasActed: boolean,
  { injectionSeverity, jailbreakSeverity, jailbreaksMany, jailbreaksTooMany }: Options,
): Severity {
  if (injections > 0) return shifted(injectionSeverity, hasActed ? 1 : 0);
  const isMany = jailbreaks >= jailbreaksMany;
  const isTooMany = jailbreaks >= jailbreaksTooMany || (hasActed && isMany);
  return atMost(shifted(jailbreakSeverity, (isMany ? 1 : 0) + (isTooMany ? 1 : 0)), "high");
}

/**
 * On a day of jailbreaks it opened labelled documents, more than on any day before the first of them. Later days are not
 * asked: the platform recognises only some prompts, and the same person may be at work on the days between.
 */
function hasYielded(
  { profiles }: View,
  profile: Profile,
  { labelledMin, daysBeforeMin }: Options,
): boolean {
  const labelled = traitOf(profile, "labelled");
  if (labelled < labelledMin) return false;
  const first = profiles.find((other) => other.day !== UNDATED && traitOf(other, "jailbreak") > 0);
  const before = profiles.filter(({ day }) => day !== UNDATED && day < (first?.day ?? profile.day));
  if (before.length < daysBeforeMin) return false;
  return before.every((other) => traitOf(other, "labelled") < labelled);
}

/** Such a day came before, not long ago: somebody found that it works. */
function cameBack(view: View, { day }: Profile, limits: Options): boolean {
  if (day === UNDATED) return false;
  return view.profiles.some(
    (other) =>
      other.day !== UNDATED &&
      other.day < day &&
      day - other.day <= limits.againDays &&
      traitOf(other, "jailbreak") > 0 &&
      hasYielded(view, other, limits),
  );
}

function yieldedWords(profile: Profile, isBack: boolean): string {
  const labelled = count(traitOf(profile, "labelled"));
  return (
    ` On that day it opened ${labelled} labelled documents, more than on any day before such prompts` +
    (isBack ? ", and the same was seen on a day before: somebody comes back for more." : ".")
  );
}

function attackSamples(profile: Profile, flags: readonly TimelineEntry[]): Sample[] {
  const found = [
    ...traitSamplesOf(profile, "injection"),
    ...traitSamplesOf(profile, "jailbreak"),
    ...flags.map(({ sample }) => sample),
  ];
  return [...new Map(found.map((sample) => [sample.eventId, sample])).values()].slice(0, 5);
}

/** The first of what the agent did in each hour within a while after the first attack, where the day has times. */
function actedAfter(profile: Profile, attacks: readonly Sample[], afterHours: number): Sample[] {
  const first = Math.min(...attacks.map(({ at }) => at ?? Number.POSITIVE_INFINITY));
  if (profile.day === UNDATED || !Number.isFinite(first)) return [];
  const told = new Set(attacks.map(({ eventId }) => eventId));
  return ACTING.filter((name) => countOf(profile, name) > 0)
    .flatMap((name) => samplesOf(profile, name, 24))
    .filter(
      ({ at, eventId }) =>
        at !== null && at >= first && at <= first + afterHours * 3_600_000 && !told.has(eventId),
    )
    .slice(0, 3);
}

function explain(
  view: View,
  profile: Profile,
  seen: { injections: number; jailbreaks: number; flags: number },
  acted: readonly Sample[],
): string {
  const parts: string[] = [];
  if (seen.injections > 0)
    parts.push(`${count(seen.injections)} with instructions hidden in what it read`);
  if (seen.jailbreaks > 0) parts.push(`${count(seen.jailbreaks)} that tried to break its rules`);
  if (seen.flags > 0) parts.push(`${count(seen.flags)} that the platform calls suspicious`);
  const then =
    acted.length === 0
      ? "No action of it in the hours after is on record."
      : `In the hours after it acted: ${listing([...new Set(acted.map(({ action }) => action))])}.`;
  return (
    `The platform itself marked records of ${subjectName(view)} ${onDay(profile.day)}: ${parts.join(", ")}. ${then} ` +
    "Whoever can write into what an assistant reads can make it act with the rights of the person who asks it, so what it " +
    "did afterwards matters more than the mark."
  );
}
