/** Sprees of links are told from single links, from products whose business they are and from folders shared by hand. */

import { SECOND_MS } from "#base/time.ts";
import { type AuditEvent, change } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { publicLinkSpree } from "./index.ts";

const bot = app("A-bot", { name: "Share Bot", kind: "bot" });
const video = app("A-video", { name: "Screen Recorder", isVerified: true });

function link(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "file_public_link_created", {
    at: at(day, 14),
    class: "publish",
    automation: bot,
    change: change("made_public"),
    ...known,
  });
}

function outside(day: number, to: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "change_user_access", {
    at: at(day, 14),
    class: "share",
    automation: bot,
    change: change("shared_externally", { destination: to }),
    ...known,
  });
}

const post = (day: number) =>
  event("slack", "message_posted", { at: at(day, 9), class: "send", automation: bot });
const weeksOfPosts = [0, 1, 2, 3, 4, 7, 8].flatMap((day) =>
  repeat(20, 60 * SECOND_MS, () => post(day)),
);

testDetector(publicLinkSpree, {
  fires: {
    "a bot that only posts opens 30 files by link": {
      events: [...weeksOfPosts, ...repeat(30, 5 * SECOND_MS, () => link(9))],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["30 things", "never opened anything"],
    },
    "an unverified app opens 150 files on the first day seen": {
      events: repeat(150, SECOND_MS, () =>
        link(2, { automation: app("A-x", { name: "Quick Share", isVerified: false }) }),
      ),
      severityMin: "high",
      confidenceMin: 0.3,
      says: ["too few other days", "not verified"],
    },
    "a service account gives one outsider fourteen things: a hint, since reports for partners look so, too":
      {
        events: [
          ...weeksOfPosts.map((one) => ({ ...one, platform: "google" as const })),
          ...repeat(14, 5 * SECOND_MS, () => outside(9, "collector@elsewhere.example")),
        ],
        severityMin: "low",
        says: ["collector@elsewhere.example", "one outsider"],
      },
    "a person's account opens 120 files after months of none": {
      events: [
        ...[0, 1, 2, 3, 4].map((day) => ({ ...post(day), automation: null })),
        ...repeat(120, SECOND_MS, () => link(6, { automation: null })),
      ],
      severityMin: "medium",
      says: ["dana"],
    },
  },
  quiet: {
    "one link by a person": { events: [link(2, { automation: null })] },
    "one link by a bot": { events: [...weeksOfPosts, link(9)] },
    "a recorder that publishes forty videos every day": {
      events: [0, 1, 2, 3, 4, 5].flatMap((day) =>
        repeat(36 + day * 2, 60 * SECOND_MS, () => link(day, { automation: video })),
      ),
    },
    "the recorder's busy day": {
      events: [
        ...[0, 1, 2, 3, 4, 5].flatMap((day) =>
          repeat(12, 60 * SECOND_MS, () => link(day, { automation: video })),
        ),
        ...repeat(30, 60 * SECOND_MS, () => link(6, { automation: video })),
      ],
    },
    "a person shares a folder of 25 photos by link": {
      events: [
        ...[0, 1, 2, 3].map((day) => ({ ...post(day), automation: null })),
        ...repeat(25, SECOND_MS, () => link(5, { automation: null })),
      ],
    },
    "sixty shares inside the organization": {
      events: [
        ...weeksOfPosts,
        ...repeat(60, 5 * SECOND_MS, () =>
          event("slack", "file_shared", { at: at(9), class: "share", automation: bot }),
        ),
      ],
    },
    "links that were refused": {
      events: [...weeksOfPosts, ...repeat(30, 5 * SECOND_MS, () => link(9, { outcome: "denied" }))],
    },
  },
  evasions: {
    "two links a day for three weeks": {
      events: Array.from({ length: 21 }, (_, day) => repeat(2, SECOND_MS, () => link(day))).flat(),
      isCaught: false,
    },
    "half by link, half to outsiders by name": {
      events: [
        ...weeksOfPosts,
        ...repeat(6, SECOND_MS, () => link(9)),
        ...repeat(6, SECOND_MS, () => ({
          ...outside(9, "a@elsewhere.example"),
          platform: "slack" as const,
        })),
      ],
      isCaught: true,
    },
  },
});
