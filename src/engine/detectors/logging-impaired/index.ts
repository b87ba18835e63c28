/** Finds audit logs switched off, cut short or deleted, and programs that take the audit log out. */

import { dayOf, UNDATED } from "#base/time.ts";
import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  isOwnAct,
  laymanReasons,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isSame, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever ships logs elsewhere changes the shipping more than once. */
  routineDaysMin: 3,
  /** Logging switched off has 3 points, changed or for one mailbox 2, single alerts or a mere read 1. */
  severities: { info: 1, low: 2, medium: 3, high: 4 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.35,
};

export const loggingImpaired = defineDetector({
  id: "logging-impaired",
  title: "Audit logging was weakened",
  techniques: ["T75"],
  attackType: "backdoor",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter(
      (entry) =>
        entry.actor.kind !== "system" &&
        succeeded(entry) &&
        (entry.change.kind === "logging_impaired" || isLogTaken(view, entry)),
    );
    return actsIn(entries, ({ change }) =>
      change.kind === "logging_impaired" ? "weakened" : "taken",
    ).flatMap((acts) => judge(view, acts, limits));
  },
});

/** People export audit logs for audits; a program that does so learns what is seen of it. */
function isLogTaken(view: View, entry: TimelineEntry): boolean {
  return (
    entry.change.kind.startsWith("export_") &&
    /audit_?log/i.test(`${entry.action} ${entry.change.detail ?? ""}`) &&
    view.automation !== null
  );
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const isTaken = acts.first.change.kind !== "logging_impaired";
  const reasons: Reason[] = [
    isTaken ? taking(view, acts) : worst(acts.entries),
    ...(isTaken ? [] : [...several(acts.entries), ...own(acts)]),
    ...actorReasons(view, acts),
    ...laymanReasons(view, acts),
  ];
  if (!isTaken && isOwnAct(view, acts.first)) {
    reasons.push({ points: 2, words: "a program changed it, not an administrator" });
  }
  const what = listing(
    [...new Set(acts.entries.map(({ action, change }) => change.detail ?? action))].sort(),
  );
  return evidenceFor(
    acts,
    {
      reasons,
      ...(isTaken ? { title: "A program took the audit log out" } : {}),
      explain: (because) =>
        `${doer(acts.actor)} ${isTaken ? "exported the audit log" : "weakened the audit log"} ${onDay(acts.day)} (${what}).${because} ` +
        "Logs are set up once and then left alone. Without them nobody sees what comes next, and nobody can say afterwards what was taken.",
    },
    limits,
  );
}

/** Who ships logs somewhere does so from the first day on; a program that comes to do so later wants to know what is seen. */
function taking({ org, platform, profiles }: View, { day, earlierDays }: Acts): Reason {
  const first = profiles.find((profile) => profile.day !== UNDATED)?.day ?? day;
  if (earlierDays === 0 && day - first >= OLD_DAYS) {
    const words = `the program took the audit log out, which it never did in the ${day - first} days before`;
    return { points: 4, words };
  }
  const from = org.recordsFrom(platform);
  const isNews = earlierDays === 0 && from !== null && day - dayOf(from) >= KNOWN_DAYS_MIN;
  return isNews
    ? { points: 3, words: "the program took the audit log out, which it never did before" }
    : { points: 1, words: "a program took the audit log out" };
}

/** Who has worked for so long on other things does not ship logs: that program would have begun with it. */
const OLD_DAYS = 10;

/** Days of records without an export after which one is news. */
const KNOWN_DAYS_MIN = 7;

/** Of several measures the one after which least is seen. */
function worst(entries: readonly TimelineEntry[]): Reason {
  const [most] = entries.map(extent).toSorted((a, b) => b.points - a.points);
  return most ?? { points: 0, words: "" };
}

/** One measure may be tidying up; several at once are meant. */
function several(entries: readonly TimelineEntry[]): Reason[] {
  const ways = new Set(entries.map(({ action }) => action));
  return ways.size < 2 ? [] : [{ points: 1, words: "it was done in several ways on one day" }];
}

/** Whoever takes himself out of the log has a reason. */
function own({ actor, entries }: Acts): Reason[] {
  const isOwn = entries.some(
    ({ change }) => change.principal !== null && isSame(actor, change.principal),
  );
  return isOwn ? [{ points: 1, words: "it was done to the own account" }] : [];
}

/** How much is no longer seen. */
function extent({ action, change, service }: TimelineEntry): Reason {
  const words = `${action} ${change.detail ?? ""} ${service}`;
  if (/alert/i.test(action)) return { points: 1, words: "warnings were deleted" };
  if (change.principal !== null) {
    return { points: 2, words: `nothing that happens to ${change.principal} is logged any more` };
  }
  return /delet|destroy|disable|deactivat|bypass|remove|false|true|turn_?off|\boff\b|stop/i.test(
    words,
  )
    ? { points: 3, words: "a whole log is off" }
    : { points: 2, words: "where the log goes, or what is in it, was changed" };
}
