/** Where a client sits and what it is, in words short enough to compare day by day: its network and the family of its agent. */

/** `192.0.2.0/24` or `2001:db8:1::/48`: what one place of one provider mostly shares. Null for what is no address. */
export function networkOf(ip: string): string | null {
  const last = ip.lastIndexOf(".");
  const colon = ip.indexOf(":");
  if (last > 0 && colon < 0) return `${ip.slice(0, last)}.0/24`;
  // An IPv4 address in IPv6's clothes.
  if (last > 0) return networkOf(ip.slice(ip.lastIndexOf(":") + 1));
  if (colon < 0) return null;
  const [head = ""] = ip.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  return `${groups.slice(0, 3).join(":").toLowerCase()}::/48`;
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bedg(?:e|a|ios)?\//i, "Edge"],
  [/\bopr\//i, "Opera"],
  [/\bfirefox\/|\bfxios\//i, "Firefox"],
  [/\bchrom(?:e|ium)\/|\bcrios\//i, "Chrome"],
  [/\bversion\/[\d.]+ (?:mobile\/\S+ )?safari\//i, "Safari"],
];

/** So many different agents are remembered; real logs have some hundreds. */
const KNOWN_MAX = 4_096;
const known = new Map<string, string>();

/**
 * The product without its version, in lower case: `python-requests`, `slackbot`, `browser chrome`. Versions change with every
 * update, families seldom do.
 */
export function agentFamily(userAgent: string): string {
  const held = known.get(userAgent);
  if (held !== undefined) return held;
  const family = familyOf(userAgent);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(userAgent, family);
  return family;
}

function familyOf(userAgent: string): string {
  if (/^mozilla\//i.test(userAgent)) {
    const compatible = /\(compatible; ?([A-Za-z][\w .-]{0,40}?)[/;)]/.exec(userAgent)?.[1];
    if (compatible !== undefined && !/^msie/i.test(compatible))
      return compatible.toLowerCase().trim();
    const own = /\b(slack|teams|electron|outlook|onedrive|headlesschrome)\b[/_ ]/i.exec(
      userAgent,
    )?.[1];
    if (own !== undefined) return own.toLowerCase();
    const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
    return browser === undefined ? "browser" : `browser ${browser.toLowerCase()}`;
  }
  const product = /^[\s"']*([^\s/(;,"']{1,48})/.exec(userAgent)?.[1] ?? "";
  return product.toLowerCase().replace(/[-_ ]?v?\d[.\d]*$/, "") || "unnamed";
}
