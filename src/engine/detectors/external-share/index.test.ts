/** Shares with strangers that give more than a look, or that programs make, are told; everyday sharing is not. */

import { type AuditEvent, change, machine } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { externalShare } from "./index.ts";

function share(known: Partial<AuditEvent> = {}, detail = "can_edit"): AuditEvent {
  return event("google", "change_user_access", {
    at: at(2, 11),
    class: "share",
    target: { type: "document", id: "D1", name: "Roadmap" },
    change: change("shared_externally", { destination: "sam@elsewhere.example", detail }),
    ...known,
  });
}

const bot = app("A5", { name: "Sharer", isVerified: false });

testDetector(externalShare, {
  fires: {
    "an outsider may edit a document": {
      events: [share()],
      says: ["Roadmap", "sam@elsewhere.example", "may change it"],
    },
    "an unverified bot lets an outsider in": {
      events: [share({ automation: bot, actor: machine("A5", "Sharer") }, "can_view")],
      severityMin: "medium",
      says: ["a program did it", "nobody verified"],
    },
    "a private repository becomes public": {
      events: [
        event("github", "repo.access", {
          at: at(1),
          class: "publish",
          target: { type: "repository", id: "acme/billing", name: null },
          change: change("made_public", { destination: "everybody", detail: "was private" }),
        }),
      ],
      says: ["acme/billing", "everybody"],
    },
    "six people of one firm on one day are one finding": {
      events: Array.from({ length: 6 }, (_, index) =>
        share({
          at: at(2, 11, index),
          change: change("shared_externally", {
            destination: `p${index}@elsewhere.example`,
            detail: "can_view",
          }),
        }),
      ),
      says: ["6 times"],
    },
  },
  quiet: {
    "a repository that was public from the start": {
      events: [
        event("github", "repository.created", {
          at: at(1),
          class: "create",
          target: { type: "repository", id: "acme/site", name: null },
          change: change("made_public", { destination: "everybody", detail: "created public" }),
        }),
      ],
    },
    "an app shares for somebody from its own server, in another country": {
      events: [
        ...[0, 1, 2, 3, 4, 7].map((day) =>
          event("google", "edit", {
            at: at(day),
            class: "edit",
            client: { ip: "192.0.2.7", asn: null, country: "DE", userAgent: null },
          }),
        ),
        share(
          {
            at: at(8),
            automation: app("A8", { name: "Signer" }),
            client: { ip: "203.0.113.9", asn: null, country: "US", userAgent: null },
          },
          "can_view",
        ),
      ],
    },
    "a person's link to one file": {
      events: [
        event("slack", "file_public_link_created", {
          at: at(1),
          class: "publish",
          target: { type: "file", id: "F1", name: "menu.pdf" },
          change: change("made_public"),
        }),
      ],
    },
    "a look for one outsider": { events: [share({}, "can_view")] },
    "a folder that is kept for outsiders": {
      events: [
        share(
          {
            target: { type: "file", id: "https://x.example/Documents/External/a.docx", name: null },
          },
          "Type Edit",
        ),
      ],
    },
    "a person lets an outsider look at three documents": {
      events: ["D1", "D2", "D3"].map((id, index) =>
        share({ at: at(2, 11, index), target: { type: "document", id, name: null } }, "can_view"),
      ),
    },
    "a share with a colleague": {
      events: [event("google", "change_user_access", { at: at(1), class: "share" })],
    },
    "a bot made in-house sends quotes to customers to look at": {
      events: [
        share(
          { automation: app("A6", { isInternal: true }), actor: machine("A6", "Quotes") },
          "can_view",
        ),
      ],
    },
    "a share that was refused": { events: [share({ outcome: "denied" })] },
  },
  evasions: {
    "looks only, a few a day": {
      events: [0, 1, 2, 3, 4].map((day) => share({ at: at(day) }, "can_view")),
      isCaught: false,
    },
    "a new outsider each day": {
      events: [0, 1, 2, 3].map((day) =>
        share({
          at: at(day),
          change: change("shared_externally", {
            destination: `x@drop${day}.example`,
            detail: "can_edit",
          }),
        }),
      ),
      isCaught: true,
    },
  },
});
