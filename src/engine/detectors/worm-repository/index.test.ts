/** Repositories with a worm's mark are told; ordinary ones, and talk about worms, are not. */

import { type AuditEvent, change } from "#contract/event.ts";
import { at, event, testDetector } from "#engine/testing.ts";
import { wormRepository } from "./index.ts";

function made(name: string, detail: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("github", "repository.created", {
    at: at(2, 3),
    class: "create",
    target: { type: "repository", id: `acme/${name}`, name },
    change: change("created", { detail }),
    ...known,
  });
}

testDetector(wormRepository, {
  fires: {
    "a repository with a worm's words": {
      events: [made("xk3f9q", "repository: Sha1-Hulud: Another Coming")],
      severityMin: "high",
      confidenceMin: 0.8,
      says: ["acme/xk3f9q", "known worm"],
    },
    "a public one with a worm's name": {
      events: [
        made("s1ngularity-repository-7", "created public", {
          change: change("made_public", { destination: "everybody", detail: "created public" }),
        }),
      ],
      severityMin: "critical",
      says: ["everybody can read it"],
    },
    "private repositories opened as a migration": {
      events: ["a", "b"].map((name) =>
        made(`${name}-migration`, "created public: Shai-Hulud Migration", {
          change: change("made_public", { detail: "created public: Shai-Hulud Migration" }),
        }),
      ),
      severityMin: "critical",
    },
  },
  quiet: {
    "a new repository": { events: [made("site", "repository: The site")] },
    "a fan of the novels": { events: [made("dune-notes", "repository: Notes on the sandworm")] },
    "a repository is deleted": {
      events: [
        made("xk3f9q", "", {
          action: "repository.deleted",
          class: "delete",
          change: change("deleted", { detail: "Sha1-Hulud" }),
        }),
      ],
    },
  },
  evasions: {
    "the next worm with another name": {
      events: [made("q8", "repository: backup")],
      isCaught: false,
    },
  },
});
