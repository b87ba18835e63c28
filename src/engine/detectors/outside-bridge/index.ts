/** Finds new bridges from a workspace to the outside: incoming webhooks and channels shared with another organization, in unfit hands. */

import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import {
  because,
  byDay,
  isGuest,
  isPrivileged,
  type Reason,
  severityAt,
  succeeded,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Points from which each severity starts: a bridge is 1, a guest or a machine that builds it 3. */
  severities: { low: 1, medium: 4, high: 6 } satisfies Partial<Record<Severity, number>>,
  /** After that many earlier days of building bridges somebody does it for a living. */
  habitDaysMin: 2,
  /** Bridges of one day that are more than one piece of work. */
  many: 4,
};
type Options = typeof options;

export const outsideBridge = defineDetector({
  id: "outside-bridge",
  title: "A bridge from the workspace to the outside was built",
  techniques: ["T51"],
  attackType: "backdoor",
  severity: "medium",
  platforms: ["slack"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    const bridges = view.timeline.filter((entry) => isBridge(view, entry) && succeeded(entry));
    return [...byDay(bridges)].flatMap(([day, entries]) =>
      judge(view, bridges, day, entries, limits),
    );
  },
});

/** A webhook is judged with itself, a shared channel with whoever connected it. */
function isBridge({ automation }: View, { change, action }: TimelineEntry): boolean {
  if (change.kind === "installed") return automation?.kind === "webhook";
  return change.kind === "shared_externally" && action.startsWith("external_shared_channel");
}

function judge(
  view: View,
  bridges: readonly TimelineEntry[],
  day: number,
  entries: readonly TimelineEntry[],
  { severities, habitDaysMin, many }: Options,
): Evidence[] {
  const [first] = entries;
  if (first === undefined) return [];
  const { actor } = first;
  const before = new Set(
    bridges
      .filter((entry) => entry.day < day && entry.actor.id === actor.id)
      .map((entry) => entry.day),
  );
  if (before.size >= habitDaysMin) return [];
  const isWebhook = first.change.kind === "installed";
  const reasons: Reason[] = [
    {
      points: 1,
      words: isWebhook ? "whoever has its address may post" : "another organization reads along",
    },
    isGuest(view, actor) ? { points: 3, words: `${who(actor)} is a guest` } : NOTHING,
    actor.kind === "automation" || first.acting !== null
      ? { points: 3, words: "a machine built it, not a person" }
      : NOTHING,
    entries.length >= many
      ? { points: 2, words: `there are ${entries.length} of them in one day` }
      : NOTHING,
    isPrivileged(view, actor) === true
      ? { points: -1, words: `${who(actor)} is an administrator` }
      : NOTHING,
  ];
  const severity = severityAt(total(reasons), severities);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(day),
      key: `${isWebhook ? "webhook" : "channel"}|${actor.id}`,
      severity,
      confidence: Math.min(0.3 + 0.07 * total(reasons), 0.8),
      title: isWebhook
        ? "A new way to post in from outside"
        : "A channel was shared with another organization",
      explanation:
        `${who(actor)} ${isWebhook ? `added the webhook ${subjectName(view)}` : `connected ${listing(namesOf(entries))} with another organization`} ${onDay(day)}. ` +
        `${because(reasons)} Bridges are built for good reasons every week, and stay open long after them.`,
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

const NOTHING: Reason = { points: 0, words: "" };

function namesOf(entries: readonly TimelineEntry[]): string[] {
  return [
    ...new Set(entries.map(({ target, action }) => target?.name ?? target?.id ?? action)),
  ].sort();
}
