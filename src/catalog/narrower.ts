/** The smallest scope that suffices for what an app does. */

import type { Platform } from "#contract/platform.ts";
import narrowerFile from "./narrower-scopes.json" with { type: "json" };
import { knownScopes, scopeName } from "./scopes.ts";

/** What an app was seen to do with a scope: reads, writes (or sends), or both. */
export type Use = "reads" | "writes" | "both";

interface Step {
  readonly reads?: string | undefined;
  readonly writes?: string | undefined;
  readonly chosen?: string | undefined;
}

const steps = new Map<string, Step>(
  narrowerFile.scopes.map((row) => [`${row.platform} ${row.scope.toLowerCase()}`, row]),
);

const names = new Set(
  knownScopes().map(({ platform, scope }) => `${platform} ${scope.toLowerCase()}`),
);

/**
 * A smaller scope that still allows what was seen, or null where none is known. Listed steps come first; else a vendor
 * that offers the same scope for reading alone says so by its name.
 */
export function narrowerScope(platform: Platform, scope: string, use: Use): string | null {
  const name = scopeName(platform, scope.trim());
  const step = steps.get(`${platform} ${name.toLowerCase()}`);
  const listed = use === "both" ? undefined : step?.[use];
  const found =
    listed ?? (use === "reads" ? readOnly(platform, name) : null) ?? step?.chosen ?? null;
  return found === null || found.toLowerCase() === name.toLowerCase() ? null : found;
}

/** The same scope for reading alone, where the vendor offers it. */
function readOnly(platform: Platform, name: string): string | null {
  const forms = [
    name.replace(/\.ReadWrite(?=\.|$)/, ".Read"),
    `${name}.readonly`,
    // Elsewhere (Slack) a scope to write does not let anybody read.
    ...(platform === "github"
      ? [name.replace(/:(write|admin)$/, ":read"), name.replace(/^(write|admin):/, "read:")]
      : []),
    name.replace(/\.manage$/, ".read"),
  ];
  return (
    forms.find((form) => form !== name && names.has(`${platform} ${form.toLowerCase()}`)) ?? null
  );
}
