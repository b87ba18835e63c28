/** AI apps that nobody approved are told from approved, in-house and first-party ones; viral ones from slow ones. */

import type { AutomationRef } from "#contract/automation.ts";
import { type Actor, change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { shadowAi } from "./index.ts";

const otter: Partial<AutomationRef> = { name: "Otter.ai", domains: ["otter.ai"] };
const CALENDAR = ["https://www.googleapis.com/auth/calendar.readonly"];

const consent = (
  day: number,
  by: Actor = dana(),
  known: Partial<AutomationRef> = otter,
  scopes = CALENDAR,
) =>
  event("google", "authorize", {
    at: at(day),
    class: "consent",
    actor: by,
    subject: app("123456789012-otter.apps.googleusercontent.com", known),
    change: change("granted", { scopes, consent: "user", principal: by.id }),
  });
const team = (size: number, dayOf: (i: number) => number, known?: Partial<AutomationRef>) =>
  Array.from({ length: size }, (_, i) => consent(dayOf(i), dana(`p${i}@example.com`), known));
const approve = (day: number, kind: "approved" | "restricted") =>
  event("google", `app_${kind}`, {
    at: at(day),
    class: "policy",
    actor: dana("admin@example.com"),
    subject: app("123456789012-otter.apps.googleusercontent.com", otter),
    change: change(kind, { consent: kind === "approved" ? "admin" : null }),
  });

testDetector(shadowAi, {
  fires: {
    "one person tries a notetaker": {
      events: [consent(1)],
      confidenceMin: 0.5,
      says: ["dana@example.com", "Otter", "approved"],
    },
    "an AI with mail and files, not verified": {
      events: [
        consent(1, dana(), { name: "ChatGPT mailbox agent", isVerified: false }, [
          "https://www.googleapis.com/auth/gmail.modify",
          "https://www.googleapis.com/auth/drive.readonly",
        ]),
      ],
      severityMin: "medium",
      says: ["gmail.modify"],
    },
    "a notetaker in a week through the team: use, five people, ten people": {
      events: team(10, (i) => Math.floor(i / 2)),
      findings: 3,
      says: ["10 people", "join meetings by themselves"],
    },
    "all in one day": {
      events: team(40, () => 2),
      findings: 2,
      severityMin: "low",
      says: ["40 people"],
    },
    "it acts, and nobody's consent is on record": {
      events: [
        event("google", "activity", {
          at: at(1),
          class: "read",
          automation: app("123456789012-otter.apps.googleusercontent.com", otter),
        }),
      ],
      says: ["in 1 record,"],
    },
    "approved once, restricted since": {
      events: [approve(0, "approved"), approve(2, "restricted"), consent(5)],
    },
  },
  quiet: {
    "an AI that an administrator approved": {
      events: [approve(0, "approved"), ...team(40, () => 2)],
    },
    "an AI rolled out for everybody": {
      events: [
        { ...consent(0), change: change("granted", { scopes: CALENDAR, consent: "tenant" }) },
        ...team(12, () => 1),
      ],
    },
    "no AI: a scheduler that spreads": {
      events: team(12, () => 2, { name: "Meeting Poll", domains: ["poll.example.net"] }),
    },
    "the company's own assistant": {
      events: team(12, () => 2, { name: "Ask our AI", isInternal: true }),
    },
    "Microsoft's own Copilot": {
      events: [
        event("microsoft", "consent", {
          at: at(1),
          class: "consent",
          subject: app("fb8d773d-7ef8-4ec0-a117-179f88add510", {
            name: "Enterprise Copilot Platform",
            ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
          }),
          change: change("granted", {
            scopes: ["User.Read"],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
      ],
    },
    "the platform's assistant that came with it, and an agent built inside": {
      events: [
        event("google", "prompt", {
          at: at(1),
          class: "prompt",
          automation: app("gemini", { kind: "ai_agent", name: "Gemini", publisher: "Google" }),
        }),
        event("microsoft", "CopilotInteraction", {
          at: at(1),
          class: "prompt",
          automation: app("copilot.leave", { kind: "ai_agent", name: "Leave request AI agent" }),
        }),
      ],
    },
    "asked for, and not yet given": {
      events: [
        {
          ...consent(1),
          outcome: "unknown" as const,
          change: change("requested", { scopes: CALENDAR, principal: "dana@example.com" }),
        },
      ],
    },
    "a design tool whose name holds the letters ai": {
      events: team(6, () => 1, { name: "Maintain Daily", domains: ["maintain.example.net"] }),
    },
    "a consent that was denied": { events: [{ ...consent(1), outcome: "denied" as const }] },
  },
  evasions: {
    "slowly, one person a fortnight: in use, but no spread": {
      events: team(6, (i) => i * 14),
      isCaught: true,
    },
    "an AI behind a plain name that the catalogue does not know": {
      events: team(12, () => 2, { name: "Contoso Minutes" }),
      isCaught: false,
    },
  },
});
