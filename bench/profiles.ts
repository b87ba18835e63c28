/** What many automations over a month take once their events are folded: `node bench/profiles.ts [--automations 10000]`. */

import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { prng } from "#base/prng.ts";
import { MINUTE_MS } from "#base/time.ts";
import { automationRef } from "#contract/automation.ts";
import { ACTION_CLASSES, type AuditEvent, auditEvent, person } from "#contract/event.ts";
import { newObservations, observe } from "#engine/observe.ts";
import { encodeProfile } from "#engine/profile/codec.ts";

const { values } = parseArgs({ options: { automations: { type: "string", default: "10000" } } });
const AUTOMATIONS = Number(values.automations);
const DAYS = 30;
const SEED = 9;
const START = Date.UTC(2026, 4, 4);
/** Most automations do a little every day, and one in fifty works all day. */
const QUIET_EVENTS = 12;
const BUSY_EVENTS = 400;
/** The promise: a month of ten thousand automations fits into tens of megabytes. */
const STORED_BYTES_MAX = 100e6 * (AUTOMATIONS / 10_000);

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
const random = prng(SEED);
collect();
const before = process.memoryUsage();
const seen = newObservations();
let events = 0;
for (let index = 0; index < AUTOMATIONS; index++) {
  const times = index % 50 === 0 ? BUSY_EVENTS : QUIET_EVENTS;
  for (let i = 0; i < times * DAYS; i++) observe(seen, eventOf(index, i % DAYS));
}
collect();
const after = process.memoryUsage();
let days = 0;
let stored = 0;
for (const { profiles } of seen.tracks.values()) {
  for (const profile of profiles.values()) {
    days++;
    stored += encodeProfile(profile).byteLength;
  }
}
const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
print(`${AUTOMATIONS} automations, ${days} days of theirs, ${events} events`);
print(`stored   ${mb(stored)}, ${Math.round(stored / days)} bytes a day`);
print(`in scan  ${mb(held)} with samples, ${Math.round(held / days)} bytes a day`);
if (days !== AUTOMATIONS * DAYS) fail(`${AUTOMATIONS * DAYS} days were to be folded`);
if (stored > STORED_BYTES_MAX) fail(`more than ${mb(STORED_BYTES_MAX)} stored`);

/** What an integration leaves: a few classes, its own cloud, files of some people. */
function eventOf(index: number, day: number): AuditEvent {
  events++;
  const app = automationRef("oauth_app", `app-${index}`, { name: `App ${index}` });
  return auditEvent("google", "google:drive", ["view", "edit", "download"][events % 3] ?? "view", {
    id: `e${events}`,
    at: START + (day * 1_440 + random.int(420, 1_199)) * MINUTE_MS,
    class: ACTION_CLASSES[1 + (events % 3)] ?? "read",
    actor: person(`p${random.int(0, 4)}@example.com`, null),
    automation: app,
    target: { type: "file", id: `f${random.int(0, 9_999)}`, name: null },
    client: { ip: `198.51.100.${index % 200}`, asn: "64500", country: "NL", userAgent: "sync/2" },
    outcome: "success",
  });
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(why: string): void {
  process.exitCode = 1;
  print(`FAILED: ${why}`);
}
