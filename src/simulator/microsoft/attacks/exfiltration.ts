/** Attacks on data: files and mail taken in mass or drop by drop, exports, flows to the outside, destruction. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, type Person, stableGuid } from "#simulator/company.ts";
import type { Member } from "#simulator/microsoft/member.ts";
import { deskOf, FIRST_PARTY, SHAREPOINT } from "#simulator/microsoft/records/common.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import {
  cmdlet,
  fileWork,
  flowChange,
  mailRead,
  mailSent,
} from "#simulator/microsoft/records/unified.ts";
import {
  byAutomation,
  byPerson,
  campaign,
  dayOf,
  dial,
  each,
  endOf,
  homeOf,
  inOffice,
  intruder,
  once,
  played,
  strangersLine,
  takeMember,
  takeUser,
  tokenMoments,
  whenever,
} from "#simulator/microsoft/scene.ts";
import { flowState, list } from "#simulator/microsoft/state.ts";
import type { Scenario } from "#simulator/stage.ts";

/** The rights are old and granted; only the amount is new. */
const massDownload: Scenario = {
  id: "ms-mass-download",
  title: "An app downloads the company's files in mass",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T28", "T29"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, reachesFiles);
    if (member === null) return null;
    const { app } = member;
    const place = intruder(setting, homeOf(member, rng));
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: Math.max(1_200, member.perDay * 15),
      stealthy: Math.max(120, member.perDay * 3),
    });
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, at) =>
        appSignIn(company, draws, at, { app, place, resource: SHAREPOINT }),
      ),
      ...each(moments, (draws, at) =>
        fileWork(company, draws, at, app, {
          operation: "FileDownloaded",
          place,
          bytes: draws.int(60_000, 9_000_000),
        }),
      ),
    ]);
  },
};

/** A few files more each day than usual, for weeks: no day is remarkable, the sum is. */
const slowDrip: Scenario = {
  id: "ms-slow-drip",
  title: "An app takes some files more each day, for weeks",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T70", "T28"],
  stage: (setting) => {
    const { company, rng, days } = setting;
    const member = takeMember(setting, reachesFiles);
    if (member === null) return null;
    const { app } = member;
    const place =
      setting.stealth < 0.5 ? intruder(setting, homeOf(member, rng)) : homeOf(member, rng);
    const perDay = Math.round(
      dial(setting, Math.max(60, member.perDay * 2), Math.max(9, member.perDay * 0.35)),
    );
    const first = Math.floor(days.length * 0.3);
    const moments: number[] = [];
    for (const day of days) {
      if (day.index < first || (setting.stealth >= 0.5 && !isWorkday(company, day.start))) continue;
      for (let i = 0; i < perDay; i++) {
        const hour = setting.stealth < 0.5 ? 24 * rng.next() : 8.5 + 9 * rng.next();
        moments.push(Math.floor(local(day.start, member.owner.office, 0) + hour * HOUR_MS));
      }
    }
    moments.sort((a, b) => a - b);
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, at) =>
        appSignIn(company, draws, at, { app, place, resource: SHAREPOINT }),
      ),
      ...each(moments, (draws, at) =>
        fileWork(company, draws, at, app, {
          operation: "FileDownloaded",
          place,
          bytes: draws.int(200_000, 6_000_000),
          site: draws.pick(["Finance", "People", "Engineering"]),
        }),
      ),
    ]);
  },
};

/** The compliance centre's own search finds everything, in every mailbox, and packs it for the way. */
const discoveryExport: Scenario = {
  id: "ms-discovery-export",
  title: "Somebody who never did exports all mailboxes by content search",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T36"],
  stage: (setting) => {
    const { company, stealth } = setting;
    const person = setting.takePerson(({ team, leftAt }) => team !== "legal" && leftAt === null);
    const at = whenever(setting, dayOf(setting), person.office);
    const place = strangersLine(setting, person);
    const name = stealth < 0.5 ? "all mail" : "Matter 207";
    const called = (cmd: string, parameters: Readonly<Record<string, string>>, afterMs: number) =>
      once(at + Math.floor(afterMs), (rng, now) =>
        cmdlet(company, rng, now, person, {
          name: cmd,
          place,
          object: name,
          workload: "SecurityComplianceCenter",
          parameters,
        }),
      );
    const query = stealth < 0.5 ? "password OR iban OR invoice" : "contract";
    const gap = dial(setting, 4 * MINUTE_MS, 5 * HOUR_MS);
    return played(setting, { subjects: [byPerson(person)] }, [
      called(
        "New-ComplianceSearch",
        { Name: name, ExchangeLocation: "All", ContentMatchQuery: query },
        0,
      ),
      called("Start-ComplianceSearch", { Identity: name }, gap * 0.2),
      called("New-ComplianceSearchAction", { SearchName: name, Export: "True" }, gap),
    ]);
  },
};

/** Five clicks, no code: whatever arrives is posted to an address outside. */
const flowOutside: Scenario = {
  id: "ms-flow-to-outside",
  title: "A flow sends whatever arrives to an address outside",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T46"],
  stage: (setting) => {
    const { company, rng, stealth } = setting;
    const person = takeUser(setting);
    const at = whenever(setting, dayOf(setting), person.office);
    const place = strangersLine(setting, person);
    const id = stableGuid(`flow ${company.seed} ${setting.id}`);
    const name =
      stealth < 0.5 ? "copy all" : rng.pick(["Save attachments", "Weekly digest", "Notify me"]);
    const connectors =
      stealth < 0.7
        ? ["shared_office365", "shared_sharepointonline", "http"]
        : ["shared_office365", "shared_dropbox"];
    const flow = { id, name, connectors, place };
    const edits = [
      once(at, (draws, now) => flowChange(company, draws, now, person, "CreateFlow", flow)),
    ];
    if (stealth < 0.8) {
      edits.push(
        once(at + Math.floor(dial(setting, 5 * MINUTE_MS, DAY_MS)), (draws, now) =>
          flowChange(company, draws, now, person, "EditFlow", flow),
        ),
      );
    }
    const moments = campaign(setting, {
      from: at + HOUR_MS,
      office: person.office,
      blatant: 240,
      stealthy: 25,
    });
    const play = played(
      setting,
      {
        subjects: [byAutomation(id)],
        state: [
          list("powerplatform:flows", [
            flowState(company, {
              id,
              name,
              owner: person,
              createdAt: at,
              connectors: connectors.filter((connector) => connector !== "http"),
              actions: connectors.includes("http") ? ["Http"] : ["OpenApiConnection"],
            }),
          ]),
        ],
      },
      [
        ...edits,
        ...each(moments, (draws, now) =>
          fileWork(company, draws, now, person, {
            operation: "FileAccessed",
            place: { ...deskOf(person), userAgent: "azure-logic-apps/1.0 (workflow)" },
            isPersonal: draws.chance(0.5),
          }),
        ),
      ],
    );
    return play === null ? null : { ...play, newcomers: [{ nativeId: id, name }] };
  },
};

/** Nobody looks at what nobody uses. */
const dormantRevived: Scenario = {
  id: "ms-dormant-revived",
  title: "An app that slept for months wakes up and reads mail",
  platform: "microsoft",
  attackType: "backdoor",
  techniques: ["T18", "T30"],
  stage: (setting) => {
    const { company } = setting;
    const member = takeMember(setting, ({ trade }) => trade.behaviour === "dormant");
    if (member === null) return null;
    const { app } = member;
    const place = intruder(setting, null);
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: 500,
      stealthy: 40,
    });
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (rng, at) => appSignIn(company, rng, at, { app, place })),
      ...each(moments, (rng, at) => {
        const box = rng.pick(company.people);
        return rng.chance(0.35)
          ? mailRead(company, rng, at, app, { place, via: null, items: rng.int(2, 15), box })
          : graphCall(company, rng, at, {
              app,
              place,
              uri: rng.pick([
                `/users/${box.entraId}/messages?$top=50`,
                `/users/${box.entraId}/drive/root/children`,
              ]),
              bytes: rng.int(20_000, 500_000),
            });
      }),
    ]);
  },
};

/** What cannot be sold can be held for ransom: every file overwritten, the old versions thrown away. */
const massOverwrite: Scenario = {
  id: "ms-mass-overwrite",
  title: "An app overwrites, renames and deletes files in mass",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T69"],
  stage: (setting) => {
    const { company, rng, stealth } = setting;
    const member = takeMember(setting, mayWriteFiles);
    if (member === null) return null;
    const { app } = member;
    const place = intruder(setting, homeOf(member, rng));
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: Math.max(900, member.perDay * 8),
      stealthy: Math.max(90, member.perDay * 2),
      days: 5,
    });
    const ending = stealth < 0.6 ? ".lck" : "";
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, at) =>
        appSignIn(company, draws, at, { app, place, resource: SHAREPOINT }),
      ),
      ...each(moments, (draws, at) =>
        fileWork(company, draws, at, app, {
          operation: draws.pick([
            "FileModified",
            "FileModified",
            "FileRenamed",
            "FileRecycled",
            "FileVersionsAllDeleted",
          ]),
          place,
          name: `${draws.pick(["Offer", "Contract", "Budget", "Plan"])} ${draws.int(1, 9_000)}.xlsx${ending}`,
        }),
      ),
    ]);
  },
};

/** Every mail about money goes outside, and the mailbox's owner never sees it. */
const forwardAndHide: Scenario = {
  id: "ms-forward-and-hide",
  title: "Mail is forwarded outside and hidden by a rule",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T33", "T32"],
  stage: (setting) => {
    const { company, stealth } = setting;
    const person = setting.takePerson(
      ({ team, leftAt, isAdmin }) => !isAdmin && leftAt === null && team !== "it",
    );
    const at = whenever(setting, dayOf(setting), person.office);
    const place = strangersLine(setting, person);
    const drop =
      stealth < 0.5
        ? "collector@mail-drop.example"
        : `${person.name.split(" ")[0]?.toLowerCase()}.home@mailbox.example`;
    const name = stealth < 0.4 ? ".." : stealth < 0.8 ? "RSS" : "Receipts";
    const hides = stealth < 0.8 ? { MarkAsRead: "True", StopProcessingRules: "True" } : {};
    const later = at + Math.floor(dial(setting, 3 * MINUTE_MS, 20 * HOUR_MS));
    return played(setting, { subjects: [byPerson(person)] }, [
      once(at - 4 * MINUTE_MS, (rng, now) =>
        userSignIn(company, rng, now, person, true, {
          app: FIRST_PARTY.outlookWeb,
          place,
          isUnmanaged: true,
        }),
      ),
      once(at, (rng, now) =>
        cmdlet(company, rng, now, person, {
          name: "New-InboxRule",
          place,
          object: `${person.email}\\${name}`,
          parameters: {
            Name: name,
            Mailbox: person.email,
            SubjectOrBodyContainsWords: "invoice;payment;iban",
            ...(stealth < 0.6 ? { ForwardTo: drop } : {}),
            MoveToFolder: stealth < 0.8 ? "RSS Subscriptions" : "Archive",
            ...hides,
          },
        }),
      ),
      once(later, (rng, now) =>
        cmdlet(company, rng, now, person, {
          name: "Set-Mailbox",
          place,
          object: person.email,
          parameters: {
            Identity: person.email,
            ForwardingSmtpAddress: `smtp:${drop}`,
            DeliverToMailboxAndForward: "True",
          },
        }),
      ),
    ]);
  },
};

/** Mail from a colleague's address through an app that may send: everybody opens it. */
const spamByApp: Scenario = {
  id: "ms-mail-flood-by-app",
  title: "An app with the right to send floods colleagues with phishing mail",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T35"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) => trade.behaviour === "mail-merge");
    if (member === null) return null;
    const { app } = member;
    const sender: Person = member.users[0] ?? member.owner;
    const place = intruder(setting, homeOf(member, rng));
    const at = inOffice(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from: at,
      office: member.owner.office,
      blatant: Math.max(700, member.perDay * 12),
      stealthy: Math.max(60, member.perDay * 3),
      days: 3,
    }).filter((now) => now < endOf(setting));
    const subjects =
      setting.stealth < 0.5
        ? ["Salary adjustment", "Mailbox is full"]
        : ["Shared: Q3 plan", "Signature needed"];
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, now) =>
        userSignIn(company, draws, now, sender, false, { app, place }),
      ),
      ...each(moments, (draws, now) =>
        draws.chance(0.5)
          ? graphCall(company, draws, now, {
              app,
              place,
              person: sender,
              uri: "/me/sendMail",
              method: "POST",
              bytes: 0,
              status: 202,
            })
          : mailSent(company, draws, now, sender, {
              place,
              via: app,
              subject: draws.pick(subjects),
            }),
      ),
    ]);
  },
};

export const exfiltrationAttacks: readonly Scenario[] = [
  massDownload,
  slowDrip,
  discoveryExport,
  flowOutside,
  dormantRevived,
  massOverwrite,
  forwardAndHide,
  spamByApp,
];

function reachesFiles({ means, app, perDay }: Member): boolean {
  return means === "app" && perDay > 0.5 && app.roles.some((role) => /^(Files|Sites)/.test(role));
}

function mayWriteFiles({ means, app, perDay }: Member): boolean {
  return (
    means === "app" &&
    perDay > 0.5 &&
    app.roles.some((role) => /^(Files|Sites)\.ReadWrite/.test(role))
  );
}
