/** The rules of the house hold in this repository, and each of them can fail. */

import path from "node:path";
import { describe, expect, it } from "vitest";
import { biomeRule } from "#test/house/biome.ts";
import { inventedRule, placeRule } from "#test/house/hygiene.ts";
import { insideRule, listRule } from "#test/house/lists.ts";
import { lockRule, manifestRule } from "#test/house/manifest.ts";
import { roomRule } from "#test/house/rooms.ts";
import { exportRule, nameRule, openingRule, shortcutRule } from "#test/house/source.ts";
import { type Rule, readTree, treeOf } from "#test/house/tree.ts";

interface Case {
  rule: Rule;
  /** Invented trees that break the rule, and what the rule says about each. */
  fires: Record<string, [files: Record<string, string>, says: RegExp]>;
  /** Invented trees that come close and are fine. */
  quiet: Record<string, Record<string, string>>;
}

const readme = "# X\n## What\n## Why\n## Blind spots\n## Triage\n";
const publicAddress = ["8", "8", "8", "8"].join(".");
const publicAddress6 = ["2a00", "1450", "4001", "", "200e"].join(":");
const realMail = ["jane", "acme-corp.com"].join("@");
const manifest = { engines: { node: ">=18" }, dependencies: { zod: "4.0.0" } };
const lock = {
  packages: { "": {}, "node_modules/zod": { version: "4.0.0", integrity: "sha512-x" } },
};
const packageFiles = (change: object, lockChange: object = {}) => ({
  "package.json": JSON.stringify({ ...manifest, ...change }),
  "package-lock.json": JSON.stringify({ ...lock, ...lockChange }),
});

const house: Record<string, Case> = {
  "imports go down only, rooms of one floor never meet, pure rooms stay pure": {
    rule: roomRule,
    fires: {
      "engine imports kit": [
        { "src/engine/a.ts": 'import { b } from "#kit/b.ts";', "src/kit/b.ts": "" },
        /engine may import base, contract, catalog/,
      ],
      "a type import counts": [
        { "src/store/a.ts": 'import type { B } from "#engine/b.ts";', "src/engine/b.ts": "" },
        /store may import/,
      ],
      "a re-export counts": [
        { "src/base/a.ts": 'export * from "#contract/b.ts";', "src/contract/b.ts": "" },
        /base may import nothing/,
      ],
      "a dynamic import counts": [
        { "src/report/a.ts": 'const b = await import("#store/b.ts");', "src/store/b.ts": "" },
        /report may import/,
      ],
      "an import with attributes counts": [
        {
          "src/contract/a.ts": 'import b from "#catalog/b.json" with { type: "json" };',
          "src/catalog/b.json": "{}",
        },
        /contract may import base/,
      ],
      "a type in place counts": [
        { "src/base/a.ts": 'let b: import("#kit/b.ts").B;', "src/kit/b.ts": "" },
        /base may import nothing/,
      ],
      "one vendor meets another": [
        {
          "src/platforms/slack/index.ts": 'import { b } from "#platforms/google/index.ts";',
          "src/platforms/google/index.ts": "",
        },
        /platforms\/slack and platforms\/google never meet/,
      ],
      "a test of one vendor meets another": [
        {
          "src/platforms/slack/index.test.ts": 'import { b } from "#platforms/google/index.ts";',
          "src/platforms/google/index.ts": "",
        },
        /never meet/,
      ],
      "the page imports the engine": [
        { "web/main.tsx": 'import { b } from "#engine/b.ts";', "src/engine/b.ts": "" },
        /web may import contract/,
      ],
      "the page reads files": [
        { "web/main.tsx": 'import fs from "node:fs";' },
        /the page runs in a browser/,
      ],
      "a pure room reads files": [
        { "src/engine/a.ts": 'import fs from "node:fs/promises";' },
        /engine is pure/,
      ],
      "a pure room hides it behind the old name": [
        { "src/simulator/a.ts": 'import fs from "fs";' },
        /simulator is pure/,
      ],
      "base uses a package": [
        { "src/base/a.ts": 'import { z } from "zod";' },
        /base imports nothing/,
      ],
      "the server's library leaves its room": [
        { "src/jobs/a.ts": 'import fastify from "fastify";' },
        /only src\/api\/ may import it/,
      ],
      "the way out is ../": [
        { "src/engine/sigma/a.ts": 'import { b } from "../b.ts";', "src/engine/b.ts": "" },
        /never by \.\.\//,
      ],
      "a room nobody planned": [{ "src/utils/a.ts": "" }, /no room of the house/],
      "a file outside all rooms": [{ "src/index.ts": "" }, /no room of the house/],
      "the program imports a test helper": [
        { "src/kit/a.ts": 'import { b } from "#test/b.ts";', "test/b.ts": "" },
        /only tests import test/,
      ],
      "nothing is there": [{ "src/kit/a.ts": 'import { b } from "#base/b.ts";' }, /there is no/],
    },
    quiet: {
      "down, sideways in a room, built-ins where they may be": {
        "src/engine/a.ts": 'import { b } from "#base/b.ts"; import { c } from "./c.ts";',
        "src/engine/c.ts": 'import path from "node:path";',
        "src/base/b.ts": 'import { createHash } from "node:crypto";',
        "src/engine/a.test.ts": 'import fs from "node:fs"; import "#test/help.ts";',
        "src/platforms/index.ts": 'import { s } from "#platforms/slack/index.ts";',
        "src/platforms/slack/index.ts": 'import { p } from "#platforms/platform.ts";',
        "src/platforms/platform.ts": "",
        "src/cli/main.ts": 'import { a } from "#engine/a.ts"; import { Command } from "commander";',
        "test/help.ts": 'import { a } from "#engine/a.ts";',
      },
      "an import that only a string or a comment talks about": {
        "src/base/b.ts": '/* import "#kit/a.ts" */ const text = \'import "#kit/a.ts"\';',
      },
    },
  },

  "every list is complete": {
    rule: listRule,
    fires: {
      "a detector": [
        { "src/engine/detectors/index.ts": "", "src/engine/detectors/velocity/index.ts": "" },
        /velocity\/index\.ts: this detector is missing/,
      ],
      "a detector that only a comment lists": [
        {
          "src/engine/detectors/index.ts": '// import "./velocity/index.ts"',
          "src/engine/detectors/velocity/index.ts": "",
        },
        /this detector is missing/,
      ],
      "a platform": [
        { "src/platforms/index.ts": "", "src/platforms/okta/index.ts": "" },
        /this platform is missing/,
      ],
      "a command": [
        { "src/cli/app.ts": "", "src/cli/commands/scan.ts": "" },
        /scan\.ts: this command is missing/,
      ],
      "a route": [
        { "src/api/routes/index.ts": "", "src/api/routes/findings/list.ts": "" },
        /this route is missing/,
      ],
      "a job": [{ "src/jobs/index.ts": "", "src/jobs/collect.ts": "" }, /this job is missing/],
      "a channel": [{ "src/notify/email.ts": "" }, /this alert channel is missing/],
      "a page": [{ "web/pages/findings/page.tsx": "" }, /this page is missing/],
      "a table": [
        { "src/store/tables.ts": "findings", "src/store/audit-events.ts": "" },
        /this table is missing/,
      ],
    },
    quiet: {
      "all listed, tests and helpers aside": {
        "src/engine/detectors/index.ts": 'import { v } from "./velocity/index.ts";',
        "src/engine/detectors/velocity/index.ts": "",
        "src/engine/detectors/velocity/index.test.ts": "",
        "src/platforms/index.ts": 'export { okta } from "#platforms/okta/index.ts";',
        "src/platforms/okta/index.ts": "",
        "src/cli/app.ts": 'const scan = () => import("#cli/commands/scan.ts");',
        "src/cli/commands/scan.ts": "",
        "src/cli/commands/scan.test.ts": "",
        "src/store/tables.ts": "interface Tables { audit_events: AuditEventRow }",
        "src/store/audit-events.ts": "",
      },
    },
  },

  "folders of one kind look the same inside": {
    rule: insideRule,
    fires: {
      "a detector without a page": [
        {
          "src/engine/detectors/velocity/index.ts": "",
          "src/engine/detectors/velocity/index.test.ts": "",
        },
        /has no README\.md/,
      ],
      "a detector without a test": [
        {
          "src/engine/detectors/velocity/index.ts": "",
          "src/engine/detectors/velocity/README.md": readme,
        },
        /has no index\.test\.ts/,
      ],
      "a page without a heading": [
        {
          "src/engine/detectors/velocity/index.ts": "",
          "src/engine/detectors/velocity/index.test.ts": "",
          "src/engine/detectors/velocity/README.md": readme.replace("Blind spots", "Limits"),
        },
        /"Blind spots" is missing/,
      ],
      "a platform without normalize": [
        {
          "src/platforms/okta/index.ts": "",
          "src/platforms/okta/index.test.ts": "",
          "src/platforms/okta/README.md": "",
        },
        /has no normalize\.ts/,
      ],
      "a platform without a test": [
        {
          "src/platforms/okta/index.ts": "",
          "src/platforms/okta/normalize.ts": "",
          "src/platforms/okta/README.md": "",
        },
        /has no test/,
      ],
    },
    quiet: {
      "whole folders": {
        "src/engine/detectors/velocity/index.ts": "",
        "src/engine/detectors/velocity/index.test.ts": "",
        "src/engine/detectors/velocity/README.md": readme,
        "src/platforms/okta/index.ts": "",
        "src/platforms/okta/normalize.ts": "",
        "src/platforms/okta/normalize.test.ts": "",
        "src/platforms/okta/README.md": "",
      },
    },
  },

  "every source file begins with a sentence": {
    rule: openingRule,
    fires: {
      "no comment": [{ "src/base/a.ts": "export const a = 1;" }, /begins with no/],
      "a comment further down": [
        { "src/base/a.ts": "export const a = 1;\n/** Holds the letter a. */" },
        /begins with no/,
      ],
      "a line comment": [{ "src/base/a.ts": "// Holds the letter a." }, /begins with no/],
      "a title": [{ "src/base/a.ts": "/** Helpers */" }, /is no sentence/],
    },
    quiet: {
      "a sentence, also after #! and on several lines; tests say it themselves": {
        "src/base/a.ts": "/** Holds the letter a. */\nexport const a = 1;",
        "src/base/b.ts": "/**\n * Holds the letter b.\n */\n",
        "scripts/c.mjs": "#!/usr/bin/env node\n/** Holds the letter c. */",
        "src/base/a.test.ts": "",
        "docs/a.md": "",
      },
    },
  },

  "names are kebab-case": {
    rule: nameRule,
    fires: {
      "a file in camelCase": [{ "src/base/timeUnits.ts": "" }, /"timeUnits" is not kebab-case/],
      "a folder in PascalCase": [{ "web/ui/Button/index.tsx": "" }, /"Button" is not kebab-case/],
      "a snake": [{ "test/my_test.test.ts": "" }, /"my_test" is not kebab-case/],
    },
    quiet: {
      "kebab-case, and files that are no source": {
        "src/base/time-units.test.ts": "",
        "README.md": "",
        "src/store/migrations/0001_first_tables.sql": "",
      },
    },
  },

  "no default export": {
    rule: exportRule,
    fires: {
      "a default export": [{ "src/base/a.ts": "export default 1;" }, /default export/],
      "a default export by another way": [
        { "src/base/a.ts": "const a = 1;\nexport { a as default };" },
        /a\.ts:2: default export/,
      ],
    },
    quiet: {
      "a tool's config": { "vite.config.ts": "export default {};" },
      "a named export": { "src/base/a.ts": "export const a = 1;" },
    },
  },

  "no shortcut around types or tests": {
    rule: shortcutRule,
    fires: {
      "a cast to any": [{ "src/base/a.ts": "const a = b as any;" }, /cast to any/],
      "an old cast to any": [{ "src/base/a.ts": "const a = <any>b;" }, /cast to any/],
      "checker off for a line": [
        { "src/base/a.ts": `// ${"@ts"}-ignore\nf();` },
        /switches the type checker off/,
      ],
      "checker off for a file": [
        { "src/base/a.ts": `/* ${"@ts"}-nocheck */` },
        /switches the type checker off/,
      ],
      "a lonely test": [
        { "src/base/a.test.ts": 'it.only("a", () => {});' },
        /skipped or runs alone/,
      ],
      "a skipped group": [
        { "test/a.test.ts": 'describe.concurrent.skip("a", () => {});' },
        /skipped or runs alone/,
      ],
      "a skip that depends": [
        { "test/a.test.ts": 'it.skipIf(true)("a", () => {});' },
        /skipped or runs alone/,
      ],
    },
    quiet: {
      "words that only look like it": {
        "src/base/a.ts": '// The same as any other.\nconst a = "b as any";\nreader.skip(3);',
        "test/a.test.ts": 'it.each([1])("reads only what it needs", () => {});',
      },
    },
  },

  "no place of one machine, no registry": {
    rule: placeRule,
    fires: {
      "a home folder": [{ "docs/a.md": `see ${"/ho"}me/jane/notes` }, /a\.md:1: names a place/],
      "a work folder": [{ "src/base/a.ts": `"${"/wo"}rk/main"` }, /names a place/],
      "a root folder": [{ "scripts/a.sh": `\ncd ${"/ro"}ot/singura` }, /a\.sh:2: names a place/],
      "a registry": [{ "package-lock.json": `https://registry.${"npmjs"}.org/zod` }, /registry/],
    },
    quiet: {
      "paths inside web addresses and relative paths": {
        "docs/a.md": "https://example.com/work/x, ./work/x, a/home/b, /api/work",
      },
    },
  },

  "data for tests and samples is invented": {
    rule: inventedRule,
    fires: {
      "a public address in a fixture": [
        { "src/platforms/slack/fixtures/log.json": `{"ip":"${publicAddress}"}` },
        /public IP address: 8/,
      ],
      "a public address in a test": [
        { "src/engine/a.test.ts": `const ip = "${publicAddress}";` },
        /public IP/,
      ],
      "a public IPv6 address": [
        { "src/simulator/a.ts": `const ip = "${publicAddress6}";` },
        /public IP address: 2a00/,
      ],
      "mail at a real company": [
        { "test/samples/a.csv": `time,who\n1,${realMail}` },
        /a\.csv:2: an e-mail address at a real domain/,
      ],
    },
    quiet: {
      "reserved addresses, versions, times and robots": {
        "src/platforms/slack/fixtures/log.json": [
          '"203.0.113.7" "192.0.2.1" "198.51.100.200" "10.1.2.3" "172.16.0.1" "2001:db8::17" "::1"',
          '"::ffff:192.0.2.1" "Chrome/126.0.6478.127" "12:00:00" "2026-01-01T10:00:00Z"',
          '"jane@example.com" "bob@mail.example.org" "eve@acme.test" "x@y.example"',
          '"robot@project-1.iam.gserviceaccount.com"',
        ].join("\n"),
      },
      "facts of the catalogue": { "src/catalog/apps.json": `{"contact":"${realMail}"}` },
      "code that is no data": { "src/kit/mail.ts": `const example = "${realMail}";` },
    },
  },

  "the linter knows the same rooms": {
    rule: biomeRule,
    fires: {
      "nothing is said about a room": [{ "biome.json": "{}" }, /engine allows nothing/],
      "a room may import too much": [
        {
          "biome.json": JSON.stringify({
            overrides: [
              {
                includes: ["src/base/**"],
                linter: {
                  rules: {
                    style: {
                      noRestrictedImports: {
                        options: { patterns: [{ group: ["#*/**", "!#base/**", "!#kit/**"] }] },
                      },
                    },
                  },
                },
              },
            ],
          }),
        },
        /base allows base, kit/,
      ],
    },
    quiet: {},
  },

  "versions are exact": {
    rule: manifestRule,
    fires: {
      "a range": [packageFiles({ dependencies: { zod: "^4.0.0" } }), /zod is "\^4\.0\.0"/],
      "any version": [packageFiles({ devDependencies: { zod: "*" } }), /not one exact version/],
      "half a version": [packageFiles({ optionalDependencies: { n: "24.x" } }), /not one exact/],
      "a first step that Node 18 cannot take": [
        packageFiles({ engines: { node: ">=24" } }),
        /engines\.node/,
      ],
    },
    quiet: { "exact versions": packageFiles({}) },
  },

  "the lock file is whole and names no registry": {
    rule: lockRule,
    fires: {
      "no lock file": [{ "package.json": "{}" }, /missing/],
      "an address": [
        packageFiles(
          {},
          {
            packages: {
              "node_modules/zod": {
                version: "4.0.0",
                integrity: "x",
                resolved: "https://example.com",
              },
            },
          },
        ),
        /has "resolved"/,
      ],
      "a package that nobody can verify": [
        packageFiles({}, { packages: { "node_modules/zod": { version: "4.0.0" } } }),
        /no integrity hash/,
      ],
      "a build for another machine that npm left out": [
        packageFiles(
          {},
          { packages: { "": { optionalDependencies: { "tool-darwin-arm64": "1.0.0" } } } },
        ),
        /tool-darwin-arm64 is missing and npm ci refuses that/,
      ],
      "another version": [packageFiles({ dependencies: { zod: "4.0.1" } }), /zod is 4\.0\.0, not/],
      "a package that is not locked": [
        packageFiles({ dependencies: { zod: "4.0.0", pg: "8.0.0" } }),
        /pg is missing/,
      ],
    },
    quiet: { "the two agree": packageFiles({}) },
  },
};

const repository = readTree(path.resolve(import.meta.dirname, ".."));

describe.each(Object.entries(house))("%s", (_name, { rule, fires, quiet }) => {
  it("holds in this repository", () => {
    expect(rule(repository)).toEqual([]);
  });

  for (const [name, [files, says]] of Object.entries(fires)) {
    it(`fires: ${name}`, () => {
      expect(rule(treeOf(files)).join("\n")).toMatch(says);
    });
  }

  for (const [name, files] of Object.entries(quiet)) {
    it(`is quiet: ${name}`, () => {
      expect(rule(treeOf(files))).toEqual([]);
    });
  }
});

it("reads the whole repository", () => {
  const files = [...repository.keys()];
  expect(files).toContain("package.json");
  expect(files).toContain("test/house.test.ts");
  expect(files.filter((file) => file.includes("node_modules/"))).toEqual([]);
});
