/** Finds new or loosened connections of AI assistants to tools: MCP servers added, moved, opened up or let in without sign-in. */

import { mcpServer } from "#catalog/mcp.ts";
import { vendorOfHost } from "#catalog/vendors.ts";
import { ACTION_CLASSES } from "#contract/event.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import {
  because,
  byDay,
  isGuest,
  isPrivileged,
  isSame,
  nameOf,
  type Reason,
  severityAt,
  succeeded,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, onDay } from "#engine/detectors/window.ts";
import { isOutside } from "#engine/inventory/org.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Points from which each severity starts: any change 2, loosened 1, moved elsewhere 3, host unknown 1 or own -1, odd host 1-2, actor -1 to 2. */
  low: 2,
  /** One sign beside the change: somebody who does not usually do it, or an address that is odd. */
  medium: 3,
  /** Two such signs, or code that runs on the machine. */
  high: 5,
  /** After that many earlier days of changing a connector, somebody looks after it. */
  regularDaysMin: 2,
};
type Options = typeof options;

export const mcpConnectorChanged = defineDetector({
  id: "mcp-connector-changed",
  title: "Connection of an AI to tools added or loosened",
  techniques: ["T54"],
  attackType: "ai_abuse",
  severity: "low",
  platforms: "all",
  // Some records name no connector; then they stand with the person who did it.
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    const changes = view.timeline.filter(
      (entry) => entry.change.kind === "mcp_changed" && succeeded(entry),
    );
    const opening = changes.filter((entry) => movesOf(entry) !== "closes");
    return [...byDay(opening)].flatMap(([day, entries]) => {
      const before = changes.filter((entry) => entry.day < day);
      return judge(view, day, entries, before, limits);
    });
  },
});

/** What the record does to the connector, as far as its words tell. */
type Move = "adds" | "loosens" | "changes" | "closes";

const CLOSING =
  /(^|[^a-z])(deleted|removed|disabled|revoked|disconnected|uninstalled|unpublished|blocked)([^a-z]|$)/i;
/** A guard taken away opens. */
const UNGUARDING =
  /(^|[^a-z])(auth|acl|policy|firewall)[^a-z]+(deleted|removed|disabled)([^a-z]|$)/i;
/** Using a connector is no change of it. */
const USING = /(^|[^a-z])(exchanged|called|read|opened|sent|viewed|accessed|listed)([^a-z]|$)/i;
const ADDING =
  /(^|[^a-z])(added|created|enabled|published|connected|reconnected|granted|registered|allowlisted)([^a-z]|$)/i;
const GUARDING =
  /(^|[^a-z])(acl|auth|permissions?|polic(y|ies)|access|allowlist|firewall)([^a-z]|$)/i;
/** Words in a detail that say who or what may more, and who may less. */
const MORE =
  /\b(all|any|anyone|everyone|always[ _]?allow\w*|allow(ed)?|public|none|anonymous|no[ _](limit|auth\w*))\b/i;
const LESS =
  /\b(ask|needs?[ _]approval|den(y|ied)|block(ed)?|never|disabled?|restrict(ed)?|read[ _]?only)\b/i;
/** Fields that change how a connector looks, not what it does. */
const COSMETIC =
  /^((display_?)?name|title|description|icon|logo|instructions?)(, ((display_?)?name|title|description|icon|logo))*$/i;

function movesOf({ action, change, sample }: TimelineEntry): Move {
  const detail = change.detail === action ? "" : (change.detail ?? "");
  if (UNGUARDING.test(action)) return "loosens";
  const kind = ACTION_CLASSES[sample.classIndex];
  if (kind === "uninstall" || CLOSING.test(action) || USING.test(action)) return "closes";
  if (COSMETIC.test(detail)) return "closes";
  if (kind === "install" || ADDING.test(action)) return "adds";
  const isGuard = GUARDING.test(action) || GUARDING.test(detail);
  const isMore = MORE.test(detail);
  if (LESS.test(detail) && !isMore) return "closes";
  return isGuard && isMore ? "loosens" : "changes";
}

function judge(
  view: View,
  day: number,
  entries: readonly TimelineEntry[],
  before: readonly TimelineEntry[],
  limits: Options,
): Evidence[] {
  const moves = entries.map(movesOf);
  const isAdded = moves.includes("adds");
  const reasons: Reason[] = [
    moveReason(moves, entries),
    movedReason(entries, before),
    hostReason(view),
    ...entries.flatMap(addressReason).slice(0, 1),
    actorReason(view, entries, before, limits),
  ];
  const severity = severityAt(total(reasons), limits);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(day),
      severity,
      confidence: Math.min(0.3 + 0.08 * total(reasons), 0.85),
      title: isAdded ? "AI connector added" : "AI connector changed",
      explanation: explain(view, entries, day, reasons),
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

function moveReason(moves: readonly Move[], entries: readonly TimelineEntry[]): Reason {
  if (moves.includes("loosens")) {
    const detail = entries.map(({ change }) => change.detail).find((text) => text !== null);
    return {
      points: 3,
      words: `what it may do, or who may use it, was loosened (${detail ?? "no detail"})`,
    };
  }
  if (moves.includes("adds"))
    return { points: 2, words: "it is a new way from the assistant to outside tools" };
  const isGuard = entries.some(({ action }) => GUARDING.test(action));
  return {
    points: 2,
    words: isGuard
      ? "its sign-in or its rules of access were changed, and the record does not say to what"
      : "it was changed after it had been let in",
  };
}

/** The name stays, the address goes elsewhere: every approval of the old one now serves the new one. */
function movedReason(entries: readonly TimelineEntry[], before: readonly TimelineEntry[]): Reason {
  let old = before
    .map(({ change }) => siteOf(change.destination))
    .findLast((site) => site !== null);
  for (const { change } of entries) {
    const now = siteOf(change.destination);
    if (now === null) continue;
    if (old != null && old !== now)
      return { points: 3, words: `it was moved from ${old} to ${now}` };
    old = now;
  }
  return { points: 0, words: "" };
}

function hostReason({ automation, org }: View): Reason {
  if (automation === null || automation.domains.length === 0) return { points: 0, words: "" };
  const { domains, name } = automation;
  if (domains.every((host) => isOutside(org, host) === false)) {
    return { points: -1, words: "it answers at the company's own address" };
  }
  const strange = domains.find(
    (host) => vendorOfHost(host) === null && isOutside(org, host) !== false,
  );
  const isListed = name !== null && mcpServer(name) !== null;
  return strange === undefined || isListed
    ? { points: 0, words: "" }
    : { points: 1, words: `${strange} belongs to no known vendor` };
}

/** Tunnels to somebody's laptop, and addresses that are bare numbers. */
const MAKESHIFT =
  /(^|\.)(ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|loca\.lt|serveo\.net|pinggy\.link|localhost\.run)$|^\d+(\.\d+){3}$/;

function addressReason({ change }: TimelineEntry): Reason[] {
  const { destination } = change;
  if (destination === null || !URL.canParse(destination)) return [];
  const { protocol, hostname } = new URL(destination);
  if (MAKESHIFT.test(hostname)) {
    return [{ points: 2, words: `${hostname} is a makeshift address, not a server's` }];
  }
  return protocol === "http:" ? [{ points: 1, words: "it is reached without encryption" }] : [];
}

function actorReason(
  view: View,
  entries: readonly TimelineEntry[],
  before: readonly TimelineEntry[],
  { regularDaysMin }: Options,
): Reason {
  const actors = entries.map(({ actor }) => actor);
  const guest = actors.find((actor) => isGuest(view, actor));
  if (guest !== undefined) return { points: 2, words: `${who(guest)} is a guest` };
  const lay = actors.find((actor) => isPrivileged(view, actor) === false);
  if (lay !== undefined)
    return { points: 1, words: `${who(lay)} is not known as an administrator` };
  const isRegular = actors.every((actor) => {
    const days = before.filter((entry) => isSame(entry.actor, actor.id)).map(({ day }) => day);
    return actor.id !== "" && new Set(days).size >= regularDaysMin;
  });
  return isRegular
    ? { points: -1, words: "the same person has looked after it before" }
    : { points: 0, words: "" };
}

/** `api.example.com` and `mcp.example.com` are one site. */
function siteOf(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  return /^\d+(\.\d+){3}$/.test(hostname) ? hostname : hostname.split(".").slice(-2).join(".");
}

function explain(
  view: View,
  entries: readonly TimelineEntry[],
  day: number,
  reasons: readonly Reason[],
): string {
  const actor = entries[0] === undefined ? "Somebody" : who(entries[0].actor);
  const connector =
    view.automation === null
      ? "a connector that the record does not name"
      : nameOf(view.automation);
  const actions = [...new Set(entries.map(({ action }) => action))].sort().join(", ");
  return (
    `${actor} added or changed ${connector} ${onDay(day)} (${actions}). Connectors of AI assistants change seldom, and by the people ` +
    `who run them. ${because(reasons)} What such a server answers is read by the assistant as if it were true, and what ` +
    "the assistant may call, a text that it reads can call, too."
  );
}
