/** Builds HTML in which every value is escaped unless it is markup already: names come from attackers. */

import { plain } from "./safe.ts";

/** Text that is HTML. Only `html` and `joined` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | null | Markup | readonly Markup[];

/** A template whose values are neutralised and escaped; null writes nothing. Quote every attribute. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? "";
  for (const [i, value] of values.entries()) text += written(value) + (parts[i + 1] ?? "");
  return new Markup(text);
}

/** Our own constant text (style sheet, script) as it is. Never for anything that was read. */
export function constant(text: string): Markup {
  return new Markup(text);
}

function written(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escaped(value);
  if (value instanceof Markup) return value.text;
  return value.map(({ text }) => text).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

export function escaped(text: string): string {
  return plain(text).replace(/[&<>"'`]/g, (found) => ENTITIES[found] ?? "");
}
