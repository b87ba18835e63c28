/** Things that multiply stand in one hand-written list each; these rules prove the lists complete and the things whole. */
import { moduleOf } from "#test/house/module.ts";
import { resolve } from "#test/house/rooms.ts";
import { foldersIn, isTest, type Rule, type Tree, type Violation } from "#test/house/tree.ts";

interface List {
  what: string;
  /** Matches the file of each thing. */
  thing: RegExp;
  /** Files of which one must import the thing, or name it when `isNamed`. */
  lists: readonly string[];
  /** The list names the thing (`audit-events` as `audit_events`) instead of importing it. */
  isNamed?: true;
}

/** A new kind of thing is one row here. */
const lists: readonly List[] = [
  {
    what: "detector",
    thing: /^src\/engine\/detectors\/[^/]+\/index\.ts$/,
    lists: ["src/engine/detectors/index.ts"],
  },
  {
    what: "platform",
    thing: /^src\/platforms\/[^/]+\/index\.ts$/,
    lists: ["src/platforms/index.ts"],
  },
  {
    what: "command",
    thing: /^src\/cli\/commands\/(?!index\.ts$)[^/]+\.ts$/,
    lists: ["src/cli/commands/index.ts", "src/cli/app.ts", "src/cli/main.ts"],
  },
  {
    what: "route",
    thing: /^src\/api\/routes\/[^/]+\/[^/]+\.ts$/,
    lists: ["src/api/routes/index.ts"],
  },
  {
    what: "job",
    thing: /^src\/jobs\/(?!(?:index|queue|worker|deps|job)\.ts$)[^/]+\.ts$/,
    lists: ["src/jobs/index.ts"],
  },
  {
    what: "alert channel",
    thing: /^src\/notify\/(?!(?:index|channel)\.ts$)[^/]+\.ts$/,
    lists: ["src/notify/index.ts"],
  },
  {
    what: "page",
    thing: /^web\/pages\/[^/]+\/page\.tsx$/,
    lists: ["web/main.tsx"],
  },
  {
    what: "table",
    thing:
      /^src\/store\/(?!(?:index|db|tables|archive|migrate|embedded|backup|open|page|problems)\.ts$)[^/]+\.ts$/,
    lists: ["src/store/tables.ts"],
    isNamed: true,
  },
];

/** A thing that is not in its list does not exist for the program. */
export const listRule: Rule = (tree) =>
  lists.flatMap(({ what, thing, lists: files, isNamed }) => {
    const things = [...tree.keys()].filter((file) => thing.test(file) && !isTest(file));
    const listed = files.flatMap((file) =>
      isNamed ? [...(tree.get(file) ?? "").matchAll(/\w+/g)].map(String) : importsOf(tree, file),
    );
    const known = new Set(listed);
    const keyOf = (file: string) => (isNamed ? nounOf(file) : file);
    return things
      .filter((file) => !known.has(keyOf(file)))
      .map((file) => `${file}: this ${what} is missing in ${files.join(" or ")}`);
  });

interface Inside {
  what: string;
  folder: string;
  files: readonly string[];
  headings: readonly string[];
}

/** What every folder of a kind holds. */
const insides: readonly Inside[] = [
  {
    what: "detector",
    folder: "src/engine/detectors",
    files: ["index.ts", "index.test.ts", "README.md"],
    headings: ["What", "Why", "Blind spots", "Triage"],
  },
  {
    what: "platform",
    folder: "src/platforms",
    files: ["index.ts", "normalize.ts", "README.md"],
    headings: [],
  },
];

/** Folders of one kind look the same inside, so that whoever knows one knows all. */
export const insideRule: Rule = (tree) =>
  insides.flatMap(({ what, folder, files, headings }) =>
    foldersIn(tree, folder).flatMap((name) => {
      const place = `${folder}/${name}`;
      const violations: Violation[] = files
        .filter((file) => !tree.has(`${place}/${file}`))
        .map((file) => `${place}: this ${what} has no ${file}`);
      const hasTest = [...tree.keys()].some((file) => file.startsWith(`${place}/`) && isTest(file));
      if (!hasTest) violations.push(`${place}: this ${what} has no test`);
      const readme = tree.get(`${place}/README.md`);
      for (const heading of readme === undefined ? [] : headings) {
        const isThere = new RegExp(`^#+ ${heading}\\b`, "m").test(readme ?? "");
        if (!isThere) violations.push(`${place}/README.md: the heading "${heading}" is missing`);
      }
      return violations;
    }),
  );

function importsOf(tree: Tree, file: string): string[] {
  const text = tree.get(file);
  if (text === undefined) return [];
  return moduleOf(file, text).imports.map(({ specifier }) => resolve(file, specifier) ?? specifier);
}

/** "src/store/audit-events.ts" -> "audit_events". */
function nounOf(file: string): string {
  return (file.split("/").at(-1) ?? "").replace(/\.ts$/, "").replaceAll("-", "_");
}
