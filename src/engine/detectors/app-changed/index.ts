/** Finds changes that hand an app to others: a new redirect address, a new owner, a directory role, a wider audience. */

import { hostOf } from "#base/host.ts";
import { isOddHost } from "#catalog/hosts.ts";
import { isPrivilegedRole } from "#catalog/roles.ts";
import type { ActionClass, Change } from "#contract/event.ts";
import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  outsiderReasons,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles } from "#engine/detectors/oddities.ts";
import {
  isItself,
  isSame,
  nameOf,
  type Reason,
  reachReason,
  succeeded,
} from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { countOf } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever changes the same on that many earlier days develops the app. */
  routineDaysMin: 3,
  /** So many days after it was made, an app is still being set up by whoever made it. */
  setUpDays: 2,
  /** So many days after it got a role, what it then does for the first time is what the role is for. */
  usedDays: 7,
  /** Reach, role and an odd address add to the change itself, which alone is a note. */
  severities: { info: 1, low: 2, medium: 4, high: 5 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.35,
};
type Options = typeof options;

export const appChanged = defineDetector({
  id: "app-changed",
  title: "An app was handed to others",
  techniques: ["T10"],
  alsoTechniques: ["T14", "T16", "T17"],
  attackType: "backdoor",
  severity: "low",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null) return [];
    const entries = view.timeline.filter(
      (entry) =>
        sortOf(automation, entry) !== null && entry.actor.kind !== "system" && succeeded(entry),
    );
    return actsIn(entries, ({ change }) => change.kind).flatMap((acts) =>
      judge(view, automation, acts, limits),
    );
  },
});

type Sort = "redirect" | "owner" | "role" | "audience";

const SORTS: Readonly<Partial<Record<Change["kind"], Sort>>> = {
  redirect_changed: "redirect",
  owner_added: "owner",
  role_assigned: "role",
  audience_widened: "audience",
};

/** A role that names somebody else went to a person, by the app; that is another detector's. */
function sortOf(automation: Automation, { change }: TimelineEntry): Sort | null {
  const sort = SORTS[change.kind] ?? null;
  return sort === "role" && !isHolder(automation, change.principal) ? null : sort;
}

/** Google names the service account as if it were a user. */
function isHolder({ nativeId, aliases }: Automation, principal: string | null): boolean {
  return principal === null || principal === nativeId || aliases.includes(principal);
}

function judge(view: View, automation: Automation, acts: Acts, limits: Options): Evidence[] {
  const sort = sortOf(automation, acts.first);
  if (sort === null) return [];
  const reasons: Reason[] = [
    ...WEIGHTS[sort](view, automation, acts),
    ...actorReasons(view, acts),
    ...outsiderReasons(view, acts),
    reachOnce(automation),
    ...setUp(view, acts, limits),
    ...(sort === "role" ? roleUse(view, acts, limits) : []),
  ].filter(({ points }) => points !== 0);
  if (isItself(automation, acts.actor)) {
    reasons.push({ points: 2, words: "the app did it to itself" });
  }
  return evidenceFor(
    acts,
    {
      reasons,
      title: TITLES[sort],
      techniques: [TECHNIQUES[sort]],
      ...(sort === "role" ? { attackType: "privilege_escalation" as const } : {}),
      explain: (because) =>
        `${doer(acts.actor)} ${DONE[sort]} ${nameOf(automation)} ${onDay(acts.day)} (${told(acts)}).${because} ${WHY[sort]}`,
    },
    limits,
  );
}

const WEIGHTS = {
  redirect: redirectReasons,
  owner: ownerReasons,
  role: roleReasons,
  audience: audienceReasons,
} satisfies Record<Sort, (view: View, automation: Automation, acts: Acts) => Reason[]>;

const TECHNIQUES = { redirect: "T10", owner: "T14", role: "T16", audience: "T17" } as const;

const TITLES = {
  redirect: "An app sends its sign-ins to a new address",
  owner: "An app got a new owner",
  role: "A program got a directory role",
  audience: "An app was opened to others",
} as const satisfies Record<Sort, string>;

const DONE = {
  redirect: "added a redirect address to",
  owner: "made somebody an owner of",
  role: "gave a directory role to",
  audience: "widened the audience of",
} as const satisfies Record<Sort, string>;

const WHY = {
  redirect:
    "Redirect addresses change when a product moves. Codes and tokens of everybody who signs in go there.",
  owner: "An owner can give the app a new secret and act as it, with all that it may do.",
  role: "Programs work with the permissions of their app. A directory role comes on top of those, and no person with a second factor stands behind it.",
  audience:
    "An app made for one organization trusts everybody who signs in. Opened to others, it lets strangers in, or carries rights away.",
} as const satisfies Record<Sort, string>;

function redirectReasons(_view: View, automation: Automation, acts: Acts): Reason[] {
  const reasons: Reason[] = [{ points: 1, words: "codes and tokens go to a new address" }];
  for (const { change } of acts.entries) {
    for (const uri of (change.destination ?? "").split(/\s+/)) {
      const odd = oddness(uri, automation);
      if (odd !== null) return [...reasons, { points: 2, words: odd }];
    }
  }
  return reasons;
}

function oddness(uri: string, { domains }: Automation): string | null {
  const host = hostOf(uri);
  if (host === null) return uri.includes("*") ? `${uri} leaves the host open` : null;
  if (host === "localhost" || host.startsWith("127.")) return null;
  if (uri.startsWith("http:")) return `${host} is reached without encryption`;
  if (/xn--/.test(host)) return `${host} is written with foreign letters`;
  if (isOddHost(host)) return `${host} is an address that anybody can get`;
  const site = siteOf(host);
  const others = domains.filter((domain) => siteOf(domain) !== site);
  return domains.length > 1 && others.length === domains.length - 1 && others.length > 0
    ? `${host} is none of the hosts that it used so far`
    : null;
}

/** What it reaches makes any change of it weigh more, but a change alone is no misuse of it. */
function reachOnce({ reach }: Automation): Reason {
  const { points, words } = reachReason(reach);
  return { points: Math.min(points, 1), words };
}

function siteOf(host: string): string {
  return host.split(".").slice(-2).join(".");
}

function ownerReasons(view: View, _automation: Automation, acts: Acts): Reason[] {
  const reasons: Reason[] = [{ points: 1, words: "an owner can make keys for it" }];
  const isSelf = acts.entries.some(
    ({ change, actor }) => change.principal !== null && isSame(actor, change.principal),
  );
  if (isSelf) reasons.push({ points: 1, words: "whoever did it made himself the owner" });
  const guest = acts.entries.find(
    ({ change }) =>
      change.principal !== null &&
      view.org.person(view.platform, change.principal)?.isGuest === true,
  );
  if (guest !== undefined) reasons.push({ points: 2, words: "the new owner is a guest" });
  return reasons;
}

function roleReasons(view: View, _automation: Automation, acts: Acts): Reason[] {
  const privileged = acts.entries
    .flatMap(({ change }) => [change.detail ?? "", ...change.scopes])
    .find((role) => isPrivilegedRole(view.platform, role));
  return privileged === undefined
    ? [{ points: 1, words: "a role is a right of its own" }]
    : [{ points: 4, words: `${privileged} is a role with power over the organization` }];
}

/** What administrators do. */
const POWERS: readonly ActionClass[] = ["member", "role", "policy", "credential", "consent"];

/** A role that was given for later is one thing; that the program at once does what only administrators do is another. */
function roleUse({ profiles }: View, { day }: Acts, { usedDays }: Options): Reason[] {
  const dated = datedProfiles(profiles);
  const used = POWERS.filter(
    (power) =>
      dated.some(
        (profile) =>
          profile.day >= day && profile.day < day + usedDays && countOf(profile, power) > 0,
      ) && !dated.some((profile) => profile.day < day && countOf(profile, power) > 0),
  );
  return used.length === 0
    ? []
    : [{ points: 1, words: `it has used the role since, for the first time: ${listing(used)}` }];
}

function audienceReasons(): Reason[] {
  return [{ points: 2, words: "people of other organizations can now use it" }];
}

/** What its maker does to it in the first days is how apps come to be. */
function setUp({ timeline }: View, { day, actor }: Acts, { setUpDays }: Options): Reason[] {
  const isBeingMade = madeDaysOf(timeline)
    .get(actor.id)
    ?.some((made) => made <= day && day - made <= setUpDays);
  return isBeingMade === true ? [{ points: -2, words: "it was just being set up" }] : [];
}

/** By every id of its maker: the days on which an app was made. Worked out once for all changes of the app. */
const madeDays = new WeakMap<View["timeline"], ReadonlyMap<string, readonly number[]>>();

function madeDaysOf(timeline: View["timeline"]): ReadonlyMap<string, readonly number[]> {
  const held = madeDays.get(timeline);
  if (held !== undefined) return held;
  const days = new Map<string, number[]>();
  for (const { change, day, actor } of timeline) {
    if (change.kind !== "created") continue;
    for (const id of new Set([actor.id, ...actor.aliases])) {
      const own = days.get(id);
      if (own === undefined) days.set(id, [day]);
      else if (own.at(-1) !== day) own.push(day);
    }
  }
  madeDays.set(timeline, days);
  return days;
}

function told({ entries }: Acts): string {
  return listing(
    [
      ...new Set(
        entries.map(
          ({ change, action }) => change.destination ?? change.principal ?? change.detail ?? action,
        ),
      ),
    ].sort(),
  );
}
