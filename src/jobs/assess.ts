/** Judges one organization: all that is known of it, through every detector, to automations, findings and chains. */

import { z } from "zod";
import { assess as judge } from "#engine/assess.ts";
import { correlationsIn } from "#engine/sigma/correlate/correlations.ts";
import { factsOf, speakingDocuments } from "#engine/sigma/documents.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { UserError } from "#kit/error.ts";
import * as auditEvents from "#store/audit-events.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";
import { type Changes, isChange, saveAssessment } from "./assess/save.ts";
import { storedSettings } from "./assess/settings.ts";
import { loadFolded } from "./collect/folded.ts";
import type { Job } from "./job.ts";

export const AssessInput = z.object({ orgId: z.string().min(1).max(64) });
export type AssessInput = z.infer<typeof AssessInput>;

/** The world, as judging needs it. */
export interface AssessDeps {
  readonly store: Store;
  /** Epoch milliseconds; for when something was first claimed, never for what is claimed. */
  readonly clock: () => number;
  /** The Sigma rules that records were held against. */
  readonly rules?: readonly SigmaDocument[];
}

/** Waiting for another assessment, reading and judging the largest organization take minutes, where queries take seconds. */
const LIMIT_MS = 15 * 60_000;

/**
 * Assesses an organization and gives what changed by it. One at a time judges an organization, and by what is stored when its
 * turn comes: so the last one always knows the most. Where nothing changed, nothing is written.
 */
export const assess: Job<AssessDeps, AssessInput, Changes> = {
  name: "assess",
  input: AssessInput,
  async run({ store, clock, rules = [] }, { orgId }) {
    return store.inOrg(orgId, async (tx) => {
      await organizations.alone(tx, orgId, "assess", LIMIT_MS);
      const organization = await organizations.get(tx, orgId);
      if (organization === undefined) {
        throw new UserError("organization.unknown", `There is no organization ${orgId}.`);
      }
      const assessment = judge(await loadFolded(tx, orgId), {
        orgId,
        now: (await auditEvents.latestAt(tx, orgId)) ?? 0,
        ...storedSettings(organization),
        rules: speakingDocuments(rules).map(factsOf),
        correlations: correlationsIn(rules),
      });
      const changes = await saveAssessment(tx, orgId, assessment, clock());
      if (isChange(changes)) await organizations.touch(tx, orgId);
      return changes;
    });
  },
};
