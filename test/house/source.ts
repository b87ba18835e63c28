/** How a source file looks: its opening sentence, its name, and the shortcuts it does not take. */
import { moduleOf } from "#test/house/module.ts";
import { isSource, isTest, type Rule, type Violation } from "#test/house/tree.ts";

const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Test helpers are code as well; only the files with tests say what they guarantee in the tests' names. */
const isTestFile = (file: string) => /\.test\.tsx?$/.test(file);

/** A reader learns from the first line what a file is for. */
export const openingRule: Rule = (tree) => {
  const violations: Violation[] = [];
  for (const [file, text] of tree) {
    if (!isSource(file) || isTestFile(file)) continue;
    const { opening } = moduleOf(file, text);
    if (opening === undefined) violations.push(`${file}: begins with no /** sentence */`);
    else if (!isSentence(opening)) {
      violations.push(`${file}: the opening comment is no sentence: "${opening}"`);
    }
  }
  return violations;
};

/** Names are kebab-case, so that they are the same on every file system. */
export const nameRule: Rule = (tree) => {
  const violations: Violation[] = [];
  for (const file of tree.keys()) {
    if (!isSource(file)) continue;
    const parts = file.split("/").flatMap((part) => part.split("."));
    // A hidden folder begins with a dot, which leaves an empty part.
    const bad = parts.find((part) => part !== "" && !kebab.test(part));
    if (bad !== undefined) violations.push(`${file}: "${bad}" is not kebab-case`);
  }
  return violations;
};

/** An export has one name everywhere; tools that demand a default export are the exception. */
export const exportRule: Rule = (tree) => {
  const violations: Violation[] = [];
  for (const [file, text] of tree) {
    if (!isSource(file) || /\.config\.ts$/.test(file)) continue;
    const { defaultExportLine } = moduleOf(file, text);
    if (defaultExportLine !== undefined)
      violations.push(`${file}:${defaultExportLine}: default export`);
  }
  return violations;
};

/** Types are checked everywhere, and every test that exists runs. */
export const shortcutRule: Rule = (tree) => {
  const violations: Violation[] = [];
  for (const [file, text] of tree) {
    if (!isSource(file)) continue;
    const module = moduleOf(file, text);
    const add = (lines: readonly number[], what: string) => {
      for (const line of lines) violations.push(`${file}:${line}: ${what}`);
    };
    add(module.anyCastLines, "a cast to any hides a type error");
    add(module.uncheckedLines, "a comment switches the type checker off");
    if (isTest(file)) add(module.narrowedTestLines, "a test that is skipped or runs alone");
  }
  return violations;
};

function isSentence(text: string): boolean {
  return /^["'`(A-Z0-9]/.test(text) && /[.!?]["'`)]?$/.test(text) && text.split(" ").length >= 3;
}
