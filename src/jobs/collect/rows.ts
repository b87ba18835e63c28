/** Events and facts as the store keeps them: with keys that are the same on every machine. */

import { createHash } from "node:crypto";
import { dayOf } from "#base/time.ts";
import { factIdentityOf, type StateFact } from "#contract/automation.ts";
import { type AuditEvent, identityOf } from "#contract/event.ts";
import { automationKey } from "#engine/observe.ts";
import type { EventRow } from "#store/audit-events.ts";

const KEY_BYTES = 16;

/** `source` is the upload's or connection's id. */
export function eventRow(event: AuditEvent, source: string): EventRow {
  const { platform, automation, subject } = event;
  return {
    eventKey: keyOf(identityOf(event)),
    day: dayOf(event.at),
    at: event.at,
    platform,
    service: event.service,
    action: event.action,
    actor: event.actor.id,
    automationKey: automation === null ? null : automationKey(platform, automation.nativeId),
    subjectKey: subject === null ? null : automationKey(platform, subject.nativeId),
    source,
    line: event.ref.line,
    body: JSON.stringify(event),
  };
}

export function factKey(fact: StateFact): Uint8Array {
  return keyOf(factIdentityOf(fact));
}

function keyOf(identity: string): Uint8Array {
  return createHash("sha256").update(identity).digest().subarray(0, KEY_BYTES);
}
