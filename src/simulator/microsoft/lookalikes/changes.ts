/** Planned changes: apps, agents and flows that get more to do, by the people who look after them. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, stableGuid } from "#simulator/company.ts";
import { deskOf } from "#simulator/microsoft/records/common.ts";
import { roleGranted } from "#simulator/microsoft/records/directory.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import {
  flowChange,
  interaction,
  mailSent,
  resource,
} from "#simulator/microsoft/records/unified.ts";
import {
  type Beat,
  byAutomation,
  dayOf,
  each,
  inOffice,
  once,
  played,
  someAdmin,
  takeMember,
} from "#simulator/microsoft/scene.ts";
import { flowState, list } from "#simulator/microsoft/state.ts";
import type { Scenario } from "#simulator/stage.ts";

const DAYS_MAX = 25;

/** The invitation to the summer party goes to everybody on one morning. */
const partyInvitation: Scenario = {
  id: "ms-mail-to-everybody",
  title: "The newsletter tool writes to the whole company at once",
  platform: "microsoft",
  attackType: null,
  techniques: ["T35", "T73"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) => trade.behaviour === "mail-merge");
    if (member === null) return null;
    const { app } = member;
    const sender = member.users[0] ?? member.owner;
    const place = rng.pick(member.places);
    const at = inOffice(setting, dayOf(setting), member.owner.office);
    const count = Math.min(900, Math.round(120 + 6 * member.perDay));
    const moments = Array.from({ length: count }, (_, index) => at + index * rng.int(900, 2_600));
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      once(at - 1_000, (draws, now) =>
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
          : mailSent(company, draws, now, sender, { place, via: app, subject: "Summer party" }),
      ),
    ]);
  },
};

/** The new version of a connector needs one permission more, and an administrator gives it. */
const approvedScope: Scenario = {
  id: "ms-scope-approved",
  title: "An administrator gives a known app one more permission for its new version",
  platform: "microsoft",
  attackType: null,
  techniques: ["T15"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) =>
      ["service-desk", "dashboard", "room-display", "signature-tool"].includes(trade.behaviour),
    );
    if (member === null) return null;
    const { app } = member;
    const admin = someAdmin(setting);
    const by = { person: admin, place: deskOf(admin) };
    const first = inOffice(setting, dayOf(setting), admin.office);
    const beats: Beat[] = [
      once(first, (draws, now) => roleGranted(company, draws, now, by, app, "Group.Read.All")),
    ];
    for (let day = 0; day < DAYS_MAX; day++) {
      const at = first + HOUR_MS + day * DAY_MS + rng.int(0, 4 * HOUR_MS);
      const place = rng.pick(member.places);
      beats.push(
        once(at - 800, (draws, now) => appSignIn(company, draws, now, { app, place })),
        once(at, (draws, now) =>
          graphCall(company, draws, now, {
            app: { ...app, roles: [...app.roles, "Group.Read.All"] },
            place,
            uri: "/groups?$top=100",
            bytes: draws.int(4_000, 60_000),
          }),
        ),
      );
    }
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, beats);
  },
};

/** Its maker gives an agent a tool, tells everybody, and everybody tries it. */
const agentUpdated: Scenario = {
  id: "ms-agent-gets-a-tool",
  title: "The maker of an agent gives it a ticket tool, and colleagues try it",
  platform: "microsoft",
  attackType: null,
  techniques: ["T61"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) => trade.behaviour === "tool-agent");
    if (member === null) return null;
    const agent = { id: member.nativeId, name: member.name, host: member.agent?.host ?? "Teams" };
    const first = dayOf(setting);
    const beats: Beat[] = [];
    for (let day = 0; day < DAYS_MAX; day++) {
      const start = first.start + day * DAY_MS;
      if (!isWorkday(company, start)) continue;
      const count = day < 2 ? 14 : rng.int(1, 4);
      for (let i = 0; i < count; i++) {
        const person = rng.pick(company.people);
        const at = local(start, person.office, rng.int(9, 16), rng.int(0, 59)) + rng.int(0, 59_000);
        beats.push(
          once(at, (draws, now) =>
            interaction(company, draws, now, person, agent, {
              place: deskOf(person),
              identity: `Copilot.Studio.${member.app.appId}`,
              resources: draws.chance(0.3) ? [resource(company, draws)] : [],
              plugins: ["Dataverse", "JiraIssues"],
            }),
          ),
        );
      }
    }
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, beats);
  },
};

/** Sales sends new orders to the warehouse's own web service; IT knows. */
const approvedFlow: Scenario = {
  id: "ms-flow-to-own-service",
  title: "A flow of IT posts orders to the company's own web service",
  platform: "microsoft",
  attackType: null,
  techniques: ["T46"],
  stage: (setting) => {
    const { company } = setting;
    const admin = someAdmin(setting);
    const at = inOffice(setting, dayOf(setting), admin.office);
    const id = stableGuid(`flow ${company.seed} ${setting.id}`);
    const name = "Orders to warehouse";
    const connectors = ["shared_sharepointonline", "shared_approvals", "http"];
    const flow = { id, name, connectors, place: deskOf(admin) };
    const owned = { id, name, owner: admin, createdAt: at };
    const play = played(
      setting,
      {
        subjects: [byAutomation(id)],
        state: [
          list("powerplatform:flows", [
            flowState(company, { ...owned, connectors: connectors.slice(0, 2), actions: ["Http"] }),
          ]),
        ],
      },
      [
        once(at, (rng, now) => flowChange(company, rng, now, admin, "CreateFlow", flow)),
        once(at + 25 * MINUTE_MS, (rng, now) =>
          flowChange(company, rng, now, admin, "EditFlow", flow),
        ),
        once(at + 2 * DAY_MS, (rng, now) => flowChange(company, rng, now, admin, "EditFlow", flow)),
      ],
    );
    return play === null ? null : { ...play, newcomers: [{ nativeId: id, name }] };
  },
};

export const plannedChanges: readonly Scenario[] = [
  partyInvitation,
  approvedScope,
  agentUpdated,
  approvedFlow,
];
