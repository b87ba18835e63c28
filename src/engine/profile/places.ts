/** Where a session was used from: a few places in one short text, since most sessions have one and a day has many. */

import { hash32 } from "#base/hash.ts";
import { compareText } from "#base/order.ts";
import type { Client } from "#contract/event.ts";
import { networkOf } from "./origin.ts";
import type { Profile } from "./profile.ts";

/** Places of one session that are kept; two are news already. */
const PLACES_MAX = 8;

/** A place as far as the record tells it; what it leaves out is "". */
export interface Place {
  readonly network: string;
  readonly asn: string;
  readonly country: string;
}

/** So many different clients are remembered, so that the texts of their places are made once. */
const KNOWN_MAX = 4_096;
const known = new Map<string, string>();

/** The place of a client as a text; null without an address. */
export function placeOf({ ip, asn, country }: Client): string | null {
  if (ip === null) return null;
  const key = `${ip}|${asn ?? ""}|${country ?? ""}`;
  const held = known.get(key);
  if (held !== undefined) return held;
  const network = networkOf(ip);
  if (network === null) return null;
  const place = [network, asn ?? "", country ?? ""].map(plain).join("|");
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, place);
  return place;
}

/** Without the two characters that hold places together. */
function plain(part: string): string {
  return part.replace(/[|\n]/g, " ");
}

/**
 * Joins two texts of places. Kept are those whose hash is smallest, so that the outcome depends on the set of places
 * alone.
 */
export function joinPlaces(held: string | undefined, more: string): string {
  if (held === undefined || held === more) return more;
  const all = new Set([...held.split("\n"), ...more.split("\n")]);
  const ranked = [...all].sort((a, b) => hash32(a) - hash32(b) || compareText(a, b));
  return ranked.slice(0, PLACES_MAX).join("\n");
}

/** The places of a text, in no order that means anything. */
export function placesIn(text: string): Place[] {
  return text.split("\n").map((line) => {
    const [network = "", asn = "", country = ""] = line.split("|");
    return { network, asn, country };
  });
}

/** Where an actor was on a day, as keys that tell networks, providers and countries apart. */
export function placesOf({ networks, asns, countries }: Profile): string[] {
  return [
    ...[...(networks ?? [])].map(networkKey),
    ...[...(asns ?? [])].map(asnKey),
    ...[...(countries ?? [])].map(countryKey),
  ];
}

export function networkKey(network: string): string {
  return `network ${network}`;
}

export function asnKey(asn: string): string {
  return `provider ${asn}`;
}

export function countryKey(country: string): string {
  return `country ${country}`;
}
