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
    const away = isAway(view, address, change.principal ?? actor.id);
    (away === null ? unknown : away ? outside : inside).push(address);
  }
  return { outside, inside, unknown };
}

/** By the organization's own domains; where they are unknown, by the domain of the mailbox or of whoever set it up. */
function isAway(view: View, address: string, home: string): boolean | null {
  const domain = mailDomain(address);
  if (domain === null) return null;
  const byOrg = isOutside(view.org, address);
  if (byOrg !== null) return byOrg;
  if (isPrivateMail(address)) return true;
  const own = mailDomain(home);
  return own === null ? null : own !== domain;
}
