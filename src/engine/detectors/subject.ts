/** Whom a behaviour detector speaks of, and what makes that automation more or less worth worrying about. */

import { DAY_MS } from "#base/time.ts";
import type { Change } from "#contract/event.ts";
import type { View } from "#engine/detectors/detector.ts";
import { besidePlace, isUsualPlace, strangePlace } from "#engine/detectors/places.ts";
import {
  hasPublisher,
  isPrivileged,
  nameOf,
  publisherReason,
  type Reason,
  succeeded,
} from "#engine/detectors/trust.ts";
import { dayWindow } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";

/** The automation's or person's name for readers. */
export function subjectName({ automation, person }: View): string {
  if (automation !== null) return nameOf(automation);
  return person?.name ?? (person?.id || "Somebody whom the records do not name");
}

/** What is known of the automation and of the day's places, in points; of people only that a place is strange. */
export function standing(view: View, day: number): Reason[] {
  const { automation } = view;
  if (automation === null) return [placeReason(view, day)].filter(({ points }) => points > 0);
  return [
    vouching(automation),
    abusedReason(view),
    freshReason(view, day),
    placeReason(view, day),
  ].filter(({ points }) => points !== 0);
}

/** A good name helps only a little: when a vendor's own keys are stolen, the name is as good as ever. */
function vouching(automation: Automation): Reason {
  const { points, words } = publisherReason(automation);
  // Scripts, workflows and keys have a maker and no publisher: that nobody publishes them says nothing.
  if (points > 0 && !hasPublisher(automation)) return NO_REASON;
  return { points: Math.max(points, -1), words };
}

function abusedReason({ automation }: View): Reason {
  if (automation === null || automation.abused === null) return NO_REASON;
  return automation.abused.category === "malicious"
    ? { points: 3, words: "it is known from intrusions" }
    : { points: 1, words: "intruders like to use this product" };
}

/** Grant and theft go together: most stolen or tricked consents are used within days. */
const FRESH_DAYS = 7;

const LETTING_IN: ReadonlySet<Change["kind"]> = new Set([
  "granted",
  "installed",
  "created",
  "delegation_granted",
]);

/** Let in lately, as the records say it; that the records begin lately says nothing. */
function freshReason(view: View, day: number): Reason {
  const window = dayWindow(day);
  if (window === null) return NO_REASON;
  let first: number | null = null;
  let isApproved = false;
  for (const entry of view.timeline) {
    if (entry.at === null || !LETTING_IN.has(entry.change.kind) || !succeeded(entry)) continue;
    if (first !== null && entry.at >= first) continue;
    first = entry.at;
    isApproved = isPrivileged(view, entry.actor) === true || entry.change.consent === "tenant";
  }
  if (first === null || first >= window.to || first < window.from - FRESH_DAYS * DAY_MS) {
    return NO_REASON;
  }
  // What an administrator lets in is looked at by the detectors of consents; a large start is then expected.
  if (isApproved) return NO_REASON;
  const days = Math.max(Math.floor((window.to - 1 - first) / DAY_MS), 0);
  return {
    points: 1,
    words:
      days === 0
        ? "it was let in that day"
        : `it was let in ${days} ${days === 1 ? "day" : "days"} before`,
  };
}

/** Stolen keys are used from the thief's machines: a known automation in a new place is rarely only a move. */
function placeReason({ profiles }: View, day: number): Reason {
  const strange = strangePlace(profiles, day);
  if (strange !== null) return { points: 2, words: `it came ${strange}` };
  const beside = besidePlace(profiles, day);
  if (beside !== null) return { points: 1, words: `it came ${beside}` };
  return isUsualPlace(profiles, day)
    ? { points: -1, words: "it came from where it always comes from" }
    : NO_REASON;
}

const NO_REASON: Reason = { points: 0, words: "" };

/** The reasons for and against as one sentence with a leading space; empty where there are none. */
export function because(reasons: readonly Reason[]): string {
  const speaking = reasons.filter(({ points }) => points > 0).map(({ words }) => words);
  const against = reasons.filter(({ points }) => points < 0).map(({ words }) => words);
  const worse = speaking.length === 0 ? "" : ` It weighs more: ${speaking.join("; ")}.`;
  const better = against.length === 0 ? "" : ` It weighs less: ${against.join("; ")}.`;
  return worse + better;
}
