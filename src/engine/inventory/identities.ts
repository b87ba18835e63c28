/** Tells which ids name one identity, from what each id claims as its aliases, in nearly linear time. */

import type { Platform } from "#contract/platform.ts";

/** One id with the other ids that it says are its own. */
export interface Identity {
  readonly platform: Platform;
  readonly id: string;
  readonly aliases: ReadonlySet<string>;
}

/** The id that stands for an id; itself where nobody claims it. */
export type Canonical = (platform: Platform, id: string) => string;

/**
 * An alias goes to the one id that claims it, and from there on to whoever claims that. In a ring of ids that claim each
 * other the one that sorts first stands for all. An alias that several claim joins nothing (a shared host app, say),
 * unless they turn out to be one identity themselves.
 */
export function canonicalIds(identities: readonly Identity[]): Canonical {
  const claims = new Map<string, Set<string>>();
  for (const { platform, id, aliases } of identities) {
    for (const alias of aliases) {
      const key = keyOf(platform, alias);
      const claimants = claims.get(key) ?? new Set();
      claims.set(key, claimants.add(keyOf(platform, id)));
    }
  }
  const groups = new Groups(claims);
  // In rounds: what one round finds must not depend on the order of the claims.
  for (let agreed = groups.agreed(); agreed.length > 0; agreed = groups.agreed()) {
    const goesTo = new Map<string, string>();
    for (const alias of agreed) {
      const [claimant] = claims.get(alias) ?? [];
      const to = groups.headOf(claimant ?? alias);
      if (to !== alias) goesTo.set(alias, to);
    }
    for (const [alias, end] of endsOf(goesTo)) groups.join(alias, goesTo.get(alias) ?? end, end);
  }
  return (platform, id) => groups.headOf(keyOf(platform, id)).slice(platform.length + 1);
}

function keyOf(platform: Platform, id: string): string {
  return `${platform}|${id}`;
}

/** Where each way ends that starts in the map: at an id that goes nowhere, or at the first of a ring. */
function endsOf(goesTo: ReadonlyMap<string, string>): Map<string, string> {
  const ends = new Map<string, string>();
  for (const start of goesTo.keys()) {
    const path = new Map<string, number>();
    let current = start;
    let next = goesTo.get(current);
    while (next !== undefined && !ends.has(current) && !path.has(current)) {
      path.set(current, path.size);
      current = next;
      next = goesTo.get(current);
    }
    const way = [...path.keys()];
    const ring = way.slice(path.get(current) ?? way.length);
    const end = ends.get(current) ?? ring.sort()[0] ?? current;
    for (const key of way) ends.set(key, end);
  }
  return ends;
}

/** Groups of keys that are one (union-find), and the aliases whose claimants have come to be in one group. */
class Groups {
  private readonly parents = new Map<string, string>();
  /** By root: the key that stands for the group. */
  private readonly heads = new Map<string, string>();
  /** By root: the aliases that some key of the group claims. */
  private readonly claimed = new Map<string, Set<string>>();
  /** By alias: in how many groups its claimants are. */
  private readonly parties = new Map<string, number>();
  private fresh: string[] = [];

  constructor(claims: ReadonlyMap<string, ReadonlySet<string>>) {
    for (const [alias, claimants] of claims) {
      this.parties.set(alias, claimants.size);
      if (claimants.size === 1) this.fresh.push(alias);
      for (const claimant of claimants) {
        const claimed = this.claimed.get(claimant) ?? new Set();
        this.claimed.set(claimant, claimed.add(alias));
      }
    }
  }

  /** The aliases about which all claimants have come to agree since this was last asked. */
  agreed(): string[] {
    const agreed = this.fresh;
    this.fresh = [];
    return agreed;
  }

  headOf(key: string): string {
    const root = this.rootOf(key);
    return this.heads.get(root) ?? root;
  }

  /** The groups of two keys become one, for which `head` stands. */
  join(a: string, b: string, head: string): void {
    let [small, large] = [this.rootOf(a), this.rootOf(b)];
    if (small !== large) {
      // Each claim moves only into a group at least twice as large, so that it moves few times.
      if (this.claimsOf(small) > this.claimsOf(large)) [small, large] = [large, small];
      this.parents.set(small, large);
      this.moveClaims(small, large);
    }
    this.heads.set(large, head);
  }

  private claimsOf(root: string): number {
    return this.claimed.get(root)?.size ?? 0;
  }

  private moveClaims(from: string, to: string): void {
    const moved = this.claimed.get(from);
    if (moved === undefined) return;
    this.claimed.delete(from);
    const held = this.claimed.get(to) ?? new Set();
    this.claimed.set(to, held);
    for (const alias of moved) {
      if (!held.has(alias)) {
        held.add(alias);
        continue;
      }
      const parties = (this.parties.get(alias) ?? 0) - 1;
      this.parties.set(alias, parties);
      if (parties === 1) this.fresh.push(alias);
    }
  }

  private rootOf(key: string): string {
    let root = key;
    for (let up = this.parents.get(root); up !== undefined; up = this.parents.get(root)) root = up;
    // The way up is cut short for whoever asks next.
    for (let at = key; at !== root; ) {
      const up = this.parents.get(at) ?? root;
      this.parents.set(at, root);
      at = up;
    }
    return root;
  }
}
