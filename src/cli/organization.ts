/** The organization that a command is about, as it is named on the command line. */

import { UserError } from "#kit/error.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";

/** By id, slug or name. Throws UserError where there is no such one, or more than one of that name. */
export async function organizationNamed(
  store: Store,
  written: string,
): Promise<organizations.Organization> {
  const found = await store.acrossOrgs((tx) => organizations.find(tx, written));
  if (found !== undefined) return found;
  throw new UserError(
    "organization.unknown",
    `No one organization is called ${written}:  singura orgs list  shows all,  singura orgs create NAME  makes one.`,
  );
}
