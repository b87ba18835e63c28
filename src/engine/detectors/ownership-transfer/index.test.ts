/** Content that goes to owners outside, or in mass, is told; handing over among colleagues is not. */

import { type AuditEvent, change, machine } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { ownershipTransfer } from "./index.ts";

function away(known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "change_owner", {
    at: at(2, 16),
    class: "transfer",
    target: { type: "document", id: "D1", name: "Price list" },
    change: change("shared_externally", {
      destination: "buyer@elsewhere.example",
      detail: "new owner",
    }),
    ...known,
  });
}

const hand = (day: number) =>
  event("google", "change_owner", { at: at(day, 9), class: "transfer" });

testDetector(ownershipTransfer, {
  fires: {
    "a document gets an owner outside": {
      events: [away()],
      says: ["Price list", "buyer@elsewhere.example"],
    },
    "a file is copied to a drive outside": {
      events: [
        away({
          action: "source_copy",
          class: "copy",
          change: change("shared_externally", { detail: "copied out of the organization" }),
        }),
      ],
    },
    "an app gives away many": {
      events: repeat(12, 1_000, () =>
        away({
          actor: machine("A9", "Mover"),
          automation: app("A9", { name: "Mover" }),
          target: null,
        }),
      ),
      severityMin: "medium",
      says: ["an app did it"],
    },
    "an account hands over 150 things in an hour": {
      events: [...[0, 1, 2, 3].map(hand), ...repeat(150, 20_000, () => hand(7))],
      severityMin: "medium",
      says: ["150 things"],
    },
  },
  quiet: {
    "a colleague becomes the owner": { events: [hand(1)] },
    "somebody who leaves hands over thirty files": { events: repeat(30, 60_000, () => hand(3)) },
    "a look for an outsider": {
      events: [
        event("google", "change_user_access", {
          at: at(1),
          class: "share",
          change: change("shared_externally", { destination: "buyer@elsewhere.example" }),
        }),
      ],
    },
    "a transfer that was refused": { events: [away({ outcome: "denied" })] },
  },
  evasions: {
    "one document a day for a fortnight": {
      events: Array.from({ length: 14 }, (_, day) => away({ at: at(day, 11), actor: dana() })),
      isCaught: true,
    },
    "first a colleague, who then leaves with it": { events: [hand(1)], isCaught: false },
  },
});
