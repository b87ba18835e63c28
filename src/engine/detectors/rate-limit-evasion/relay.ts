/** Automations that belong together and take turns: while one works, the others pause. */

import { compareText } from "#base/order.ts";
import { UNDATED } from "#base/time.ts";
import type { Org, View } from "#engine/detectors/detector.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { minutesOf } from "#engine/profile/pace.ts";
import type { Profile } from "#engine/profile/profile.ts";

/** A day on which the viewed automation took turns with others. */
export interface Relay {
  readonly profile: Profile;
  readonly partners: readonly Automation[];
  /** Minutes in which any of them worked. */
  readonly minutes: number;
  /** What they took together. */
  readonly amount: number;
}

/** So many relatives are looked at; families that large are a vendor's customers, not one operator's tools. */
const KIN_MAX = 16;
/** Minutes that two independent programs would share by chance; with fewer nothing can be told. */
const SHARED_BY_CHANCE_MIN = 12;
/** Takers of turns share at most this part of it: handing over happens within a minute. */
const SHARED_SHARE_MAX = 0.25;
/** Changes from one to the other, without which one has only replaced the other. */
const TURNS_MIN = 6;
/** The smaller one does at least this share of the larger one's work. */
const EQUAL_SHARE_MIN = 0.25;

export function relaysOf(
  view: View,
  amountMin: number,
  taken: (profile: Profile) => number,
): Relay[] {
  const { automation } = view;
  const busy = view.profiles.filter(
    (profile) => profile.day !== UNDATED && taken(profile) >= amountMin / KIN_MAX,
  );
  if (automation === null || busy.length === 0) return [];
  const kin = kinOf(view, automation);
  if (kin.length === 0) return [];
  const days = new Map(
    kin.map((other) => [
      other,
      new Map(view.org.activityOf(other)?.profiles.map((profile) => [profile.day, profile])),
    ]),
  );
  return busy.flatMap((profile): Relay[] => {
    const own = new Set(minutesOf(profile.pace).map(({ minute }) => minute));
    const all = new Set(own);
    let amount = taken(profile);
    const partners = kin.filter((other) => {
      const theirs = days.get(other)?.get(profile.day);
      if (theirs === undefined || !isComparable(taken(profile), taken(theirs))) return false;
      const minutes = minutesOf(theirs.pace).map(({ minute }) => minute);
      if (!takesTurns(own, minutes)) return false;
      for (const minute of minutes) all.add(minute);
      amount += taken(theirs);
      return true;
    });
    if (partners.length === 0 || amount < amountMin) return [];
    return [{ profile, partners, minutes: all.size, amount }];
  });
}

/** Of the same vendor, name or owner. A family that is large is no hint of one operator. */
function kinOf({ org }: View, automation: Automation): Automation[] {
  const siblings = org.siblings(automation, KIN_MAX);
  if (siblings === null) return [];
  const found = new Set(siblings);
  const owned = ownedIn(org);
  for (const { principal } of automation.owners) {
    const held = owned.get(ownerKey(automation, principal)) ?? [];
    // Itself is one of them. Looked at before they are gone through, so that a large family costs no more than a small one.
    if (held.length - 1 > KIN_MAX) return [];
    for (const other of held) found.add(other);
  }
  const kin = [...found].filter(({ id, isFirstParty }) => id !== automation.id && !isFirstParty);
  return kin.length > KIN_MAX ? [] : kin.sort((a, b) => compareText(a.id, b.id));
}

function ownerKey({ platform }: Automation, principal: string): string {
  return `${platform}|${principal}`;
}

/** By platform and owner; worked out once for all automations of an organization. */
const ownedByOrg = new WeakMap<Org, ReadonlyMap<string, readonly Automation[]>>();

function ownedIn(org: Org): ReadonlyMap<string, readonly Automation[]> {
  let owned = ownedByOrg.get(org);
  if (owned === undefined) {
    const byOwner = new Map<string, Automation[]>();
    for (const automation of org.automations) {
      for (const { principal } of automation.owners) {
        const key = ownerKey(automation, principal);
        const held = byOwner.get(key);
        if (held === undefined) byOwner.set(key, [automation]);
        else held.push(automation);
      }
    }
    owned = byOwner;
    ownedByOrg.set(org, owned);
  }
  return owned;
}

function isComparable(a: number, b: number): boolean {
  return Math.min(a, b) >= Math.max(a, b) * EQUAL_SHARE_MIN;
}

/** Far fewer minutes in common than chance would give, and many changes between the two. */
function takesTurns(own: ReadonlySet<number>, theirs: readonly number[]): boolean {
  const merged = [
    ...[...own].map((minute) => ({ minute, isOwn: true })),
    ...theirs.map((minute) => ({ minute, isOwn: false })),
  ].sort((a, b) => a.minute - b.minute);
  const span = (merged.at(-1)?.minute ?? 0) - (merged[0]?.minute ?? 0) + 1;
  const byChance = (own.size * theirs.length) / span;
  if (byChance < SHARED_BY_CHANCE_MIN) return false;
  const shared = theirs.filter((minute) => own.has(minute)).length;
  if (shared > byChance * SHARED_SHARE_MAX) return false;
  const turns = merged.filter(
    ({ isOwn }, index) => index > 0 && merged[index - 1]?.isOwn !== isOwn,
  );
  return turns.length >= TURNS_MIN;
}
