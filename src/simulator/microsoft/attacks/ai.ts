/** Attacks on and through assistants: hidden instructions, broken guards, agents with new tools, AI apps that drain. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { stableGuid } from "#simulator/company.ts";
import type { Member } from "#simulator/microsoft/member.ts";
import { deskOf, hex } from "#simulator/microsoft/records/common.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import {
  type Agent,
  interaction,
  mailRead,
  resource,
} from "#simulator/microsoft/records/unified.ts";
import {
  byAutomation,
  campaign,
  dayOf,
  dial,
  each,
  homeOf,
  inOffice,
  intruder,
  newcomer,
  played,
  takeMember,
  takeUser,
  tokenMoments,
} from "#simulator/microsoft/scene.ts";
import type { Fields, Scenario, Setting } from "#simulator/stage.ts";
import { letIn } from "./consent.ts";

/** A document or mail carries instructions for whoever reads it with an assistant. */
const hiddenInstructions: Scenario = {
  id: "ms-hidden-instructions",
  title: "An agent reads mails that carry instructions for it, and follows them",
  platform: "microsoft",
  attackType: "ai_abuse",
  techniques: ["T57", "T58"],
  stage: (setting) => {
    const { company } = setting;
    const member = takeAgent(setting);
    if (member === null) return null;
    const moments = agentMoments(setting, member, 40, 4);
    // Microsoft recognises not all of them.
    const seen = dial(setting, 0.8, 0.25);
    return played(
      setting,
      { subjects: [byAutomation(member.nativeId)] },
      each(moments, (rng, at) => {
        const person = rng.pick(member.users);
        const isFirst = at === moments[0];
        const mail = {
          ...resource(company, rng),
          Type: "email",
          Name: rng.pick(["Re: invoice", "Your order", "Shared notes"]),
          ...(isFirst || rng.chance(seen) ? { XPIADetected: true } : {}),
        };
        return interaction(company, rng, at, person, agentOf(member), {
          place: deskOf(person),
          identity: `Copilot.Studio.${member.app.appId}`,
          resources: [mail, labelled(setting, rng)],
          plugins: rng.chance(0.5) ? ["Outlook", "SendEmail"] : [],
        });
      }),
    );
  },
};

/** Role play, encodings, patience: until the agent tells what it should not. */
const brokenGuards: Scenario = {
  id: "ms-broken-guards",
  title: "A person talks an agent out of its rules and lets it collect salaries",
  platform: "microsoft",
  attackType: "ai_abuse",
  techniques: ["T57", "T31"],
  stage: (setting) => {
    const { company } = setting;
    const member = takeAgent(setting);
    if (member === null) return null;
    const person = takeUser(setting);
    const from = inOffice(setting, dayOf(setting), person.office);
    const moments = campaign(setting, {
      from,
      office: person.office,
      blatant: 50,
      stealthy: 6,
      days: 6,
    });
    // Microsoft recognises not all of them.
    const seen = dial(setting, 0.7, 0.3);
    return played(
      setting,
      { subjects: [byAutomation(member.nativeId)] },
      each(moments, (rng, at) =>
        interaction(company, rng, at, person, agentOf(member), {
          place: deskOf(person),
          identity: `Copilot.Studio.${member.app.appId}`,
          resources: Array.from({ length: rng.int(1, 5) }, () => labelled(setting, rng)),
          plugins: [],
          isJailbreak: at === moments[0] || rng.chance(seen),
        }),
      ),
    );
  },
};

/** The agent reads what outsiders wrote, then what is confidential, then uses a tool that it never had. */
const newTools: Scenario = {
  id: "ms-agent-new-tools",
  title: "An agent starts to call web requests and mail after reading labelled files",
  platform: "microsoft",
  attackType: "ai_abuse",
  techniques: ["T61", "T58"],
  stage: (setting) => {
    const { company } = setting;
    const member = takeAgent(setting);
    if (member === null) return null;
    const moments = agentMoments(setting, member, 90, 8);
    const tools =
      setting.stealth < 0.5 ? ["HttpRequest", "Webhook", "SendEmail"] : ["Outlook", "SendEmail"];
    return played(
      setting,
      { subjects: [byAutomation(member.nativeId)] },
      each(moments, (rng, at) => {
        const person = rng.pick(member.users);
        const outside = {
          ...resource(company, rng),
          Type: "web",
          Name: "partner-update",
          SiteUrl: `https://updates.${rng.pick(["northgate-notes", "vendor-brief"])}.example/${rng.int(1, 99)}`,
        };
        const sent = {
          ...resource(company, rng),
          Action: "Send",
          Type: "email",
          Name: "summary",
          SiteUrl: `mailto:desk@${rng.pick(["northgate-notes", "vendor-brief"])}.example`,
        };
        return interaction(company, rng, at, person, agentOf(member), {
          place: deskOf(person),
          identity: `Copilot.Studio.${member.app.appId}`,
          resources: [outside, labelled(setting, rng), labelled(setting, rng), sent],
          plugins: tools,
        });
      }),
    );
  },
};

/** The notetaker has the right to read calendars and mail; one night it reads them all. */
const assistantDrains: Scenario = {
  id: "ms-assistant-drains-mailbox",
  title: "A connected AI app reads its users' mailboxes and calendars to the ground",
  platform: "microsoft",
  attackType: "ai_abuse",
  techniques: ["T59", "T29"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      ({ trade }) => trade.behaviour === "notetaker" || trade.behaviour === "crm-mail-sync",
    );
    if (member === null) return null;
    const { app } = member;
    const place =
      setting.stealth < 0.4 ? intruder(setting, homeOf(member, rng)) : homeOf(member, rng);
    const from = inOffice(setting, dayOf(setting), member.owner.office) + 2 * HOUR_MS;
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: Math.max(700, member.perDay * 25),
      stealthy: Math.max(60, member.perDay * 4),
      days: 5,
    });
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, at) =>
        userSignIn(company, draws, at, draws.pick(member.users), false, { app, place }),
      ),
      ...each(moments, (draws, at) => {
        const person = draws.pick(member.users);
        if (app.scopes.includes("Mail.Read") && draws.chance(0.4)) {
          return mailRead(company, draws, at, person, { place, via: app, items: draws.int(5, 20) });
        }
        return graphCall(company, draws, at, {
          app,
          place,
          person,
          uri: `/me/events?$top=100&$skip=${draws.int(0, 60) * 100}`,
          bytes: draws.int(60_000, 600_000),
        });
      }),
    ]);
  },
};

/** Nobody bought it, one person connected it, and it reads whatever she may read. */
const feedsOutsideAi: Scenario = {
  id: "ms-unapproved-ai-app",
  title: "A person connects an AI app that nobody approved, and it takes in her files and mail",
  platform: "microsoft",
  attackType: "ai_abuse",
  techniques: ["T63", "T59", "T01"],
  stage: (setting) => {
    const person = takeUser(setting);
    const app = newcomer(
      setting,
      {
        loud: ["FreeGPT Writer", "ChatMind AI", "GPT Mail Genius"],
        quiet: ["Larkfield AI Assistant", "Tamarisk AI Writer"],
      },
      { scopes: ["User.Read", "Files.Read.All", "Mail.Read", "offline_access"] },
    );
    return letIn(setting, app, [person], { blatant: 500, stealthy: 60 }, true);
  },
};

export const aiAttacks: readonly Scenario[] = [
  hiddenInstructions,
  brokenGuards,
  newTools,
  assistantDrains,
  feedsOutsideAi,
];

function takeAgent(setting: Setting): Member | null {
  return takeMember(setting, ({ means, perDay }) => means === "agent" && perDay > 0.3);
}

function agentOf(member: Member): Agent {
  return { id: member.nativeId, name: member.name, host: member.agent?.host ?? "Teams" };
}

function agentMoments(
  setting: Setting,
  member: Member,
  blatant: number,
  stealthy: number,
): number[] {
  const { office } = member.owner;
  const from = inOffice(setting, dayOf(setting), office) + 10 * MINUTE_MS;
  return campaign(setting, {
    from,
    office,
    blatant: Math.max(blatant, member.perDay * 4),
    stealthy,
    days: 5,
  });
}

/** A file under a sensitivity label. */
function labelled({ company }: Setting, rng: Setting["rng"]): Fields {
  return resource(company, rng, {
    SensitivityLabelId: stableGuid(`${company.entraTenantId} confidential`),
    Name: `${rng.pick(["Salaries", "Merger", "Board minutes", "Forecast"])} ${hex(rng, 4)}.xlsx`,
    Type: "xlsx",
  });
}
