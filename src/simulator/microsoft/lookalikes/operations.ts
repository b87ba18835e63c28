/** Honest automations that suddenly do much, or do it from elsewhere. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, type Person } from "#simulator/company.ts";
import { cloudPlace, neighbour } from "#simulator/microsoft/places.ts";
import { opened, reachesPeople } from "#simulator/microsoft/reach.ts";
import {
  type App,
  appNamed,
  deskOf,
  type Place,
  SHAREPOINT,
} from "#simulator/microsoft/records/common.ts";
import { consent, principalAdded, roleGranted } from "#simulator/microsoft/records/directory.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import { fileWork, mailRead } from "#simulator/microsoft/records/unified.ts";
import {
  type Beat,
  byAutomation,
  dayOf,
  each,
  inOffice,
  once,
  played,
  someAdmin,
  somePeople,
  takeMember,
} from "#simulator/microsoft/scene.ts";
import { grantRow, list, principalRow, roleRow } from "#simulator/microsoft/state.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";

const NIGHTS_MAX = 40;

/** IT buys a backup: from one night to the next everything is read, and every night again. */
const backupStarts: Scenario = {
  id: "ms-backup-starts",
  title: "A new backup, let in by IT, reads every mailbox each night",
  platform: "microsoft",
  attackType: null,
  techniques: ["T02", "T28", "T30", "T72"],
  stage: (setting) => {
    const { company, rng } = setting;
    const app = bought(setting, "Vaultline Backup", [
      "Mail.Read",
      "Files.Read.All",
      "User.Read.All",
    ]);
    const admin = someAdmin(setting);
    const at = inOffice(setting, dayOf(setting), admin.office);
    const place = cloudPlace(rng);
    const beats = approved(setting, app, admin, at);
    const first = Math.floor(at / DAY_MS) * DAY_MS + DAY_MS;
    for (let night = 0; night < NIGHTS_MAX; night++) {
      const start = local(first + night * DAY_MS, admin.office, 1, rng.int(0, 5));
      // The first run takes all, the later ones what is new.
      const count = night === 0 ? 420 : rng.int(70, 110);
      beats.push(
        once(start - 2_000, (draws, now) => appSignIn(company, draws, now, { app, place })),
      );
      const moments = Array.from(
        { length: count },
        (_, index) => start + index * rng.int(6_000, 20_000),
      );
      beats.push(
        ...each(moments, (draws, now) => {
          const box = draws.pick(company.people);
          return draws.chance(0.3)
            ? mailRead(company, draws, now, app, { place, via: null, items: draws.int(1, 20), box })
            : graphCall(company, draws, now, {
                app,
                place,
                uri: `/users/${box.entraId}/messages/delta`,
                bytes: draws.int(20_000, 700_000),
              });
        }),
      );
    }
    return played(setting, owned(setting, app, at), beats);
  },
};

/** The scanner of a data loss product opens every file once before it only follows changes. */
const dlpRollout: Scenario = {
  id: "ms-dlp-rollout",
  title: "A data loss product looks at every file for the first time",
  platform: "microsoft",
  attackType: null,
  techniques: ["T28", "T29"],
  stage: (setting) => {
    const { company, rng } = setting;
    const app = bought(setting, "Contentry DLP", ["Sites.Read.All", "Files.Read.All"]);
    const admin = someAdmin(setting);
    const at = inOffice(setting, dayOf(setting), admin.office);
    const place = cloudPlace(rng);
    const moments: number[] = [];
    for (let day = 0; day < 6; day++) {
      const start = at + HOUR_MS + day * DAY_MS;
      for (let i = 0; i < 260 - 35 * day; i++)
        moments.push(start + Math.floor(20 * HOUR_MS * rng.next()));
    }
    return played(setting, owned(setting, app, at), [
      ...approved(setting, app, admin, at),
      ...hourly(at + HOUR_MS, 120).map((now) =>
        once(now, (draws, when) =>
          appSignIn(company, draws, when, { app, place, resource: SHAREPOINT }),
        ),
      ),
      ...each(moments, (draws, now) =>
        fileWork(company, draws, now, app, {
          operation: draws.chance(0.7) ? "FileAccessed" : "FileDownloaded",
          place,
        }),
      ),
    ]);
  },
};

/** A file server moves to SharePoint: a week of uploads day and night, weekend included. */
const migrationWeek: Scenario = {
  id: "ms-migration-week",
  title: "A migration tool copies a file server for a week",
  platform: "microsoft",
  attackType: null,
  techniques: ["T69", "T72", "T73"],
  stage: (setting) => {
    const { company, rng } = setting;
    const app = bought(setting, "Movewell Migrator", ["Sites.ReadWrite.All", "User.Read.All"]);
    const admin = someAdmin(setting);
    const at = inOffice(setting, dayOf(setting), admin.office);
    const place = rng.chance(0.5)
      ? cloudPlace(rng)
      : { ...deskOf(admin), userAgent: "Movewell/4.2" };
    const moments: number[] = [];
    for (let day = 0; day < 6; day++) {
      const start = at + 2 * HOUR_MS + day * DAY_MS;
      for (let i = 0; i < 320; i++) moments.push(start + Math.floor(23 * HOUR_MS * rng.next()));
    }
    return played(setting, owned(setting, app, at), [
      ...approved(setting, app, admin, at),
      ...hourly(at + HOUR_MS, 130).map((now) =>
        once(now, (draws, when) =>
          appSignIn(company, draws, when, { app, place, resource: SHAREPOINT }),
        ),
      ),
      ...each(moments, (draws, now) =>
        fileWork(company, draws, now, app, {
          operation: draws.pick(["FileUploaded", "FileUploaded", "FileModified", "FileRenamed"]),
          place,
          site: "Projects",
        }),
      ),
    ]);
  },
};

/** A release day: the pipeline does in an hour what it does in two weeks otherwise. */
const pipelineBurst: Scenario = {
  id: "ms-pipeline-burst",
  title: "A build pipeline bursts on a release day",
  platform: "microsoft",
  attackType: null,
  techniques: ["T29", "T73"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) => trade.behaviour === "pipeline");
    if (member === null) return null;
    const place = rng.pick(member.places);
    const at = inOffice(setting, dayOf(setting), member.owner.office);
    const count = Math.round(150 + member.perDay * 10);
    const moments = Array.from(
      { length: count },
      () => at + Math.floor(80 * MINUTE_MS * rng.next()),
    );
    const { app } = member;
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      once(at - 1_500, (draws, now) => appSignIn(company, draws, now, { app, place })),
      ...each(
        moments.sort((a, b) => a - b),
        (draws, now) =>
          graphCall(company, draws, now, {
            app,
            place,
            uri: draws.pick(["/groups?$filter=displayName", "/applications", "/servicePrincipals"]),
            bytes: draws.int(900, 40_000),
            status: draws.chance(0.03) ? 429 : 200,
          }),
      ),
    ]);
  },
};

/** The books are closed: one service principal takes all of Finance's files in an evening. */
const financeClose: Scenario = {
  id: "ms-finance-close",
  title: "The finance export runs through the night before the books close",
  platform: "microsoft",
  attackType: null,
  techniques: ["T28", "T72"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) => trade.behaviour === "month-end");
    if (member === null) return null;
    const place = rng.pick(member.places);
    const day = dayOf(setting);
    const at = local(day.start, member.owner.office, 20, rng.int(0, 50));
    const moments = Array.from({ length: 180 }, () => at + Math.floor(5 * HOUR_MS * rng.next()));
    const { app } = member;
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...hourly(at - 2_000, 5).map((now) =>
        once(now, (draws, when) =>
          appSignIn(company, draws, when, { app, place, resource: SHAREPOINT }),
        ),
      ),
      ...each(
        moments.sort((a, b) => a - b),
        (draws, now) =>
          fileWork(company, draws, now, app, {
            operation: draws.pick(["FileDownloaded", "FileAccessed", "FileUploaded"]),
            place,
            site: "Finance",
          }),
      ),
    ]);
  },
};

/** The vendor moves to another cloud: everything as ever, from other networks and another country. */
const vendorMoves: Scenario = {
  id: "ms-vendor-moves-cloud",
  title: "A vendor changes its cloud provider",
  platform: "microsoft",
  attackType: null,
  techniques: ["T24", "T25"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      ({ means, handle, app, perDay }) =>
        means === "app" && handle.vendor !== null && reachesPeople(app) && perDay > 0.8,
    );
    if (member === null) return null;
    const { app, places } = member;
    const fresh: Place = { ...cloudPlace(rng), userAgent: places[0]?.userAgent ?? "" };
    const next = [fresh, neighbour(rng, fresh)];
    const at = inOffice(setting, dayOf(setting), member.owner.office);
    const beats: Beat[] = [];
    for (let day = 0; day < NIGHTS_MAX; day++) {
      // Both data centres run side by side for a while.
      const count = Math.max(2, Math.round(member.perDay * (0.5 + rng.next())));
      const start = at + day * DAY_MS;
      for (let i = 0; i < Math.min(count, 120); i++) {
        const now = start + Math.floor(22 * HOUR_MS * rng.next());
        beats.push(
          once(now - 700, (draws, when) =>
            appSignIn(company, draws, when, { app, place: draws.pick(next) }),
          ),
        );
        beats.push(
          once(now, (draws, when) =>
            graphCall(company, draws, when, {
              app,
              place: draws.pick(next),
              uri: opened(company, draws, app),
              bytes: draws.int(700, 9_000),
            }),
          ),
        );
      }
    }
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, beats);
  },
};

/** IT approves a notetaker for everybody, and within days half of the company uses it. */
const notetakerApproved: Scenario = {
  id: "ms-notetaker-approved",
  title: "A notetaker that IT approved spreads through the company",
  platform: "microsoft",
  attackType: null,
  techniques: ["T63", "T64"],
  stage: (setting) => {
    const { company, rng } = setting;
    const admin = someAdmin(setting);
    const app = appNamed("Scribewell AI Notetaker", `${company.seed} ${setting.id}`, {
      publisher: "Scribewell Inc.",
      host: "scribewell.example",
      scopes: ["offline_access", "User.Read", "Calendars.Read", "OnlineMeetings.Read"],
    });
    const at = inOffice(setting, dayOf(setting), admin.office);
    const place = cloudPlace(rng);
    const users = somePeople(setting, 12);
    const beats: Beat[] = [
      once(
        at,
        (draws, now) =>
          consent(company, draws, now, { person: admin, place: deskOf(admin) }, app, {
            scopes: app.scopes,
            person: null,
            isAdmin: true,
          }),
        700,
      ),
    ];
    for (let day = 1; day < NIGHTS_MAX; day++) {
      const start = Math.floor(at / DAY_MS) * DAY_MS + day * DAY_MS;
      if (!isWorkday(company, start)) continue;
      for (const person of users.slice(0, day * 2)) {
        const now = local(start, person.office, rng.int(9, 16), rng.int(0, 59));
        beats.push(
          once(now, (draws, when) =>
            userSignIn(company, draws, when, person, false, { app, place }),
          ),
          once(now + 1_200, (draws, when) =>
            graphCall(company, draws, when, {
              app,
              place,
              person,
              uri: draws.pick(["/me/calendarView", "/me/onlineMeetings"]),
              bytes: draws.int(2_000, 30_000),
            }),
          ),
        );
      }
    }
    return played(
      setting,
      {
        subjects: [byAutomation(app.appId)],
        newcomers: [app],
        state: [
          list("graph:servicePrincipals", [principalRow(company, app, at)]),
          list("graph:oauth2PermissionGrants", [grantRow(company, app, null, app.scopes)]),
        ],
      },
      beats,
    );
  },
};

export const operations: readonly Scenario[] = [
  backupStarts,
  dlpRollout,
  migrationWeek,
  pipelineBurst,
  financeClose,
  vendorMoves,
  notetakerApproved,
];

/** A product of a verified vendor with application permissions. */
function bought({ company, id }: Setting, name: string, roles: readonly string[]): App {
  const vendor = name.split(" ")[0] ?? name;
  return appNamed(name, `${company.seed} ${id} ${name}`, {
    publisher: `${vendor} Ltd`,
    host: `${vendor.toLowerCase()}.example`,
    roles,
  });
}

/** An administrator puts it in from her desk, with all the permissions that its manual asks for. */
function approved({ company }: Setting, app: App, admin: Person, at: number): Beat[] {
  const by = { person: admin, place: deskOf(admin) };
  return [
    once(at, (rng, now) => principalAdded(company, rng, now, by, app)),
    ...app.roles.map((role, index) =>
      once(at + 2_000 + index * 350, (rng, now) => roleGranted(company, rng, now, by, app, role)),
    ),
  ];
}

function owned({ company }: Setting, app: App, at: number) {
  return {
    subjects: [byAutomation(app.appId)],
    newcomers: [app],
    state: [
      list("graph:servicePrincipals", [principalRow(company, app, at)]),
      list(
        "graph:appRoleAssignments",
        app.roles.map((role) => roleRow(company, app, role, at)),
      ),
    ],
  };
}

function hourly(from: number, hours: number): number[] {
  return Array.from({ length: hours }, (_, index) => from + index * HOUR_MS);
}
