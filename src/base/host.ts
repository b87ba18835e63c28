/** Host names out of URLs and e-mail addresses that vendors write in records. */

import { text } from "./raw.ts";

/** Lower-case host name of a URL; null for anything that is no absolute URL with a host. */
export function hostOf(url: unknown): string | null {
  const written = text(url, 2_048);
  if (written === null || !URL.canParse(written)) return null;
  const host = new URL(written).hostname.toLowerCase();
  return host === "" || host.length > 253 ? null : host;
}

/** Host names of several URLs, without repeats, in the order given. */
export function hostsOf(urls: readonly unknown[]): string[] {
  const found = new Set<string>();
  for (const url of urls) {
    const host = hostOf(url);
    if (host !== null) found.add(host);
  }
  return [...found];
}

/** Lower-case domain of an e-mail address; null for anything else. */
export function mailDomain(address: unknown): string | null {
  const written = text(address, 320);
  if (written === null) return null;
  const at = written.lastIndexOf("@");
  const domain = written.slice(at + 1).toLowerCase();
  return at > 0 && /^[a-z0-9.-]+\.[a-z0-9-]+$/.test(domain) ? domain : null;
}
