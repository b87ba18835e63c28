/** Which job carries out which kind of run, and what follows it. */

import { AssessInput, assess } from "#jobs/assess.ts";
import { CollectInput, collect } from "#jobs/collect.ts";
import { UserError } from "#kit/error.ts";
import type { Store } from "#store/db.ts";
import type { Kinds } from "./in-process.ts";

/** Jobs whose runs a server takes up by itself. */
export function kindsOf(deps: { readonly store: Store; readonly clock: () => number }): Kinds {
  return {
    async collect({ orgId, input }, tell) {
      const asked = ofOrganization(orgId, CollectInput.parse(input));
      tell(await collect.run({ ...deps, onProgress: tell }, asked));
      return assess.name;
    },
    async assess({ orgId, input }, tell) {
      const { automations, findings } = await assess.run(
        deps,
        ofOrganization(orgId, AssessInput.parse(input)),
      );
      tell({ automations: howMany(automations), findings: howMany(findings) });
      return null;
    },
  };
}

/** Of each list of ids, its length: progress stays small whatever an organization has. */
function howMany(lists: Readonly<Record<string, readonly string[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(lists).map(([name, ids]) => [name, ids.length]));
}

/** A run works for its own organization, whatever its input says. */
function ofOrganization<Input extends { orgId: string }>(orgId: string, input: Input): Input {
  if (input.orgId === orgId) return input;
  throw new UserError("run.strange", "The run speaks of another organization.");
}
