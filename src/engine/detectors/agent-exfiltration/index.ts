/** Finds AI agents that within one day read content from outside, then what is private, and then sent something out. */

import { HOUR_MS, UNDATED } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import {
  countOf,
  type Profile,
  samplesOf,
  traitOf,
  traitSamplesOf,
} from "#engine/profile/profile.ts";
import { bySampleOrder, type Sample } from "#engine/profile/sample.ts";

const options = {
  /** From outside content to the way out: an agent that was talked into something does it in the same conversation. */
  withinHours: 4,
  /** Earlier days on which the same three came together: by then it is what the agent is for. */
  habitDaysMin: 3,
  /** Active days before, none of which sent anything, that make a way out a new one: a working week. */
  silentDaysMin: 5,
};
type Options = typeof options;

/** Ways out. Tool calls count only where the record says that they went outside. */
const EXITS: readonly ActionClass[] = ["send", "share", "publish", "forward", "export"];

export const agentExfiltration = defineDetector({
  id: "agent-exfiltration",
  title: "An AI agent joined outside content, private data and a way out",
  techniques: ["T58"],
  attackType: "ai_abuse",
  severity: "high",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (!isAgent(view)) return [];
    const days = view.profiles.flatMap((profile) => {
      const path = pathOf(profile, limits);
      return path === null ? [] : [{ profile, path }];
    });
    return days
      .filter(({ profile }) => {
        const before = days.filter((other) => other.profile.day < profile.day).length;
        return before < limits.habitDaysMin;
      })
      .map(({ profile, path }) => {
        const from = days[0]?.profile.day ?? profile.day;
        return evidence(view, profile, path, silentDays(view, from) >= limits.silentDaysMin);
      });
  },
});

/** By what it is known as, or by what it does: only assistants and agents take prompts and call tools. */
function isAgent({ automation, profiles }: View): boolean {
  if (automation === null) return false;
  return (
    automation.ai !== null ||
    automation.kind === "ai_agent" ||
    automation.kind === "mcp_connector" ||
    profiles.some((profile) => countOf(profile, "prompt") + countOf(profile, "tool_call") > 0)
  );
}

interface Path {
  readonly outside: Sample;
  readonly secret: Sample;
  readonly exit: Sample;
  /** Whether the record says that the exit went to somebody outside. */
  readonly isOutside: boolean;
  readonly isInjected: boolean;
}

/** Outside content, then private content, then a way out, in this order and within the hours. */
function pathOf(profile: Profile, { withinHours }: Options): Path | null {
  if (profile.day === UNDATED) return null;
  const injected = traitSamplesOf(profile, "injection", 24);
  const outside = [...injected, ...traitSamplesOf(profile, "external_content", 24)].sort(
    bySampleOrder,
  );
  const secret = [
    ...traitSamplesOf(profile, "labelled", 24),
    ...traitSamplesOf(profile, "secret", 24),
  ].sort(bySampleOrder);
  if (outside.length === 0 || secret.length === 0) return null;
  const sent = traitSamplesOf(profile, "outside", 24);
  const exits = [...sent, ...EXITS.flatMap((name) => samplesOf(profile, name, 24))].sort(
    bySampleOrder,
  );
  for (const first of outside) {
    const start = first.at ?? 0;
    const end = start + withinHours * HOUR_MS;
    const second = secret.find(({ at }) => at !== null && at >= start && at <= end);
    if (second === undefined) continue;
    const third = exits.find(({ at }) => at !== null && at >= (second.at ?? 0) && at <= end);
    if (third === undefined) continue;
    return {
      outside: first,
      secret: second,
      exit: third,
      isOutside: sent.some(({ eventId }) => eventId === third.eventId),
      isInjected: injected.some(({ eventId }) => eventId === first.eventId),
    };
  }
  return null;
}

/** On how many days it worked before the first such day, where it sent nothing on any; else none. */
function silentDays({ profiles }: View, from: number): number {
  const before = profiles.filter(({ day }) => day !== UNDATED && day < from);
  const isSilent = before.every(
    (profile) =>
      EXITS.every((name) => countOf(profile, name) === 0) && traitOf(profile, "outside") === 0,
  );
  return isSilent ? before.length : 0;
}

function evidence(view: View, profile: Profile, path: Path, isNewExit: boolean): Evidence {
  const { outside, secret, exit, isOutside, isInjected } = path;
  const confidence = 0.45 + (isOutside ? 0.2 : 0) + (isInjected ? 0.2 : 0);
  return {
    window: dayWindow(profile.day),
    severity: isOutside || isInjected || isNewExit ? "high" : "medium",
    confidence,
    explanation:
      `${subjectName(view)} did three things ${onDay(profile.day)} that are harmless alone and dangerous together: it read content from outside ` +
      `the organization (${outside.action}), then something marked as sensitive (${secret.action}), then ${exitWords(exit, isOutside)}. ` +
      `${isNewExit ? "On the days before it sent nothing at all. " : ""}` +
      `${isInjected ? "The platform saw hidden instructions in what it read. " : ""}On that day it touched ${count(traitOf(profile, "labelled"))} ` +
      "sensitive items. Whoever wrote the outside content may have written what the agent did next.",
    samples: [outside, secret, exit],
  };
}

function exitWords({ action }: Sample, isOutside: boolean): string {
  return isOutside
    ? `sent something to somebody outside (${action})`
    : `sent or shared something (${action})`;
}
