/** Hosts that anybody can have in a minute: tunnels, request catchers, throw-away domains and bare addresses. */

const ODD =
  /(^|\.)(ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|loca\.lt|serveo\.net|localhost\.run|webhook\.site|requestbin\.com|requestcatcher\.com|beeceptor\.com|interact\.sh|oast\.\w+|burpcollaborator\.net|pipedream\.net|workers\.dev|pages\.dev|glitch\.me|repl\.co|onrender\.com|duckdns\.org|no-ip\.\w+|ddns\.net|top|xyz|tk|icu|buzz|click)$/i;

/** Whether a host is one that is no sign of who is behind it. */
export function isOddHost(host: string): boolean {
  return ODD.test(host) || /^[\d.]+$/.test(host) || host.includes(":");
}
