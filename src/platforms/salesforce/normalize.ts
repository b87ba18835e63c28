/** Salesforce records to audit events: which of the three shapes a record has, and who reads it. */

import type { Raw } from "#base/raw.ts";
import type { AuditEvent } from "#contract/event.ts";
import { stateService } from "./inventory.ts";
import { row, rowService } from "./rows.ts";
import { isSetupRow, SETUP_SERVICE, setupEvent } from "./setup.ts";
import { streamEvent, streamService } from "./stream.ts";

export function detect(raw: Raw): string | null {
  if ("EVENT_TYPE" in raw) return rowService(raw);
  if (isSetupRow(raw)) return SETUP_SERVICE;
  return streamService(raw) ?? stateService(raw);
}

export function normalize(raw: Raw, service: string): AuditEvent[] {
  if (service === SETUP_SERVICE) return [setupEvent(raw)];
  if (service.startsWith("salesforce:rtem_")) return [streamEvent(raw, service)];
  return [row(raw, service)];
}
