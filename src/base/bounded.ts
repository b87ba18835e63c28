/** Collections that outsiders could grow without end, kept to a fixed size in a way that does not depend on order. */

import { hash32 } from "./hash.ts";
import { compareText } from "./order.ts";

/**
 * Drops all but the `max` keys whose hash is smallest, once there are twice as many. What is kept is a function of the
 * set of keys ever added: a key among the smallest of all is among the smallest of any part, so it is never dropped.
 */
export function bound(keys: Set<string> | Map<string, unknown>, max: number): void {
  if (keys.size > 2 * max) trim(keys, max);
}

/** Drops all but the `max` keys whose hash is smallest now; readers call it, so that what they see is exact. */
export function trim(keys: Set<string> | Map<string, unknown>, max: number): void {
  if (keys.size <= max) return;
  const ranked = [...keys.keys()].map((key) => ({ key, hash: hash32(key) }));
  ranked.sort((a, b) => a.hash - b.hash || compareText(a.key, b.key));
  for (const { key } of ranked.slice(max)) keys.delete(key);
}
