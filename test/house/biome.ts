/** The editor and the linter know the rooms from biome.json; this rule keeps it equal to the table of rooms. */
import { rooms } from "#test/house/rooms.ts";
import type { Rule, Violation } from "#test/house/tree.ts";

interface Config {
  overrides?: {
    includes?: string[];
    linter?: {
      rules?: {
        style?: { noRestrictedImports?: { options?: { patterns?: { group: string[] }[] } } };
      };
    };
  }[];
}

export const biomeRule: Rule = (tree) => {
  const config: Config = JSON.parse(tree.get("biome.json") ?? "{}");
  const violations: Violation[] = [];
  for (const [name, { may }] of Object.entries(rooms)) {
    const place = `src/${name}/**`;
    const own = config.overrides?.find(
      ({ includes, linter }) =>
        includes?.includes(place) && linter?.rules?.style?.noRestrictedImports !== undefined,
    );
    // The topmost room may import everything and needs no entry.
    if (own === undefined && name === "cli") continue;
    const patterns = own?.linter?.rules?.style?.noRestrictedImports?.options?.patterns ?? [];
    const group = patterns.find((pattern) => pattern.group.includes("#*/**"))?.group ?? [];
    const found = group.filter((item) => item.startsWith("!#")).map((item) => item.slice(2, -3));
    const wanted = [name, "test", ...may];
    if (found.sort().join() === wanted.sort().join()) continue;
    violations.push(
      `biome.json: ${name} allows ${found.join(", ") || "nothing"}, the house ${wanted.join(", ")}`,
    );
  }
  return violations;
};
