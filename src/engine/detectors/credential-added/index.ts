/** Finds new secrets, certificates and federated trusts on apps, put there by somebody who does not look after the app. */

import { DAY_MS, dayStart } from "#base/time.ts";
import { isPrivilegedRole } from "#catalog/roles.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import {
  atMost,
  because,
  byDay,
  isAtLeastTier,
  isGuest,
  isItself,
  isPrivileged,
  isSame,
  nameOf,
  type Reason,
  severityAt,
  succeeded,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Points from which each severity starts: stranger 3, others look after it 1, reach 1-2, vendor's or third party's app 2-3. */
  low: 3,
  /** Two ordinary signs beside the act, or one grave one. */
  medium: 4,
  /** A sign more than the work of an administrator leaves. */
  high: 5,
  /** Nearly all signs together; no honest change has them. */
  critical: 8,
  /** How sure it must be that somebody owns the app: creators, installers and listed owners are; who once set a secret is not. */
  ownerConfidenceMin: 0.7,
  /** An owner of fewer days may be the intruder: making oneself owner is the step before setting a secret. */
  ownerDaysMin: 7,
  /** After that many earlier days of setting credentials, somebody does it regularly. */
  regularDaysMin: 2,
  /** An app first seen so long ago had its own credentials before; one more is no set-up. */
  settledDays: 7,
  /** Most new identity providers are a planned change that the records do not show. */
  issuerConfidence: 0.45,
};
type Options = typeof options;

const NOTHING: Reason = { points: 0, words: "" };

export const credentialAdded = defineDetector({
  id: "credential-added",
  title: "Unusual new credential on an app",
  techniques: ["T11"],
  alsoTechniques: ["T12"],
  attackType: "backdoor",
  severity: "high",
  platforms: "all",
  // A new identity provider of the whole organization belongs to no app; it stands with the person who let it in.
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null) return newIssuers(view, limits);
    if (isOwnKind(automation)) return [];
    const added = view.timeline.filter(isAppsOwnCredential);
    return [...byDay(added)].flatMap(([day, entries]) =>
      [...Map.groupBy(entries, ({ actor, change }) => `${change.kind}|${actor.id}`)].flatMap(
        ([key, some]) => judge(view, automation, added, day, some, key, limits),
      ),
    );
  },
});

/** On Google and the AI platforms a credential is an automation of its own, or a service account's key, with other detectors. */
function isOwnKind({ kind, platform }: Automation): boolean {
  return (
    kind === "api_key" || platform === "google" || platform === "anthropic" || platform === "openai"
  );
}

/** Trust in another identity provider: it signs in as anybody, so any one that is not routine is worth a look. */
function newIssuers(view: View, { regularDaysMin, issuerConfidence }: Options): Evidence[] {
  const added = view.timeline.filter(
    (entry) => entry.change.kind === "federation_added" && succeeded(entry),
  );
  return [...byDay(added)].flatMap(([day, entries]): Evidence[] => {
    const ownDays = new Set(added.filter((entry) => entry.day < day).map((entry) => entry.day));
    const [first] = entries;
    if (first === undefined || ownDays.size >= regularDaysMin) return [];
    const { actor } = first;
    const isOdd = isGuest(view, actor) || isPrivileged(view, actor) === false;
    const what = listing(
      [
        ...new Set(
          entries.map(({ change, action }) => change.destination ?? change.detail ?? action),
        ),
      ].sort(),
    );
    return [
      {
        window: dayWindow(day),
        severity: isOdd ? "high" : "medium",
        confidence: issuerConfidence + (isOdd ? 0.2 : 0) - (ownDays.size > 0 ? 0.1 : 0),
        techniques: ["T12"],
        title: "The organization trusts a new identity provider",
        explanation:
          `${who(actor)} made the organization trust sign-ins of another identity provider ${onDay(day)} (${what}). ` +
          `${isOdd ? "That account is a guest, or not known as an administrator. " : ""}Organizations do that once, when they set up ` +
          "single sign-on. Whoever runs that provider can sign in as anybody, without a password of yours.",
        samples: entries.map(({ sample }) => sample).slice(0, 5),
      },
    ];
  });
}

/** A token that a person gets for an app carries scopes; a secret of the app itself does not. The vendor's own upkeep is its business. */
function isAppsOwnCredential(entry: TimelineEntry): boolean {
  const { kind, scopes } = entry.change;
  return (
    (kind === "federation_added" || (kind === "credential_added" && scopes.length === 0)) &&
    entry.actor.kind !== "system" &&
    succeeded(entry)
  );
}

function judge(
  view: View,
  automation: Automation,
  added: readonly TimelineEntry[],
  day: number,
  entries: readonly TimelineEntry[],
  key: string,
  limits: Options,
): Evidence[] {
  const [first] = entries;
  if (first === undefined) return [];
  const { actor, change } = first;
  const isFederation = change.kind === "federation_added";
  const before = added.filter((entry) => entry.day < day);
  const ownDays = new Set(
    before
      .filter((entry) => isSame(entry.actor, actor.id) && entry.change.kind === change.kind)
      .map((entry) => entry.day),
  );
  if (ownDays.size >= limits.regularDaysMin && !automation.isFirstParty) return [];
  const isKnown = ownDays.size > 0 || isOwner(view, automation, first, limits);
  const isCold =
    before.length === 0 && !hasOwner(automation, limits) && !isSettled(automation, day, limits);
  const reasons = [
    actorReason(view, automation, first, isKnown, !isCold),
    reachReason(view, automation),
    makerReason(automation),
    isKnown ? NOTHING : firstReason(automation, before, day, limits),
    issuerReason(entries),
    swapReason(view, first),
  ];
  const points = total(reasons);
  const severity = severityAt(points, limits);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(day),
      key,
      // Without any past of the app, everybody is a stranger to it.
      severity:
        isCold && !automation.isFirstParty && !isGuest(view, actor)
          ? atMost(severity, "medium")
          : severity,
      confidence: Math.min((isCold ? 0.1 : 0.3) + 0.08 * points, 0.9),
      techniques: isFederation ? ["T12"] : ["T11"],
      title: isFederation
        ? "Unusual new federated credential on an app"
        : "Unusual new credential on an app",
      explanation: explain(automation, entries, day, reasons),
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

/** Owner, creator or installer, and not only since the other day. */
function isOwner(
  view: View,
  automation: Automation,
  { actor, day }: TimelineEntry,
  { ownerConfidenceMin, ownerDaysMin }: Options,
): boolean {
  const isFresh = view.timeline.some(
    (entry) =>
      entry.change.kind === "owner_added" &&
      entry.change.principal !== null &&
      isSame(actor, entry.change.principal) &&
      entry.day > day - ownerDaysMin &&
      entry.day <= day,
  );
  return (
    !isFresh &&
    automation.owners.some(
      ({ principal, confidence }) => confidence >= ownerConfidenceMin && isSame(actor, principal),
    )
  );
}

function hasOwner({ owners }: Automation, { ownerConfidenceMin }: Options): boolean {
  return owners.some(({ confidence }) => confidence >= ownerConfidenceMin);
}

function isSettled(automation: Automation, day: number, { settledDays }: Options): boolean {
  const since = automation.createdAt ?? automation.firstSeenAt;
  const window = dayWindow(day);
  return since !== null && window !== null && since <= dayStart(day) - settledDays * DAY_MS;
}

function actorReason(
  view: View,
  automation: Automation,
  { actor }: TimelineEntry,
  isKnown: boolean,
  hasPast: boolean,
): Reason {
  if (isGuest(view, actor)) return { points: 5, words: `${who(actor)} is a guest` };
  if (isKnown) return NOTHING;
  if (isItself(automation, actor)) return { points: 2, words: "the app gave it to itself" };
  return hasPast
    ? { points: 4, words: `${who(actor)} never looked after this app before, others do` }
    : { points: 3, words: `nothing ties ${who(actor)} to this app, of which little is on record` };
}

/** Scopes and directory roles together: who holds the credential has them. */
function reachReason(view: View, automation: Automation): Reason {
  const role = view.timeline.find(
    ({ change }) =>
      change.kind === "role_assigned" &&
      change.detail !== null &&
      isPrivilegedRole(view.platform, change.detail),
  )?.change.detail;
  if (role != null) return { points: 2, words: `the app holds the role ${role}` };
  const { tier, riskiest } = automation.reach;
  if (!isAtLeastTier(tier, "high")) return NOTHING;
  return {
    points: tier === "critical" ? 2 : 1,
    words: `the app reaches ${listing(riskiest)}`,
  };
}

/** Whose app it is: nobody here has a reason to hold a key to somebody else's. */
function makerReason({ isFirstParty, isInternal, isVerified }: Automation): Reason {
  if (isFirstParty) {
    return { points: 3, words: "it is the platform vendor's own app, which needs no key of yours" };
  }
  return isInternal === false || (isVerified === true && isInternal !== true)
    ? { points: 2, words: "it is a third party's app, whose maker has its own keys" }
    : NOTHING;
}

function firstReason(
  automation: Automation,
  before: readonly TimelineEntry[],
  day: number,
  limits: Options,
): Reason {
  return before.length === 0 && isSettled(automation, day, limits)
    ? { points: 1, words: "no earlier one is on record, though the app is in use for long" }
    : NOTHING;
}

/** Token issuers of the usual build services and clusters. */
const KNOWN_ISSUERS =
  /(^|\.)(token\.actions\.githubusercontent\.com|gitlab\.com|vstoken\.dev\.azure\.com|app\.terraform\.io|accounts\.google\.com|sts\.windows\.net|login\.microsoftonline\.com|oidc\.prod-aks\.azure\.com|eks\.amazonaws\.com|oidc\.circleci\.com|api\.bitbucket\.org)$/;

function issuerReason(entries: readonly TimelineEntry[]): Reason {
  for (const { change } of entries) {
    if (change.kind !== "federation_added" || change.destination === null) continue;
    const host = URL.canParse(change.destination) ? new URL(change.destination).hostname : null;
    if (host === null || KNOWN_ISSUERS.test(host.toLowerCase())) continue;
    return { points: 1, words: `it trusts tokens of ${host}, no usual build service` };
  }
  return NOTHING;
}

/** One in, one out: that is what a rotation looks like. */
function swapReason(view: View, { actor, day }: TimelineEntry): Reason {
  const isSwap = view.timeline.some(
    (entry) =>
      entry.change.kind === "credential_removed" &&
      entry.day === day &&
      isSame(entry.actor, actor.id),
  );
  return isSwap
    ? { points: -1, words: "an old one was removed on the same day, as in a rotation" }
    : NOTHING;
}

function explain(
  automation: Automation,
  entries: readonly TimelineEntry[],
  day: number,
  reasons: readonly Reason[],
): string {
  const [first] = entries;
  const what = listing(
    [...new Set(entries.map(({ change }) => change.detail ?? "a credential"))].sort(),
  );
  return (
    `${first === undefined ? "Somebody" : who(first.actor)} gave ${nameOf(automation)} a new credential ${onDay(day)} (${what}). ` +
    `Normally the people who own an app renew its credentials. ${because(reasons)} Whoever holds the new credential can act ` +
    "as the app from anywhere, without a person's password or second factor, and keeps it when the person is locked out."
  );
}
