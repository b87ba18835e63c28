/** Doors that stay open: mail that is sent on, and guardrails that are taken down for one application. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import {
  adminPlace,
  apiCall,
  automation,
  type Beat,
  clickTime,
  colleagues,
  consent,
  dayAt,
  daysFrom,
  dialWhole,
  hasScope,
  hideout,
  isAtWork,
  isCareful,
  listed,
  minutesAfter,
  newApp,
  opening,
  plausible,
  playOf,
  principal,
  rented,
  scene,
  strangerMailbox,
  takeAdmin,
  takeMember,
  usersOf,
} from "#simulator/google/play.ts";
import { administered, installed, mailForwarded, trusted } from "#simulator/google/records.ts";
import type { Scenario } from "#simulator/stage.ts";
import { takesFiles } from "./loot.ts";

/** One rule in the Admin console, and a copy of every mail of a unit goes to an address outside. */
const defaultRouting: Scenario = {
  id: "google-mail-routed-out",
  title: "A stolen admin session routes copies of the company's mail outside",
  platform: "google",
  attackType: "backdoor",
  techniques: ["T33"],
  stage(setting) {
    const { company, rng } = setting;
    const by = takeAdmin(setting);
    const day = dayAt(setting, opening(setting), setting.stealth >= 0.5);
    const at = isCareful(setting)
      ? clickTime(by, day, rng)
      : Math.floor(day.start + (21 - by.office.zone) * HOUR_MS);
    const hosts = adminPlace(setting, by);
    const to = strangerMailbox(setting);
    return playOf(
      setting,
      [
        {
          at,
          make: (draws) =>
            administered(
              scene(setting, { at, who: by, hosts }, null, draws),
              "EMAIL_SETTINGS",
              "CREATE_GMAIL_SETTING",
              {
                SETTING_NAME: "DEFAULT_ROUTING_RULE",
                USER_DEFINED_SETTING_NAME: isCareful(setting) ? "Compliance journal" : "rule",
                NEW_VALUE: `also deliver to ${to}`,
                ORG_UNIT_NAME: company.name,
              },
            ),
        },
      ],
      { subjects: [principal(by)] },
    );
  },
};

/**
 * A mail app's token sets up forwarding in the mailboxes that it serves, and a filter that hides what the bank answers.
 * Reading is then no longer needed.
 */
const forwardingByApp: Scenario = {
  id: "google-forwarding-by-app",
  title: "A mail app's token sets up forwarding and filters in its users' mailboxes",
  platform: "google",
  attackType: "backdoor",
  techniques: ["T33", "T32"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) && usersOf(found).length > 0 && hasScope(found, /gmail\.settings\.sharing/),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const hosts = hideout(setting, member);
    const to = strangerMailbox(setting);
    const victims = usersOf(member).slice(0, dialWhole(setting, 12, 1));
    const beats: Beat[] = [];
    const days = daysFrom(setting, dayAt(setting, opening(setting)), dialWhole(setting, 1, 4));
    for (const [index, who] of victims.entries()) {
      const on = days[index % days.length];
      if (on === undefined) continue;
      const at = isCareful(setting)
        ? clickTime(who, on, rng)
        : Math.floor(on.start + (2 + rng.next()) * HOUR_MS);
      const methods = [
        "gmail.users.settings.forwardingAddresses.create",
        "gmail.users.settings.updateAutoForwarding",
        "gmail.users.settings.filters.create",
      ];
      for (const [step, method] of methods.entries()) {
        beats.push(
          apiCall(setting, { at: at + step * 4_000, who, hosts }, app, method, [300, 900]),
        );
      }
      const told = at + 9_000;
      beats.push({
        at: told,
        make: (draws) => mailForwarded(scene(setting, { at: told, who, hosts }, app, draws), to),
      });
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * The tenant lets only trusted apps in. So the guardrail goes first: third-party access is opened, the app is trusted and
 * put on the domain. Only then do people consent, and nothing stops them.
 */
const guardrailDown: Scenario = {
  id: "google-app-trusted-by-intruder",
  title: "App control is relaxed, an unknown app is trusted for the domain and then reads Drive",
  platform: "google",
  attackType: "backdoor",
  techniques: ["T42", "T28"],
  stage(setting) {
    const { company, rng } = setting;
    const by = takeAdmin(setting);
    const app = newApp(
      setting,
      isCareful(setting)
        ? plausible(setting, "Insights", "Workspace Reports")
        : setting.rng.pick(["Admin Toolbox Pro", "Console Booster", "Domain Manager Plus"]),
      {
        scopes: isCareful(setting, 0.8) ? ["drive.readonly"] : ["drive", "gmail.readonly"],
      },
    );
    const day = dayAt(setting, opening(setting));
    const at = isCareful(setting)
      ? clickTime(by, day, rng)
      : Math.floor(day.start + (22 - by.office.zone) * HOUR_MS);
    const hosts = adminPlace(setting, by);
    const act = (when: number) => ({ at: when, who: by, hosts });
    const victims = colleagues(setting, dialWhole(setting, 10, 2), [by]);
    const next = dayAt(setting, (day.index + dialWhole(setting, 1, 3)) / setting.days.length);
    const clicks = victims.map((who) => ({ who, at: clickTime(who, next, rng) }));
    const relaxed = minutesAfter(at, 1, 3, rng);
    return playOf(
      setting,
      [
        {
          at,
          make: (draws) =>
            administered(
              scene(setting, act(at), null, draws),
              "SECURITY_SETTINGS",
              isCareful(setting, 0.8)
                ? "ALLOW_SERVICE_FOR_OAUTH2_ACCESS"
                : "UNBLOCK_ALL_THIRD_PARTY_API_ACCESS",
              { OAUTH2_SERVICE_NAME: "DRIVE_HIGH_RISK", ORG_UNIT_NAME: company.name },
            ),
        },
        { at: relaxed, make: (draws) => trusted(scene(setting, act(relaxed), null, draws), app) },
        {
          at: relaxed + 2 * MINUTE_MS,
          make: (draws) =>
            installed(scene(setting, act(relaxed + 2 * MINUTE_MS), null, draws), app),
        },
        ...clicks.map(({ who, at: clicked }) => consent(setting, clicked, who, app)),
        ...takesFiles(setting, {
          app,
          from: next,
          after: Math.max(...clicks.map(({ at: clicked }) => clicked)),
          victims,
          hosts: rented(setting),
          usual: 0,
        }),
      ],
      { subjects: [automation(app), principal(by)], newcomers: [app], state: listed(app, victims) },
    );
  },
};

export const doors: readonly Scenario[] = [defaultRouting, forwardingByApp, guardrailDown];
