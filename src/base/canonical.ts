/** One spelling for equal JSON: keys sorted, no white space, so that a record without an id has the same digest in any export. */

import { isObject } from "./raw.ts";

/** Nesting past which a record is not canonicalised but taken by its bytes; real audit records stay below 20. */
const DEPTH_MAX = 200;

/** Canonical JSON text, or null when the value nests deeper than 200 levels. */
export function canonical(value: unknown): string | null {
  const out: string[] = [];
  return write(value, out, 0) ? out.join("") : null;
}

function write(value: unknown, out: string[], depth: number): boolean {
  if (depth > DEPTH_MAX) return false;
  if (Array.isArray(value)) {
    out.push("[");
    for (let i = 0; i < value.length; i++) {
      if (i > 0) out.push(",");
      if (!write(value[i], out, depth + 1)) return false;
    }
    out.push("]");
    return true;
  }
  if (!isObject(value)) {
    out.push(JSON.stringify(value ?? null));
    return true;
  }
  out.push("{");
  let first = true;
  for (const key of Object.keys(value).sort()) {
    if (!first) out.push(",");
    first = false;
    out.push(JSON.stringify(key), ":");
    if (!write(value[key], out, depth + 1)) return false;
  }
  out.push("}");
  return true;
}
