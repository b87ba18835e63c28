/** Where a forwarding or a delegation leads: inside the organization, outside, or to a place that the record leaves open. */

import { mailDomain } from "#base/host.ts";
import type { View } from "#engine/detectors/detector.ts";
import { isOutside } from "#engine/inventory/org.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

export interface Where {
  readonly outside: readonly string[];
  readonly inside: readonly string[];
  /** Names that are no addresses, or addresses of an organization whose own domains are unknown. */
  readonly unknown: readonly string[];
}

/** Mail providers for private persons: nobody's business partner, and where stolen mail is collected. */
export const PRIVATE_PROVIDERS: readonly string[] = [
  "gmail",
  "googlemail",
  "outlook",
  "hotmail",
  "live",
  "msn",
  "yahoo",
  "icloud",
  "me",
  "aol",
  "gmx",
  "web",
  "mail",
  "yandex",
  "proton",
  "protonmail",
  "tutanota",
  "qq",
  "163",
];

/** By the name before the country, since most have many: gmx.net, gmx.de, yahoo.co.jp. */
export function isPrivateMail(address: string): boolean {
  const [name, ...rest] = (mailDomain(address) ?? "").split(".");
  const suffix = rest.join(".");
  return name !== undefined && PRIVATE_PROVIDERS.includes(name) && suffix.length <= 6;
}

/** Every destination of a change, judged. */
export function whereTo(view: View, { change, actor }: TimelineEntry): Where {
  const outside: string[] = [];
  const inside: string[] = [];
  const unknown: string[] = [];
  for (const part of (change.destination ?? "").split(/[,;]\s*/)) {
    const address = part.trim().toLowerCase();
    if (address === "") continue;
    const away = isAway(view, address, [change.principal ?? actor.id, actor.id]);
    (away === null ? unknown : away ? outside : inside).push(address);
  }
  return { outside, inside, unknown };
}

/**
 * Who shares a domain with the mailbox, or with whoever set it up, is a colleague: a company may have more domains than the
 * records show people of. Else the organization's own domains decide.
 */
function isAway(view: View, address: string, homes: readonly string[]): boolean | null {
  const domain = mailDomain(address);
  if (domain === null) return null;
  if (isPrivateMail(address)) return isOutside(view.org, address) ?? true;
  const own = homes.flatMap((home) => mailDomain(home) ?? []);
  if (own.some((one) => isSameSite(one, domain))) return false;
  return isOutside(view.org, address) ?? (own.length === 0 ? null : true);
}

/** The same domain, or one below the other. */
function isSameSite(one: string, other: string): boolean {
  return one === other || other.endsWith(`.${one}`) || one.endsWith(`.${other}`);
}
