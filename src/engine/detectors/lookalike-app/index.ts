/** Finds apps that borrow a known name: spelled almost like it, or exactly like it but coming from somewhere else. */

import { type Brand, claimsBrand, type Imitation, lookalike, ownsBrand } from "#catalog/names.ts";
import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { newGrants } from "#engine/detectors/grants.ts";
import { byDay, isAtLeastTier, nameOf, shifted, who } from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { isOutside } from "#engine/inventory/org.ts";

const options = {
  /** Foreign letters and invisible signs inside a brand come from nobody's keyboard by accident. */
  disguiseConfidence: 0.85,
  /** Digits for letters are a joke or a trick. */
  leetConfidence: 0.6,
  /** One wrong letter is often an honest slip, or another word. */
  typoConfidence: 0.5,
  /** The exact name of a brand: many honest add-ons begin with the product that they extend. */
  claimConfidence: 0.35,
  /** Added where the brand's name stands in a host that is not the brand's. */
  hostBonus: 0.25,
  /** Shorter names stand inside too many honest hosts ("zoom" in "zoominfo"). */
  brandInHostLettersMin: 6,
};
type Options = typeof options;

export const lookalikeApp = defineDetector({
  id: "lookalike-app",
  title: "An app that pretends to be a known product",
  techniques: ["T08"],
  attackType: "credential_theft",
  severity: "high",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const claim = imitation(automation, limits) ?? falseClaim(view, automation, limits);
    if (claim === null) return [];
    return claims(view, automation, claim);
  },
});

interface Claim {
  readonly severity: Severity;
  readonly confidence: number;
  readonly words: string;
}

/** Told each day on which somebody newly lets it in; once, undated, where no record says who did. */
function claims(view: View, automation: Automation, claim: Claim): Evidence[] {
  const { severity, confidence } = claim;
  const arrivals = [...byDay(newGrants(view))];
  if (arrivals.length === 0) {
    const samples = view.timeline.map(({ sample }) => sample).slice(0, 5);
    const explanation = explain(automation, claim, "It is known here");
    return [{ window: null, severity, confidence, explanation, samples }];
  }
  return arrivals.map(([day, entries]) => {
    const people = listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
    return {
      window: dayWindow(day),
      severity,
      confidence,
      explanation: explain(automation, claim, `${people} let it in ${onDay(day)}`),
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    };
  });
}

const DISGUISE: Readonly<Record<Imitation, string>> = {
  homoglyph: "with letters that only look like the right ones",
  invisible: "with invisible characters between its letters",
  leet: "with digits or signs in place of letters",
  typo: "with one letter wrong",
};

/** The name of the app or of its publisher is drawn or spelled almost like a brand. */
function imitation(automation: Automation, limits: Options): Claim | null {
  const { name, publisher, platform, nativeId, isVerified, domains } = automation;
  const context = { platform, nativeId, publisherVerified: isVerified, domains };
  for (const [what, written] of [
    ["name", name],
    ["publisher", publisher],
  ] as const) {
    const match = written === null ? null : lookalike(written, context);
    if (match === null) continue;
    const isDisguise = match.how === "homoglyph" || match.how === "invisible";
    // Colleagues mistype and play; nobody in-house types Cyrillic into "SharePoint".
    if (!isDisguise && automation.isInternal === true) return null;
    const host = imitatingHost(automation, match.brand, limits);
    const base: Severity = isDisguise ? "high" : match.how === "leet" ? "medium" : "low";
    const steps = doubts(automation) + (host === null ? 0 : 1);
    const confidence = isDisguise
      ? limits.disguiseConfidence
      : match.how === "leet"
        ? limits.leetConfidence
        : limits.typoConfidence;
    return {
      severity: shifted(base, Math.min(steps, 2)),
      confidence: Math.min(confidence + (host === null ? 0.05 * steps : limits.hostBonus), 0.97),
      words:
        `its ${what} ${JSON.stringify(written)} shows ${match.brand} ${DISGUISE[match.how]}` +
        (host === null ? "" : `, and its address ${host} borrows the name, too`),
    };
  }
  return null;
}

/** Exactly a brand's name, but its addresses are not the brand's. That alone is common; with reach and doubt it is not. */
function falseClaim(view: View, automation: Automation, limits: Options): Claim | null {
  const { name, domains, isInternal, isVerified } = automation;
  const brand = name === null ? null : claimsBrand(name);
  if (brand === null || isInternal === true || isVerified === true) return null;
  if (ownsBrand(brand, { domains })) return null;
  // Answered by the company itself: an in-house bridge, named after what it bridges to.
  if (domains.length > 0 && domains.every((host) => isOutside(view.org, host) === false))
    return null;
  const isHighReach = isAtLeastTier(automation.reach.tier, "high");
  const host = imitatingHost(automation, brand.name, limits);
  const isElsewhere = domains.length > 0;
  const isUnverified = isVerified === false;
  // Two signs of three, so that neither a reseller's address nor a small publisher's add-on is one by itself.
  const signs = Number(isElsewhere) + Number(isUnverified) + Number(isHighReach);
  if (host === null && (signs < 2 || !(isElsewhere || isUnverified))) return null;
  const severity: Severity = signs === 3 ? "medium" : "low";
  return {
    severity: host === null ? severity : shifted(severity, 1),
    confidence:
      limits.claimConfidence +
      0.1 * Math.max(signs - 2, 0) +
      (host === null ? 0 : limits.hostBonus),
    words: `it calls itself ${JSON.stringify(name)}, a name of ${brand.vendor}, but ${elsewhere(automation, brand, host)}`,
  };
}

function elsewhere({ domains }: Automation, brand: Brand, host: string | null): string {
  if (host !== null) return `its address ${host} only borrows that name`;
  return domains.length > 0
    ? `answers at ${listing(domains)}, not at ${listing(brand.domains, 2) || "an address of that company"}`
    : "its publisher is not verified, which that company's would be";
}

/** One step for an unverified publisher, one for high reach. */
function doubts({ isVerified, reach }: Automation): number {
  return Number(isVerified === false) + Number(isAtLeastTier(reach.tier, "high"));
}

/** A host that is not the brand's but holds its name, spelled right or drawn alike. */
function imitatingHost(
  { domains }: Automation,
  brandName: string,
  { brandInHostLettersMin }: Options,
): string | null {
  const letters = brandName.toLowerCase().replace(/[^a-z0-9]/g, "");
  const brand = claimsBrand(brandName);
  for (const host of domains) {
    if (brand !== null && ownsBrand(brand, { domains: [host] })) continue;
    const isBorrowed =
      letters.length >= brandInHostLettersMin && host.replace(/[^a-z0-9]/g, "").includes(letters);
    const labels = host.split(".").slice(0, -1).join(" ").replaceAll("-", " ");
    if (isBorrowed || lookalike(labels)?.brand === brandName) return host;
  }
  return null;
}

function explain(automation: Automation, { words }: Claim, arrival: string): string {
  const { tier, riskiest } = automation.reach;
  const reach = isAtLeastTier(tier, "high") ? ` It reaches ${listing(riskiest)}.` : "";
  return (
    `${arrival}: ${nameOf(automation)} (${automation.nativeId}) is probably not what it seems, for ${words}.${reach} A real ` +
    "product is spelled right and answers at its maker's address; a borrowed name is made to get a quick yes at the " +
    "consent screen."
  );
}
