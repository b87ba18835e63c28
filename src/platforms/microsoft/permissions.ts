/** Names of Microsoft Graph permissions, which records often give as bare ids. */

import file from "#catalog/graph-permissions.json" with { type: "json" };

const nameById = new Map<string, string>();
for (const { name, application, delegated } of file.permissions) {
  if (application?.id !== undefined) nameById.set(application.id, name);
  if (delegated?.id !== undefined) nameById.set(delegated.id, name);
}

/** The permission's name where Microsoft Graph defines the id, else the id as it is. */
export function permissionName(id: string): string {
  return nameById.get(id.toLowerCase()) ?? id;
}
