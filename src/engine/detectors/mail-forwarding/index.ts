/** Finds mail that is sent on to outsiders, mailboxes opened to others, and rules that hide mail from their owner. */

import type { Severity } from "#contract/finding.ts";
import { placeReasons } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import {
  byDay,
  isGuest,
  isSame,
  type Reason,
  severityAt,
  succeeded,
  total,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";
import { hidingOf } from "./rule.ts";
import { isPrivateMail, whereTo } from "./where.ts";

const options = {
  /** Mailboxes that one actor may set up in a day before it looks like a campaign and not like a person's own. */
  mailboxesMany: 3,
  /** Points from which each severity is given. An outsider is 2, a program that sets it up 2, hiding 1 to 6. */
  forward: { low: 1, medium: 2, high: 4, critical: 7 } satisfies Steps,
  /** An assistant who opens a mailbox leaves it inside the organization: it takes a point more than forwarding out. */
  delegate: { low: 2, medium: 3, high: 4, critical: 7 } satisfies Steps,
  /** Sorting mail is what rules are for: only what hides it in more than one way counts. */
  rule: { low: 3, medium: 4, high: 6 } satisfies Steps,
  /** An administrator tidies up routes; a program or a guest has no reason to. */
  unroute: { low: 1, medium: 3 } satisfies Steps,
};

type Options = typeof options;
type Steps = Partial<Record<Severity, number>>;
type Claim = "forward" | "delegate" | "rule" | "unroute";

const CLAIMS = {
  forward: { kind: "forwarding_added", title: "Mail is sent on", techniques: ["T33"] },
  delegate: {
    kind: "mailbox_delegated",
    title: "A mailbox was opened to others",
    techniques: ["T33"],
  },
  rule: { kind: "mail_rule_added", title: "A mail rule hides messages", techniques: ["T32"] },
  unroute: {
    kind: "policy_relaxed",
    title: "A rule over the organization's mail was removed or loosened",
    techniques: ["T33"],
  },
} as const;

export const mailForwarding = defineDetector({
  id: "mail-forwarding",
  title: "Mail is sent on",
  techniques: ["T33"],
  alsoTechniques: ["T32", "T34"],
  attackType: "backdoor",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const claims: readonly Claim[] = ["forward", "delegate", "rule", "unroute"];
    return claims.flatMap((claim) => {
      const entries = view.timeline.filter(
        (entry) =>
          entry.change.kind === CLAIMS[claim].kind &&
          (claim !== "unroute" || entry.sample.classIndex === MAIL) &&
          succeeded(entry),
      );
      return [...byDay(entries)].flatMap(([day, made]) => judge(view, claim, day, made, limits));
    });
  },
});

/** Of all loosened settings those of mail. */
const MAIL = CLASS_INDEX.get("forward");

/** All changes of one sort on one day; the worst of them gives the severity. */
function judge(
  view: View,
  claim: Claim,
  day: number,
  entries: readonly TimelineEntry[],
  { mailboxesMany, ...steps }: Options,
): Evidence[] {
  const judged = entries
    .map((entry) => ({ entry, reasons: REASONS[claim](view, entry) }))
    .filter(({ reasons }) => total(reasons) > 0);
  const worst = judged.toSorted((a, b) => total(b.reasons) - total(a.reasons))[0];
  if (worst === undefined) return [];
  const reasons = [
    ...worst.reasons,
    ...campaign(
      judged.map(({ entry }) => entry),
      mailboxesMany,
    ),
    ...placeReasons(view, worst.entry),
    ...standing(view, day),
  ];
  const points = total(reasons);
  const severity = severityAt(points, steps[claim]);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(day),
      key: claim,
      severity,
      title: titleOf(claim, worst.entry, view),
      techniques: techniquesOf(claim, worst.entry),
      confidence: Math.min(0.4 + 0.07 * points, 0.9),
      explanation: explain(
        view,
        claim,
        day,
        judged.map(({ entry }) => entry),
        reasons,
      ),
      samples: judged.slice(0, 10).map(({ entry }) => entry.sample),
    },
  ];
}

const REASONS = {
  forward: forwardReasons,
  delegate: delegateReasons,
  rule: ruleReasons,
  unroute: unrouteReasons,
} satisfies Record<Claim, (view: View, entry: TimelineEntry) => Reason[]>;

/** Mail that stays inside is nobody's concern unless the rule hides it from its owner. */
function forwardReasons(view: View, entry: TimelineEntry): Reason[] {
  const where = whereTo(view, entry);
  const hiding = hidingReasons(entry);
  if (where.outside.length === 0) {
    if (where.unknown.length === 0 && where.inside.length > 0) {
      return total(hiding) >= 2 ? [{ points: 1, words: "the rule also hides the mail" }] : [];
    }
    return [
      { points: 1, words: "the record does not say where to" },
      ...byProgram(view, entry),
      ...hiding,
    ];
  }
  const reasons: Reason[] = [
    { points: 2, words: `it leaves the organization, to ${listing(where.outside)}` },
    ...byProgram(view, entry),
    ...others(entry),
    ...hiding,
  ];
  if (where.outside.some(isPrivateMail)) {
    reasons.push({ points: 1, words: "the address is a private one" });
  }
  if (isGuest(view, entry.actor)) reasons.push({ points: 1, words: "a guest set it up" });
  return reasons;
}

/** Giving a colleague access is routine; giving it to an outsider, to everybody, to oneself or to a program is not. */
function delegateReasons(view: View, entry: TimelineEntry): Reason[] {
  const { change, actor } = entry;
  const where = whereTo(view, entry);
  if (isCalendar(change.detail) && !isAnybody(change.destination)) {
    return where.outside.length > 0 ? [{ points: 1, words: "an outsider sees the calendar" }] : [];
  }
  if (isCalendar(change.detail)) return [];
  if (opensAllMailboxes(entry)) {
    return [
      { points: 4, words: `the role opens every mailbox (${change.detail ?? "application"})` },
    ];
  }
  const reasons: Reason[] = [...byProgram(view, entry)];
  if (where.outside.length > 0) {
    reasons.push({ points: 4, words: `it is open to an outsider, ${listing(where.outside)}` });
  }
  if (isAnybody(change.destination)) {
    reasons.push({ points: 3, words: "it is open to everybody" });
  }
  const isOwn = change.principal !== null && isSame(actor, change.principal);
  if (!isOwn && change.destination !== null && isSame(actor, change.destination)) {
    reasons.push({ points: 2, words: "whoever opened it opened it to himself" });
  }
  return reasons;
}

/** A rule by a program weighs as much as one that deletes: mail tidying services sort, they do not hide. */
function ruleReasons(view: View, entry: TimelineEntry): Reason[] {
  return [...hidingReasons(entry), ...byProgram(view, entry)];
}

function unrouteReasons(view: View, entry: TimelineEntry): Reason[] {
  const reasons: Reason[] = [
    { points: 1, words: "mail of many now goes another way, or past a check" },
    ...byProgram(view, entry),
  ];
  if (isGuest(view, entry.actor)) reasons.push({ points: 2, words: "a guest did it" });
  return reasons;
}

function hidingReasons({ change }: TimelineEntry): Reason[] {
  const { points, does } = hidingOf(change.detail);
  return points === 0 ? [] : [{ points, words: `the rule ${does.join(", ")}` }];
}

/** Provisioning made in-house sets mailboxes up every day; any other program has to be explained. */
function byProgram({ automation }: View, entry: TimelineEntry): Reason[] {
  if (automation === null || entry.actor.kind === "system") return [];
  if (automation.isInternal === true) return [];
  return [{ points: 2, words: "a program set it up, not the mailbox's owner" }];
}

/** Somebody else's mailbox, or everybody's. */
function others({ change, actor }: TimelineEntry): Reason[] {
  if (change.principal === null)
    return [{ points: 2, words: "it holds for more than one mailbox" }];
  if (actor.kind === "person" && !isSame(actor, change.principal)) {
    return [{ points: 1, words: `it is not the mailbox of ${actor.id} who set it up` }];
  }
  return [];
}

function campaign(entries: readonly TimelineEntry[], mailboxesMany: number): Reason[] {
  const boxes = new Set(entries.map(({ change }) => change.principal ?? ""));
  return boxes.size >= mailboxesMany
    ? [{ points: 2, words: `it was done to ${count(boxes.size)} mailboxes that day` }]
    : [];
}

function isCalendar(detail: string | null): boolean {
  return /\bcalendar\b/i.test(detail ?? "");
}

function isAnybody(destination: string | null): boolean {
  return /^(default|anonymous|everyone|all users)$/i.test(destination ?? "");
}

/** Exchange's application roles and impersonation name the app as destination and the role as scope. */
function opensAllMailboxes({ change }: TimelineEntry): boolean {
  return change.principal === null && change.scopes.length > 0;
}

function titleOf(claim: Claim, entry: TimelineEntry, view: View): string {
  if (claim === "forward" && whereTo(view, entry).outside.length > 0) {
    return "Mail is sent on to an outsider";
  }
  if (claim === "delegate" && opensAllMailboxes(entry)) return "A role opens every mailbox";
  return CLAIMS[claim].title;
}

function techniquesOf(claim: Claim, entry: TimelineEntry): readonly string[] {
  if (claim === "delegate" && opensAllMailboxes(entry)) return ["T34"];
  if (claim === "forward" && hidingOf(entry.change.detail).points > 0) return ["T33", "T32"];
  return CLAIMS[claim].techniques;
}

const DONE = {
  forward: "set up mail forwarding",
  delegate: "opened mail to others",
  rule: "added a mail rule",
  unroute: "removed or loosened a rule over the organization's mail",
} as const satisfies Record<Claim, string>;

const WHY = {
  forward: "Mail that is sent on keeps flowing when passwords change and sessions end.",
  delegate: "Whoever may open the mailbox reads along without its owner's password.",
  rule: "Such a rule keeps answers and warnings from whoever owns the mailbox.",
  unroute: "Such rules also hold copies back, add warnings and stop what must not leave.",
} as const satisfies Record<Claim, string>;

function explain(
  view: View,
  claim: Claim,
  day: number,
  entries: readonly TimelineEntry[],
  reasons: readonly Reason[],
): string {
  const boxes = [...new Set(entries.map(({ change }) => change.principal ?? ""))]
    .filter((box) => box !== "")
    .sort();
  const times = entries.length === 1 ? "" : `, ${count(entries.length)} times or more,`;
  const forWhom = boxes.length === 0 ? "" : ` for ${listing(boxes)}`;
  const who =
    view.automation === null || entries.every(({ actor }) => actor.kind !== "person")
      ? subjectName(view)
      : `${subjectName(view)}, in the name of ${entries[0]?.actor.id ?? "somebody"},`;
  return `${who} ${DONE[claim]}${times}${forWhom} ${onDay(day)}.${because(reasons)} ${normally(claim)} ${WHY[claim]}`;
}

function normally(claim: Claim): string {
  switch (claim) {
    case "forward":
      return "Normally mail is sent on inside the organization only, if at all.";
    case "delegate":
      return "Normally an owner or an administrator lets a colleague in.";
    case "rule":
      return "Normally rules sort mail into folders that their owner reads.";
    case "unroute":
      return "Normally they change by plan, when the mail system does.";
  }
}
