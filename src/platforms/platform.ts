/** What every platform offers to the rest of the house: recognising its records and turning them into our words. */

import type { Raw } from "#base/raw.ts";
import type { StateFact } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import type { Platform } from "#contract/platform.ts";

/** One log or state export that a platform understands, as `singura formats` shows it. */
export interface Service {
  /** `slack:audit`, `google:token`, `entra:SignInLogs` … A trailing `*` stands for every service of that family. */
  id: string;
  title: string;
  /** `events`: an audit log, read by normalize. `state`: an inventory call or export, read by inventory. */
  holds: "events" | "state";
  /** Where an administrator gets it: the vendor's API call or the console's menu path. */
  from: string;
  /** One invented record in the vendor's own shape. It must be recognised as this service; a test proves it. */
  example: Raw;
}

/** One vendor's door. All functions are total: any JSON object gives an answer and nothing throws. */
export interface PlatformAdapter {
  id: Platform;
  title: string;
  services: readonly Service[];
  /**
   * The service whose record this is, or null when it is not this platform's. Recognised by content alone.
   * `key` is the name of the list that the record stood in (`entries`, `approved_apps` …), null when it stood alone.
   * At most one platform may claim any record.
   */
  detect(raw: Raw, key: string | null): string | null;
  /** Events of one record of an `events` service: at least one, in the record's own order. `ref` is set by the reader. */
  normalize(raw: Raw, service: string): AuditEvent[];
  /** Facts of one record of a `state` service: at least one. */
  inventory(raw: Raw, service: string): StateFact[];
}
