/** What a log's reader says about one event, beyond what every activity has. */

import { mailDomain } from "#base/host.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { ActionClass, Actor, Change, Outcome, Target, Trait } from "#contract/event.ts";
import type { Activity, Entry } from "./activity.ts";
import { type Params, param } from "./params.ts";

/** Fields that are absent keep what the activity itself says. */
export interface Reading {
  class: ActionClass;
  automation?: AutomationRef | null;
  subject?: AutomationRef | null;
  target?: Target | null;
  change?: Change | null;
  outcome?: Outcome;
  bytes?: number;
  count?: number;
  ip?: string | null;
  userAgent?: string | null;
  traits?: Readonly<Partial<Record<Trait, boolean>>>;
}

/** One log's reader. `actor` is who the activity says it was. */
export type Reader = (entry: Entry, activity: Activity, actor: Actor) => Reading;

/** A target with an id; null when the event names none. */
export function targetOf(
  type: string,
  id: string | null,
  name: string | null = null,
): Target | null {
  return id === null ? null : { type: type.slice(0, 64), id, name };
}

/** Whether an address or domain lies outside the domain of the tenant, as far as the record tells; null if it does not. */
export function isOutside(who: string | null, activity: Activity, actor: Actor): boolean | null {
  if (who === null) return null;
  const own = activity.ownerDomain ?? mailDomain(actor.id);
  const theirs = who.includes("@") ? mailDomain(who) : who.toLowerCase();
  if (own === null || theirs === null) return null;
  return theirs !== own && !theirs.endsWith(`.${own}`) && !own.endsWith(`.${theirs}`);
}

/** The first parameter that usually names what an event of an unknown kind is about. */
export function anyTarget(params: Params): Target | null {
  for (const [type, id, name] of TARGETS) {
    const found = param(params, id);
    if (found !== null) return { type, id: found, name: param(params, name) };
  }
  return null;
}

const TARGETS: readonly (readonly [type: string, id: string, name: string])[] = [
  ["file", "doc_id", "doc_title"],
  ["calendar_event", "event_id", "event_title"],
  ["calendar", "calendar_id", "calendar_title"],
  ["group", "group_email", "group_name"],
  ["group", "group_id", "group_email"],
  ["asset", "asset_id", "asset_name"],
  ["app", "app_id", "application_name"],
  ["extension", "extension_id", "extension_name"],
  ["user", "user_email", "user_nickname"],
  ["user", "affected_email_address", "login_type"],
  ["message", "message_id", "subject"],
  ["room", "room_id", "room_name"],
  ["meeting", "conference_id", "meeting_code"],
  ["note", "note_name", "note_name"],
  ["device", "device_id", "device_model"],
  ["resource", "resource_id", "resource_title"],
  ["matter", "matter_id", "name"],
  ["setting", "setting_name", "user_defined_setting_name"],
  ["app", "application_name", "application_name"],
];
