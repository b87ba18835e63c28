/** AI applications led astray: a connector that drains what it may read, and an agent that carries it outside. */

import { namedDoc, ownDoc } from "#simulator/google/documents.ts";
import { PARTNERS } from "#simulator/google/member.ts";
import {
  apiCall,
  automation,
  type Beat,
  clickTime,
  consent,
  dayAt,
  daysFrom,
  dialWhole,
  hasScope,
  isAtWork,
  isCareful,
  listed,
  moments,
  newApp,
  opening,
  placesOf,
  plausible,
  playOf,
  rented,
  scene,
  strangerMailbox,
  takeMember,
  usersOf,
  usualOf,
} from "#simulator/google/play.ts";
import { accessed, mailed, sharedWith } from "#simulator/google/records.ts";
import type { Scenario } from "#simulator/stage.ts";
import { filesAt, mailsAt, plan } from "./loot.ts";

const MAY_READ = /\/drive(\.readonly)?$|gmail\.readonly/;

/**
 * A mail with words that only the machine reads tells the assistant to look for contracts and put them into an address.
 * All calls come from the AI vendor's own machines with the person's own consent; there are only far too many of them.
 */
const connectorDrain: Scenario = {
  id: "google-ai-connector-drain",
  title: "An AI assistant's connector reads far more mail and files than its people ever ask for",
  platform: "google",
  attackType: "ai_abuse",
  techniques: ["T59", "T29"],
  stage(setting) {
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        (found.behaviour === "ai-assistant" || found.behaviour === "ai-agent") &&
        hasScope(found, MAY_READ),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const hosts = placesOf(member);
    const heist = {
      app,
      from: dayAt(setting, opening(setting)),
      victims: usersOf(member),
      hosts,
      usual: usualOf(member),
    };
    const takings = plan(setting, heist);
    const beats = hasScope(member, /gmail\.readonly/)
      ? [
          ...mailsAt(
            setting,
            app,
            hosts,
            takings.filter((_, index) => index % 2 === 0),
          ),
          ...filesAt(
            setting,
            app,
            hosts,
            takings.filter((_, index) => index % 2 === 1),
          ),
        ]
      : filesAt(setting, app, hosts, takings);
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/** An AI app that nobody knows is tried out by a few people, and indexes all that they can see within days. */
const unknownAssistant: Scenario = {
  id: "google-ai-unknown-assistant",
  title: "An unknown AI app is let in with mail and Drive, and takes in everything",
  platform: "google",
  attackType: "ai_abuse",
  techniques: ["T63", "T59", "T01"],
  stage(setting) {
    const { rng } = setting;
    const victims = [setting.takePerson(({ leftAt }) => leftAt === null)];
    while (victims.length < dialWhole(setting, 4, 1)) {
      victims.push(setting.takePerson(({ leftAt }) => leftAt === null));
    }
    const app = newApp(setting, plausible(setting, "AI", "Inbox AI", "GPT Copilot", "AI Search"), {
      scopes: isCareful(setting, 0.8)
        ? ["gmail.readonly", "drive.readonly"]
        : ["https://mail.google.com/", "drive"],
    });
    const day = dayAt(setting, opening(setting, 0.4, 0.65));
    const clicks = victims.map((who) => ({ who, at: clickTime(who, day, rng) }));
    const hosts = rented(setting);
    const takings = plan(setting, {
      app,
      from: day,
      after: Math.max(...clicks.map(({ at }) => at)),
      victims,
      hosts,
      usual: 0,
      scale: 1.2,
    });
    return playOf(
      setting,
      [
        ...clicks.map(({ who, at }) => consent(setting, at, who, app)),
        ...mailsAt(
          setting,
          app,
          hosts,
          takings.filter((_, index) => index % 2 === 0),
        ),
        ...filesAt(
          setting,
          app,
          hosts,
          takings.filter((_, index) => index % 2 === 1),
        ),
      ],
      { subjects: [automation(app)], newcomers: [app], state: listed(app, victims) },
    );
  },
};

/**
 * Three things that are harmless alone: it reads what strangers send, it reads what is confidential, and it can send. A
 * shared document with hidden words makes it do all three in a row.
 */
const agentCarriesOut: Scenario = {
  id: "google-ai-agent-carries-out",
  title:
    "An AI agent reads a document from outside, then confidential files, then sends and shares outside",
  platform: "google",
  attackType: "ai_abuse",
  techniques: ["T58", "T65", "T35"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind === "oauth_app" &&
        found.behaviour === "ai-agent" &&
        hasScope(found, /\/drive$/) &&
        usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const hosts = placesOf(member);
    const victims = usersOf(member);
    const [first] = victims;
    if (first === undefined) return null;
    const to = strangerMailbox(setting);
    const beats: Beat[] = [];
    const days = daysFrom(setting, dayAt(setting, opening(setting)), dialWhole(setting, 1, 4));
    for (const on of days) {
      for (const start of moments(setting, on, dialWhole(setting, 25, 4), first.office, rng)) {
        const who = rng.pick(victims);
        const bait = namedDoc(
          `bait ${setting.id}`,
          "Proposal",
          "document",
          `jo@${PARTNERS[setting.rng.int(0, PARTNERS.length - 1)] ?? "oakline.example"}`,
        );
        const step = (after: number) => ({ at: start + after, who, hosts });
        const doc = ownDoc(who, rng.int(0, 599));
        beats.push(
          {
            at: start,
            make: (draws) => accessed(scene(setting, step(0), app, draws), "view", bait),
          },
          apiCall(setting, step(3_000), app, "drive.files.list", [9_000, 60_000]),
          {
            at: start + 8_000,
            make: (draws) => accessed(scene(setting, step(8_000), app, draws), "view", doc),
          },
          {
            at: start + 15_000,
            make: (draws) => sharedWith(scene(setting, step(15_000), app, draws), doc, to),
          },
          apiCall(setting, step(18_000), app, "gmail.users.messages.send", [300, 900]),
          {
            at: start + 19_000,
            make: (draws) =>
              mailed(scene(setting, step(19_000), app, draws), to, "Summary", 24_000),
          },
        );
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

export const aiAbuse: readonly Scenario[] = [connectorDrain, unknownAssistant, agentCarriesOut];
