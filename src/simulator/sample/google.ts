/** The sample's Google Workspace: token, Drive, admin and sign-in logs, tokens of apps, people. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { type SampleFile, sampleFile } from "./container.ts";
import {
  DOMAIN,
  days,
  type Fields,
  freshId,
  isoTime,
  isWorkday,
  lastSunday,
  local,
  type Moment,
  named,
  newestFirst,
  officeMoments,
  oldestFirst,
  type Person,
  spread,
  stableId,
  team,
  type World,
  withLateRecords,
  workdayBack,
} from "./world.ts";

const CUSTOMER = "C0northwind";
const SCOPE = "https://www.googleapis.com/auth/";

interface App {
  clientId: string;
  name: string;
  scopes: readonly string[];
  api: string;
  methods: readonly [string, ...string[]];
}

function app(
  name: string,
  project: string,
  scopes: readonly string[],
  api: string,
  methods: App["methods"],
  clientId?: string,
): App {
  return {
    clientId:
      clientId ?? `${project}-${stableId(name, 20).toLowerCase()}.apps.googleusercontent.com`,
    name,
    scopes: scopes.map((scope) => (scope === "openid" ? scope : SCOPE + scope)),
    api,
    methods,
  };
}

const IDENTITY = ["openid", "userinfo.email", "userinfo.profile"] as const;
const bridge = app("CalBridge Sync", "418300000101", [...IDENTITY, "calendar"], "calendar", [
  "calendar.events.list",
  "calendar.events.patch",
]);
const vault = app("Cloud Backup Vault", "418300000102", [...IDENTITY, "drive.readonly"], "drive", [
  "drive.files.get",
  "drive.changes.list",
]);
const archive = app("DriveArchive Plus", "418300000103", [...IDENTITY, "drive"], "drive", [
  "drive.files.get",
]);
const scribe = app(
  "MeetScribe Notes",
  "418300000104",
  [...IDENTITY, "calendar.events", "calendar.readonly", "contacts.other.readonly"],
  "calendar",
  ["calendar.events.list", "calendar.calendarList.list"],
);
const zapier = app(
  "Zapier",
  "418300000105",
  [...IDENTITY, "spreadsheets", "drive.file"],
  "sheets",
  ["sheets.spreadsheets.values.append"],
);
const chatgpt = app(
  "ChatGPT",
  "77377267392",
  [...IDENTITY, "drive.readonly"],
  "drive",
  ["drive.files.list", "drive.files.get"],
  "77377267392-9l01lg5gpscp40cc30cc5gke03n6uu3b.apps.googleusercontent.com",
);
const slackApp = app(
  "Slack",
  "418300000107",
  [...IDENTITY, "drive.file", "calendar.readonly"],
  "drive",
  ["drive.files.get"],
);
const zoom = app("Zoom", "418300000108", [...IDENTITY, "calendar.events"], "calendar", [
  "calendar.events.insert",
]);
const sign = app("PaperSign", "418300000109", [...IDENTITY, "drive.file"], "drive", [
  "drive.files.create",
]);
const board = app("Sketchboard", "418300000110", [...IDENTITY, "drive.file"], "drive", [
  "drive.files.create",
]);
const mailSync: App = {
  clientId: "108800450012340099871",
  name: "crm-mail-sync",
  scopes: [`${SCOPE}calendar.readonly`],
  api: "calendar",
  methods: ["calendar.events.list"],
};
const directorySync: App = {
  clientId: "108800450012340055123",
  name: "directory-sync",
  scopes: [`${SCOPE}admin.directory.user.readonly`],
  api: "admin",
  methods: ["directory.users.list"],
};

function activity(
  rng: Prng,
  at: number,
  log: string,
  who: Person,
  type: string,
  name: string,
  parameters: Fields[],
  ip = who.ip,
): Moment {
  return {
    at,
    record: {
      kind: "admin#reports#activity",
      id: {
        time: isoTime(at),
        uniqueQualifier: `${rng.chance(0.5) ? "-" : ""}${rng.int(1_000_000_000, 4_000_000_000)}${rng.int(100_000_000, 999_999_999)}`,
        applicationName: log,
        customerId: CUSTOMER,
      },
      actor: { callerType: "USER", email: who.email, profileId: who.googleId },
      ownerDomain: DOMAIN,
      ipAddress: ip,
      events: [{ type, name, parameters }],
    },
  };
}

const text = (name: string, value: string): Fields => ({ name, value });

function authorize(
  rng: Prng,
  at: number,
  who: Person,
  what: App,
  name: "authorize" | "revoke" = "authorize",
): Moment {
  return activity(rng, at, "token", who, "auth", name, [
    text("client_id", what.clientId),
    text("app_name", what.name),
    text("client_type", "WEB"),
    { name: "scope", multiValue: what.scopes },
    {
      name: "scope_data",
      multiMessageValue: what.scopes.map((scope) => ({
        parameter: [
          text("scope_name", scope),
          { name: "product_bucket", multiValue: [bucket(scope)] },
        ],
      })),
    },
  ]);
}

function bucket(scope: string): string {
  if (/drive|spreadsheets/.test(scope)) return "DRIVE";
  if (scope.includes("gmail")) return "GMAIL";
  return scope.includes("calendar") ? "CALENDAR" : "IDENTITY";
}

interface Call {
  what: App;
  method?: string;
  bytes: number;
  ip: string;
}

function call(rng: Prng, at: number, who: Person, { what, method, bytes, ip }: Call): Moment {
  return activity(
    rng,
    at,
    "token",
    who,
    "auth",
    "activity",
    [
      text("api_name", what.api),
      text("method_name", method ?? rng.pick(what.methods)),
      text("client_id", what.clientId),
      text("app_name", what.name),
      text("client_type", "WEB"),
      { name: "num_response_bytes", intValue: String(bytes) },
      text(
        "product_bucket",
        what.api === "calendar" ? "CALENDAR" : what.api === "gmail" ? "GMAIL" : "DRIVE",
      ),
    ],
    ip,
  );
}

const CLOUD = "203.0.113.31";

/** Apps that call around the clock, and apps that call when their person works. */
function ordinaryCalls(world: World, rng: Prng): Moment[] {
  const moments: Moment[] = [];
  const keeper = named(world, "Pelle");
  const archivist = named(world, "Dagny");
  for (const day of days(world)) {
    for (const person of team(world, "sales", "lead").slice(0, 9)) {
      for (const at of spread(rng, day, DAY_MS, 12)) {
        moments.push(
          call(rng, at, person, { what: bridge, bytes: rng.int(800, 9_000), ip: CLOUD }),
        );
      }
    }
    for (const at of spread(rng, day + 30 * MINUTE_MS, 2 * HOUR_MS, 60 + rng.int(-3, 3))) {
      moments.push(
        call(rng, at, keeper, {
          what: vault,
          bytes: rng.int(400_000, 4_000_000),
          ip: "203.0.113.32",
        }),
      );
    }
    for (const at of spread(rng, day + 20 * HOUR_MS, HOUR_MS, 25 + rng.int(-2, 2))) {
      moments.push(
        call(rng, at, archivist, {
          what: archive,
          bytes: rng.int(200_000, 1_500_000),
          ip: "203.0.113.33",
        }),
      );
    }
    for (const at of spread(rng, day, DAY_MS, 24)) {
      moments.push(
        call(rng, at, named(world, "Nessa"), {
          what: directorySync,
          bytes: rng.int(20_000, 40_000),
          ip: "203.0.113.34",
        }),
      );
    }
    for (const at of spread(rng, day, DAY_MS, 12)) {
      moments.push(
        call(rng, at, named(world, "Halina"), {
          what: mailSync,
          bytes: rng.int(2_000, 9_000),
          ip: "203.0.113.35",
        }),
      );
    }
    for (const [what, users, mean] of byHand(world)) {
      for (const person of users) {
        for (const at of officeMoments(rng, person, day, mean)) {
          moments.push(call(rng, at, person, { what, bytes: rng.int(500, 60_000), ip: CLOUD }));
        }
      }
    }
  }
  return moments;
}

function byHand(world: World): readonly (readonly [App, Person[], number])[] {
  return [
    [slackApp, world.people.slice(2, 24), 3],
    [zoom, world.people.slice(0, 20), 2],
    [zapier, team(world, "marketing").slice(0, 3), 14],
    [chatgpt, team(world, "marketing", "engineering").slice(0, 7), 5],
    [sign, team(world, "finance", "people"), 1],
    [board, team(world, "engineering"), 1],
  ];
}

/** A few consents a week that nobody needs to look at. */
function ordinaryConsents(world: World, rng: Prng): Moment[] {
  const known = [slackApp, zoom, sign, board] as const;
  return days(world).flatMap((day) =>
    isWorkday(day) && rng.chance(0.6)
      ? [
          authorize(
            rng,
            local(day, 2, 10, rng.int(0, 200)),
            rng.pick(world.people),
            rng.pick(known),
          ),
        ]
      : [],
  );
}

/** A note taker asks each meeting's guests to connect their calendars: one, two, four people more each day. */
function spreadingNotes(world: World, rng: Prng): Moment[] {
  const order = [...team(world, "sales"), ...team(world, "marketing", "support", "engineering")];
  const growth = [1, 1, 2, 3, 5, 7];
  const moments: Moment[] = [];
  let joined = 0;
  for (const [index, count] of growth.entries()) {
    const day = workdayBack(world, growth.length + 1 - index);
    for (const person of order.slice(joined, joined + count)) {
      moments.push(authorize(rng, local(day, person.zone, 11, rng.int(0, 240)), person, scribe));
    }
    joined += count;
    for (const person of order.slice(0, joined)) {
      for (const at of spread(rng, day + 16 * HOUR_MS, 7 * HOUR_MS, 5)) {
        moments.push(
          call(rng, at, person, {
            what: scribe,
            bytes: rng.int(4_000, 30_000),
            ip: "203.0.113.36",
          }),
        );
      }
    }
  }
  return moments;
}

/** A delegated service account that read calendars suddenly reads the mail of two dozen people. */
function delegatedReads(world: World, rng: Prng): Moment[] {
  const from = local(workdayBack(world, 3), -5, 20, 30);
  return world.people.slice(0, 26).flatMap((person, index) =>
    spread(rng, from + index * 4 * MINUTE_MS, 30 * MINUTE_MS, 18).map((at) =>
      call(rng, at, person, {
        what: { ...mailSync, api: "gmail" },
        method: rng.pick(["gmail.users.messages.list", "gmail.users.messages.get"]),
        bytes: rng.int(8_000, 250_000),
        ip: "203.0.113.188",
      }),
    ),
  );
}

function tokenLog(world: World): Fields[] {
  const rng = world.draws("google/token");
  return newestFirst([
    ...ordinaryCalls(world, rng),
    ...ordinaryConsents(world, rng),
    ...spreadingNotes(world, rng),
    ...delegatedReads(world, rng),
    ...sundayHarvest(world, rng).calls,
  ]);
}

interface Harvest {
  calls: Moment[];
  downloads: Moment[];
}

/** At three on a Sunday morning the archive app takes thousands of files; on other days it takes thirty. */
function sundayHarvest(world: World, rng: Prng): Harvest {
  const archivist = named(world, "Dagny");
  const from = local(lastSunday(world), archivist.zone, 3, 2);
  const ip = "203.0.113.199";
  return {
    calls: spread(rng, from, 95 * MINUTE_MS, 900).map((at) =>
      call(rng, at, archivist, { what: archive, bytes: rng.int(900_000, 6_000_000), ip }),
    ),
    downloads: spread(rng, from, 95 * MINUTE_MS, 3_600).map((at) =>
      drive(rng, at, archivist, "download", archive, ip),
    ),
  };
}

const KINDS = ["document", "spreadsheet", "presentation", "pdf"] as const;

function drive(
  rng: Prng,
  at: number,
  who: Person,
  name: string,
  via: App | null,
  ip = who.ip,
): Moment {
  const title = `${rng.pick(["Budget", "Roadmap", "Offer", "Drawing", "Test report", "Minutes"])} ${rng.int(1, 4_000)}`;
  return activity(
    rng,
    at,
    "drive",
    who,
    "access",
    name,
    [
      { name: "primary_event", boolValue: true },
      { name: "billable", boolValue: true },
      text("doc_id", `1${freshId(rng, 32)}`),
      text("doc_title", title),
      text("doc_type", rng.pick(KINDS)),
      text("owner", rng.chance(0.5) ? who.email : rng.pick(["shared drive", who.email])),
      text("visibility", rng.chance(0.8) ? "shared_internally" : "private"),
      ...(via === null
        ? []
        : [text("originating_app_id", via.clientId.split("-", 1)[0] ?? via.clientId)]),
    ],
    ip,
  );
}

/** People read and write all day; one of them ten times as much; two backups run at night. */
function driveLog(world: World): Fields[] {
  const rng = world.draws("google/drive");
  const busy = named(world, "Lucan");
  const keeper = named(world, "Pelle");
  const archivist = named(world, "Dagny");
  const moments: Moment[] = [];
  for (const day of days(world)) {
    for (const person of world.people) {
      for (const at of officeMoments(rng, person, day, person === busy ? 150 : 13)) {
        moments.push(
          drive(
            rng,
            at,
            person,
            rng.pick(["view", "view", "edit", "edit", "download", "create"]),
            null,
          ),
        );
      }
    }
    for (const at of spread(rng, day + 30 * MINUTE_MS, 2 * HOUR_MS, 90 + rng.int(-4, 4))) {
      moments.push(drive(rng, at, keeper, "download", vault, "203.0.113.32"));
    }
    for (const at of spread(rng, day + 20 * HOUR_MS, HOUR_MS, 30 + rng.int(-3, 3))) {
      moments.push(drive(rng, at, archivist, "download", archive, "203.0.113.33"));
    }
  }
  moments.push(...sundayHarvest(world, rng).downloads);
  return withLateRecords(rng, moments, 0.04, 5 * HOUR_MS);
}

function adminLog(world: World): Fields[] {
  const rng = world.draws("google/admin");
  const usual = named(world, "Nessa");
  const other = named(world, "Oduya");
  const widened = [
    ...mailSync.scopes,
    `${SCOPE}gmail.readonly`,
    `${SCOPE}drive.readonly`,
    `${SCOPE}admin.directory.user.readonly`,
  ];
  const moments = days(world).flatMap((day) =>
    officeMoments(rng, usual, day, 2).map((at) =>
      activity(
        rng,
        at,
        "admin",
        usual,
        "USER_SETTINGS",
        rng.pick(["CHANGE_PASSWORD", "UNSUSPEND_USER", "ADD_GROUP_MEMBER"]),
        [text("USER_EMAIL", rng.pick(world.people).email)],
      ),
    ),
  );
  moments.push(
    activity(
      rng,
      local(workdayBack(world, 3), other.zone, 19, 58),
      "admin",
      other,
      "DOMAIN_SETTINGS",
      "AUTHORIZE_API_CLIENT_ACCESS",
      [
        text("DOMAIN_NAME", DOMAIN),
        text("API_CLIENT_NAME", mailSync.clientId),
        { name: "API_SCOPES", multiValue: widened },
      ],
      "203.0.113.188",
    ),
  );
  return newestFirst(moments);
}

function loginLog(world: World): Fields[] {
  const rng = world.draws("google/login");
  return oldestFirst(
    days(world).flatMap((day) =>
      world.people.flatMap((person) =>
        officeMoments(rng, person, day, 1).map((at) =>
          activity(rng, at, "login", person, "login", "login_success", [
            text("login_type", "saml"),
            { name: "is_suspicious", boolValue: false },
          ]),
        ),
      ),
    ),
  );
}

/** What the people of each app have granted, as one list for all people. */
function tokens(world: World): Fields[] {
  const notes = [
    ...team(world, "sales"),
    ...team(world, "marketing", "support", "engineering"),
  ].slice(0, 19);
  const granted: readonly (readonly [App, readonly Person[]])[] = [
    [bridge, team(world, "sales", "lead").slice(0, 9)],
    [vault, [named(world, "Pelle")]],
    [archive, [named(world, "Dagny")]],
    [scribe, notes],
    ...byHand(world).map(([what, users]) => [what, users] as const),
  ];
  return granted.flatMap(([what, users]) =>
    users.map((person) => ({
      kind: "admin#directory#token",
      etag: `"${stableId(`${what.name} ${person.email}`, 16)}"`,
      clientId: what.clientId,
      displayText: what.name,
      anonymous: false,
      nativeApp: false,
      userKey: person.googleId,
      scopes: what.scopes,
    })),
  );
}

function users(world: World): Fields[] {
  return world.people.map((person) => {
    const [givenName = person.name, ...rest] = person.name.split(" ");
    return {
      kind: "admin#directory#user",
      id: person.googleId,
      primaryEmail: person.email,
      name: { givenName, familyName: rest.join(" "), fullName: person.name },
      isAdmin: person.isAdmin,
      isDelegatedAdmin: false,
      suspended: false,
      archived: false,
      creationTime: isoTime(world.start - 400 * DAY_MS),
      lastLoginTime: isoTime(world.end - DAY_MS),
      orgUnitPath: `/${person.team}`,
      isEnrolledIn2Sv: true,
      customerId: CUSTOMER,
    };
  });
}

export function googleFiles(world: World): SampleFile[] {
  const activities = { key: "items", beside: { kind: "admin#reports#activities" } };
  return [
    sampleFile("google/token.json", "json", () => tokenLog(world), { page: activities }),
    sampleFile("google/drive.ndjson", "ndjson", () => driveLog(world)),
    sampleFile("google/admin.json", "json", () => adminLog(world), { page: activities }),
    sampleFile("google/login.ndjson", "ndjson", () => loginLog(world)),
    sampleFile("google/oauth-tokens.json", "json", () => tokens(world), {
      page: { key: "items", beside: { kind: "admin#directory#tokenList" } },
    }),
    sampleFile("google/users.json", "json", () => users(world), {
      page: { key: "users", beside: { kind: "admin#directory#users" } },
    }),
  ];
}
