/** Which vendor stands behind an automation, so that its instances on several platforms can be tied together. */

import type { Platform } from "#contract/platform.ts";
import { aiApps, aiById, identifyAi } from "./ai.ts";
import { isFirstParty, knownAbused } from "./apps.ts";
import {
  byHost,
  camelWords,
  hostOf,
  hostsIn,
  isQualified,
  plain,
  startsAt,
  words,
} from "./text.ts";
import vendorsFile from "./vendors.json" with { type: "json" };

/** A vendor of SaaS, security or automation products. */
export interface Vendor {
  readonly name: string;
  /** Hosts that only the vendor controls. */
  readonly domains: readonly string[];
  /** Product names that stand for the vendor. */
  readonly products: readonly string[];
  /** An ordinary word, believed only when it stands alone or beside product words. */
  readonly isCommonWord: boolean;
}

/** Hosts of vendors below which anybody can publish: they do not speak for the vendor. */
const TENANT_HOSTS: ReadonlyMap<string, true> = new Map(
  (
    "cloudapp.azure.com docs.google.com forms.google.com forms.office.com gist.github.com " +
    "script.google.com sites.google.com storage.googleapis.com sway.office.com"
  )
    .split(" ")
    .map((host) => [host, true]),
);

interface Phrase {
  readonly vendor: Vendor;
  readonly words: readonly string[];
}

const byName = new Map<string, Vendor>();
const byDomain = new Map<string, Vendor>();
const byProduct = new Map<string, Vendor>();
const phrases = new Map<string, Phrase[]>();

for (const row of vendorsFile.vendors) {
  const vendor: Vendor = {
    name: row.vendor,
    domains: row.domains,
    products: row.names ?? [row.vendor],
    isCommonWord: row.common === true,
  };
  byName.set(plain(row.vendor), vendor);
  for (const domain of row.domains) byDomain.set(domain, vendor);
  for (const product of [row.vendor, ...vendor.products]) {
    byProduct.set(plain(product), vendor);
    for (const spelling of [words(product), camelWords(product)]) {
      const first = spelling[0] ?? "";
      const list = phrases.get(first) ?? [];
      list.push({ vendor, words: spelling });
      phrases.set(first, list);
    }
  }
}

/** Names as they stand in a legal name: "Zapier, Inc." is Zapier. */
const LEGAL_SUFFIX =
  /(?:technologies|technology|software|systems|incorporated|corporation|limited|company|inc|llc|ltd|corp|gmbh|bv|plc|pbc|pty|sa|ag)+$/;

/**
 * The vendor behind an automation, or null. Tried in this order: the id, a domain, the publisher, the name. Domains and
 * ids are hard to forge; a publisher or a name is a claim, so do not use this to clear an app of suspicion. An app that
 * was made by attackers has no vendor, whatever it calls itself.
 */
export function vendorOf(app: {
  readonly platform: Platform;
  readonly nativeId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly publisher?: string | null | undefined;
  readonly domains?: readonly string[] | undefined;
}): string | null {
  const id = app.nativeId ?? "";
  if (id !== "") {
    if (knownAbused({ platform: app.platform, nativeId: id })?.category === "malicious")
      return null;
    if (isFirstParty(app.platform, id)) return "Microsoft";
    const ai = aiById(app.platform, id);
    if (ai !== null) return ai.provider;
  }
  const name = app.name ?? "";
  for (const address of app.domains ?? []) {
    const host = hostOf(address);
    const vendor = host === null ? null : vendorOfHost(host);
    if (vendor !== null) return vendor;
  }
  const publisher = plain(app.publisher ?? "");
  if (publisher !== "") {
    const vendor =
      byName.get(publisher) ??
      byProduct.get(publisher) ??
      byName.get(publisher.replace(LEGAL_SUFFIX, ""));
    if (vendor !== undefined) return vendor.name;
  }
  for (const host of hostsIn(name)) {
    const vendor = byHost(byDomain, host);
    if (vendor !== undefined) return vendor.name;
  }
  // An AI product knows its own vendor better than the platform names beside it: "Claude for Slack".
  const ai = identifyAi({
    platform: app.platform,
    name,
    publisher: app.publisher,
    domains: app.domains,
  });
  if (ai !== null && ai.method !== "heuristic_name" && ai.method !== "mcp_registry") {
    return byName.get(plain(ai.provider))?.name ?? ai.provider;
  }
  return vendorInName(words(name)) ?? vendorInName(camelWords(name));
}

/** The vendor that controls a host, or null; a host below which customers publish has none. */
export function vendorOfHost(host: string): string | null {
  if (byHost(TENANT_HOSTS, host) === true) return null;
  return byHost(byDomain, host)?.name ?? null;
}

/** A vendor by its exact name or the name of a product, or null. */
export function vendor(name: string): Vendor | null {
  return byProduct.get(plain(name)) ?? null;
}

/** All vendors, by name. */
export function vendors(): Vendor[] {
  return [...byName.values()];
}

/** The domains of a vendor: of vendors.json, or of its products in ai-apps.json. */
export function domainsOf(vendorName: string): string[] {
  const known = byName.get(plain(vendorName))?.domains ?? [];
  const ai = aiApps().filter((app) => app.vendor === vendorName);
  return [...new Set([...known, ...ai.flatMap((app) => app.domains)])].sort();
}

/** "Jira Cloud for Slack" is Atlassian's: what comes first in a name is what the app is. */
function vendorInName(text: readonly string[]): string | null {
  let best: Phrase | null = null;
  for (const phrase of phrases.get(text[0] ?? "") ?? []) {
    if (!startsAt(text, phrase.words, 0)) continue;
    if (phrase.vendor.isCommonWord && !isQualified(text, 0, phrase.words.length)) continue;
    if (best === null || phrase.words.length > best.words.length) best = phrase;
  }
  return best?.vendor.name ?? null;
}
