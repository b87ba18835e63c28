/** A download spree is told from backups, migrations that somebody repeats, busy apps and people with a new laptop. */

import { HOUR_MS, SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { massDownload } from "./index.ts";

const helper = app("C-helper", { name: "File Helper", isVerified: false });
const backup = app("C-backup", { name: "Nightly Backup", isVerified: true });

function download(
  by: AutomationRef | null,
  day: number,
  known: Partial<AuditEvent> = {},
): AuditEvent {
  return event("google", "download", {
    at: at(day, 2),
    class: "download",
    automation: by,
    ...known,
  });
}

function days(count: number, build: (day: number) => AuditEvent[], from = 0): AuditEvent[] {
  return Array.from({ length: count }, (_, index) => build(from + index)).flat();
}

const quietWeeks = (by: AutomationRef) =>
  days(12, (day) => repeat(8, 60 * SECOND_MS, () => download(by, day)));

testDetector(massDownload, {
  fires: {
    "an unverified app takes 900 files after days of eight": {
      events: [...quietWeeks(helper), ...repeat(900, SECOND_MS, () => download(helper, 13))],
      severityMin: "high",
      confidenceMin: 0.7,
      says: ["900 files", "usual day has 8", "113 times", "not verified"],
    },
    "a verified vendor's app, its keys stolen, takes a hundred times its day": {
      events: [...quietWeeks(backup), ...repeat(6_000, SECOND_MS, () => download(backup, 13))],
      severityMin: "medium",
      confidenceMin: 0.7,
    },
    "the first day of an app that was let in that day": {
      events: [
        event("google", "authorize", {
          at: at(3, 9),
          class: "consent",
          subject: helper,
          change: {
            kind: "granted",
            scopes: [],
            addedScopes: null,
            consent: "user",
            principal: "dana@example.com",
            destination: null,
            detail: null,
          },
        }),
        ...repeat(700, SECOND_MS, () => download(helper, 3, { at: at(3, 10) })),
      ],
      severityMin: "high",
      confidenceMin: 0.3,
      says: ["too few other days", "let in that day"],
    },
    "few files, but 40 GB of them": {
      events: [
        ...days(10, (day) =>
          repeat(4, SECOND_MS, () => download(helper, day, { bytes: 2_000_000 })),
        ),
        ...repeat(40, SECOND_MS, () => download(helper, 11, { bytes: 1_000_000_000 })),
      ],
      severityMin: "high",
      says: ["MiB"],
    },
    "a monthly archive run is told mildly twice, then it is known": {
      events: [
        ...[1, 31, 62, 92].flatMap((day) => repeat(600, SECOND_MS, () => download(backup, day))),
        ...days(80, (day) => repeat(5, SECOND_MS, () => download(backup, day))),
      ],
      findings: 2,
      severityMin: "low",
      says: ["as much once before"],
    },
    "a person's account downloads for an hour at machine speed": {
      events: [
        ...days(10, (day) =>
          repeat(20, 90 * SECOND_MS, () => download(null, day, { at: at(day, 9) })),
        ),
        ...repeat(4_000, 800, () => download(null, 11, { at: at(11, 9) })),
      ],
      severityMin: "medium",
      confidenceMin: 0.4,
      says: ["dana", "machine"],
    },
  },
  quiet: {
    "a migration that puts in what it takes out": {
      events: [
        ...quietWeeks(helper).flatMap((one) => [
          one,
          { ...one, action: "create", class: "create" as const },
        ]),
        ...repeat(150, 60 * SECOND_MS, () => download(helper, 13)),
        ...repeat(150, 61 * SECOND_MS, () => download(helper, 13, { class: "create" })),
      ],
    },
    "a nightly backup of ten thousand files": {
      events: days(8, (day) => repeat(2_000 + day * 40, SECOND_MS, () => download(backup, day))),
    },
    "a busy day: three times the usual": {
      events: [
        ...days(10, (day) => repeat(60, SECOND_MS, () => download(helper, day))),
        ...repeat(200, SECOND_MS, () => download(helper, 11)),
      ],
    },
    "an app of very uneven days": {
      events: [5, 400, 30, 900, 12, 350, 80, 700, 20, 600].flatMap((times, day) =>
        repeat(times, SECOND_MS, () => download(helper, day)),
      ),
    },
    "downloads that were all denied": {
      events: [
        ...quietWeeks(helper),
        ...repeat(900, SECOND_MS, () => download(helper, 13, { outcome: "denied" })),
      ],
    },
    "a person downloads 300 files for an audit by hand": {
      events: [
        ...days(6, (day) => repeat(3, SECOND_MS, () => download(null, day, { at: at(day, 9) }))),
        ...repeat(300, 20 * SECOND_MS, () => download(null, 8, { at: at(8, 9) })),
      ],
    },
    "uploads are heavy, downloads are few": {
      events: [
        ...days(6, (day) => repeat(3, SECOND_MS, () => download(helper, day))),
        ...repeat(300, SECOND_MS, () =>
          download(helper, 8, { class: "create", action: "upload", bytes: 200_000_000 }),
        ),
        ...repeat(4, SECOND_MS, () => download(helper, 8)),
      ],
    },
    "the platform vendor's own client": {
      events: repeat(2_000, SECOND_MS, () =>
        event("microsoft", "FileDownloaded", {
          at: at(3, 2),
          class: "download",
          actor: { ...event("microsoft", "x", {}).actor, kind: "system", id: "microsoft" },
          automation: app("00000003-0000-0ff1-ce00-000000000000", {
            name: "SharePoint",
            ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
          }),
        }),
      ),
    },
  },
  evasions: {
    "ninety files a day for a month": {
      events: days(20, (day) => repeat(90, SECOND_MS, () => download(helper, day))),
      isCaught: false,
    },
    "the same amount in four bursts over a day": {
      events: [
        ...quietWeeks(helper),
        ...[0, 6, 12, 18].flatMap((hour) =>
          repeat(225, SECOND_MS, (index) =>
            download(helper, 13, {
              at: at(13) - 10 * HOUR_MS + hour * HOUR_MS,
              target: { type: "file", id: `f-${hour}-${index}`, name: null },
            }),
          ),
        ),
      ],
      isCaught: true,
    },
  },
});
