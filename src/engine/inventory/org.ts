/** The organization as the records show it: its people, and the mail domains that are its own. */

import { mailDomain } from "#base/host.ts";
import type { Org, Person } from "#engine/detectors/detector.ts";
import { type Observations, personKey } from "#engine/observe.ts";
import { winner, winnerBool } from "./record.ts";

/** A domain is the organization's own when at least this share of its known, non-guest people has an address in it. */
const OWN_DOMAIN_SHARE = 0.1;

/** Everybody's mail providers: however many people use them, they are nobody's own. */
const PUBLIC_MAIL: ReadonlySet<string> = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
  "yahoo.com",
  "icloud.com",
  "me.com",
  "aol.com",
  "gmx.com",
  "gmx.de",
  "gmx.net",
  "web.de",
  "mail.com",
  "mail.ru",
  "yandex.com",
  "yandex.ru",
  "proton.me",
  "protonmail.com",
  "tutanota.com",
  "qq.com",
  "163.com",
]);

export function orgFrom(seen: Observations, id: string, timeZone: string): Org {
  const people = new Map<string, Person>();
  for (const [key, record] of seen.people) {
    people.set(key, {
      platform: record.platform,
      id: record.id,
      name: winner(record.names),
      isAdmin: winnerBool(record.admin),
      isGuest: winnerBool(record.guest),
      isActive: winnerBool(record.active),
    });
  }
  const byAlias = aliasKeys(seen);
  return {
    id,
    timeZone,
    domains: ownDomains(people.values()),
    person: (platform, personId) => {
      const key = personKey(platform, personId);
      return people.get(key) ?? people.get(byAlias.get(key) ?? "") ?? null;
    },
  };
}

/** From other ids of people to the key of the one person who has it; ids that two claim are nobody's. */
function aliasKeys(seen: Observations): Map<string, string> {
  const keys = new Map<string, string>();
  const disputed = new Set<string>();
  for (const [key, { platform, aliases }] of seen.people) {
    for (const alias of aliases) {
      const aliasKey = personKey(platform, alias);
      if (keys.has(aliasKey)) disputed.add(aliasKey);
      keys.set(aliasKey, key);
    }
  }
  for (const aliasKey of disputed) keys.delete(aliasKey);
  return keys;
}

function ownDomains(people: Iterable<Person>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { id, isGuest } of people) {
    const domain = mailDomain(id);
    // Entra writes guests as name_their.domain#EXT#@tenant.
    if (domain === null || isGuest === true || id.includes("#ext#")) continue;
    if (PUBLIC_MAIL.has(domain)) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
    total++;
  }
  const own = [...counts].filter(([, count]) => count >= Math.max(total * OWN_DOMAIN_SHARE, 1));
  return new Set(own.map(([domain]) => domain));
}

/** Whether an e-mail address or domain is outside the organization; null where the organization's domains are unknown. */
export function isOutside(org: Org, addressOrDomain: string): boolean | null {
  if (org.domains.size === 0) return null;
  const domain = mailDomain(addressOrDomain) ?? addressOrDomain.toLowerCase();
  for (const own of org.domains) if (domain === own || domain.endsWith(`.${own}`)) return false;
  return true;
}
