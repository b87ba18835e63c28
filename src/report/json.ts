/** The report itself as JSON, in the contract's key order, with nothing lost. */

import { Report } from "#contract/report.ts";
import type { Renderer } from "./renderer.ts";
import { safeJson } from "./safe.ts";

export const json: Renderer = {
  id: "json",
  title: "JSON, the report itself",
  mediaType: "application/json",
  extension: "json",
  render: (report, options = {}) => write(report, options.compact === true ? COMPACT : INDENTED),
};

/** The white space of one way to write it; the lists' elements are written one by one, so that no text grows huge. */
interface Style {
  line: string;
  colon: string;
  indent: number;
}
const COMPACT: Style = { line: "", colon: ":", indent: 0 };
const INDENTED: Style = { line: "\n", colon: ": ", indent: 2 };

function* write(report: Report, style: Style): Iterable<string> {
  const margin = " ".repeat(style.indent);
  let separator = "{";
  for (const key of Report.keyof().options) {
    yield `${separator}${style.line}${margin}"${key}"${style.colon}`;
    separator = ",";
    const value: unknown = report[key];
    if (Array.isArray(value) && value.length > 0) yield* writeList(key, value, style);
    else yield nested(Report.shape[key].parse(value), style, 1);
  }
  yield `${style.line}}\n`;
}

function* writeList(key: keyof Report, items: readonly unknown[], style: Style): Iterable<string> {
  const margin = " ".repeat(style.indent * 2);
  let separator = "[";
  for (const item of items) {
    const [parsed] = elementOf(key, item);
    yield `${separator}${style.line}${margin}${nested(parsed, style, 2)}`;
    separator = ",";
  }
  yield `${style.line}${" ".repeat(style.indent)}]`;
}

/** The element through its schema, which writes keys in the order of the contract and drops what it does not know. */
function elementOf(key: keyof Report, item: unknown): readonly unknown[] {
  const parsed: unknown = Report.shape[key].parse([item]);
  return Array.isArray(parsed) ? parsed : [item];
}

function nested(value: unknown, style: Style, depth: number): string {
  const text = safeJson(value, style.indent);
  return style.indent === 0 ? text : text.replaceAll("\n", `\n${" ".repeat(style.indent * depth)}`);
}
