/** What the house rules need to know about one source file, read with a real parser. */
import { type Node, parseSync, Visitor } from "oxc-parser";

export interface Import {
  specifier: string;
  line: number;
}

export interface Module {
  imports: Import[];
  /** Text of the doc comment that the file begins with. */
  opening: string | undefined;
  defaultExportLine: number | undefined;
  anyCastLines: number[];
  /** Calls such as it.only or describe.skip. */
  narrowedTestLines: number[];
  /** Comments that switch the type checker off. */
  uncheckedLines: number[];
}

const testRoots = new Set(["it", "test", "describe", "suite", "bench", "testDetector"]);
const narrowing = new Set(["only", "skip", "todo", "skipIf", "runIf"]);
const parsed = new Map<string, Module>();

/** Parses a file once: the same text under the same name is remembered. */
export function moduleOf(file: string, text: string): Module {
  const key = `${file}\0${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const module = parse(file, text);
  parsed.set(key, module);
  return module;
}

function parse(file: string, text: string): Module {
  const { program, comments, errors } = parseSync(file, text, { astType: "ts" });
  const fatal = errors.find(({ severity }) => severity === "Error");
  if (fatal !== undefined) throw new Error(`${file} does not parse: ${fatal.message}`);

  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const module: Module = {
    imports: [],
    opening: openingOf(text),
    defaultExportLine: undefined,
    anyCastLines: [],
    narrowedTestLines: [],
    uncheckedLines: [],
  };
  const addImport = (source: Node | null) => {
    if (source?.type !== "Literal" || typeof source.value !== "string") return;
    module.imports.push({ specifier: source.value, line: lineAt(source.start) });
  };
  const addCast = (type: Node, start: number) => {
    if (type.type === "TSAnyKeyword") module.anyCastLines.push(lineAt(start));
  };

  new Visitor({
    ImportDeclaration: (node) => addImport(node.source),
    ExportNamedDeclaration: (node) => addImport(node.source),
    ExportAllDeclaration: (node) => addImport(node.source),
    ImportExpression: (node) => addImport(node.source),
    TSImportType: (node) => addImport(node.source),
    ExportDefaultDeclaration: (node) => {
      module.defaultExportLine = lineAt(node.start);
    },
    ExportSpecifier: (node) => {
      const isDefault = node.exported.type === "Identifier" && node.exported.name === "default";
      if (isDefault) module.defaultExportLine = lineAt(node.start);
    },
    TSAsExpression: (node) => addCast(node.typeAnnotation, node.start),
    TSTypeAssertion: (node) => addCast(node.typeAnnotation, node.start),
    MemberExpression: (node) => {
      if (node.property.type !== "Identifier" || !narrowing.has(node.property.name)) return;
      if (testRoots.has(rootName(node.object))) module.narrowedTestLines.push(lineAt(node.start));
    },
  }).visit(program);

  for (const { value, start } of comments) {
    if (/@ts-(?:ignore|nocheck)\b/.test(value)) module.uncheckedLines.push(lineAt(start));
  }
  return module;
}

function openingOf(text: string): string | undefined {
  const match = /^(?:#![^\n]*\n)?\s*\/\*\*([\s\S]*?)\*\//.exec(text);
  return match?.[1]
    ?.replaceAll(/^\s*\*/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The name a chain such as it.concurrent.only hangs from. */
function rootName(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type === "MemberExpression") return rootName(node.object);
  return "";
}
