/** What rules, filters and correlations say about themselves: title, id, level and the rest. */

import { entryOf, type MapNode, type Node } from "./node.ts";
import { type Problems, quoted } from "./problems.ts";
import { LEVELS, type Logsource, type Metadata, type Related, STATUSES } from "./rule.ts";

const TITLE_MAX = 256;
const DESCRIPTION_MAX = 65_535;
const TEXT_MAX = 8_192;

/** Reads the keys that all documents share. Problems are added; what is returned is whole all the same. */
export function readMetadata(map: MapNode, problems: Problems): Metadata {
  const title = textAt(map, "title", TITLE_MAX, problems);
  if (title === null) {
    problems.add(
      map.position,
      "the document has no title",
      "add a line such as title: What it detects",
    );
  }
  const { position } = map;
  return {
    title: title ?? "",
    id: textAt(map, "id", TITLE_MAX, problems),
    name: textAt(map, "name", TITLE_MAX, problems),
    status: choiceAt(map, "status", STATUSES, problems),
    level: choiceAt(map, "level", LEVELS, problems),
    description: textAt(map, "description", DESCRIPTION_MAX, problems),
    license: textAt(map, "license", TEXT_MAX, problems),
    author: textAt(map, "author", TEXT_MAX, problems),
    date: dateAt(map, "date", problems),
    modified: dateAt(map, "modified", problems),
    taxonomy: textAt(map, "taxonomy", TITLE_MAX, problems) ?? "sigma",
    references: textsAt(map, "references", problems),
    tags: textsAt(map, "tags", problems),
    falsepositives: textsAt(map, "falsepositives", problems),
    fields: textsAt(map, "fields", problems),
    scope: textsAt(map, "scope", problems),
    related: relatedAt(map, problems),
    position,
  };
}

/** Null where a problem was added: without a log source nobody knows what to read. */
export function readLogsource(map: MapNode, problems: Problems): Logsource | null {
  const entry = entryOf(map, "logsource");
  if (entry === undefined || entry.value.is !== "map") {
    problems.add(
      entry?.position ?? map.position,
      entry === undefined ? "there is no logsource" : "logsource is not a map",
      "say what is read, such as logsource: { product: okta, service: okta }",
    );
    return null;
  }
  const part = (key: string): string | null =>
    entry.value.is === "map"
      ? (textAt(entry.value, key, TITLE_MAX, problems)?.toLowerCase() ?? null)
      : null;
  const category = part("category");
  const product = part("product");
  const service = part("service");
  if (category === null && product === null && service === null) {
    problems.add(
      entry.position,
      "the logsource names no category, product or service",
      "name at least one of them",
    );
    return null;
  }
  const definition = textAt(entry.value, "definition", DESCRIPTION_MAX, problems);
  return { category, product, service, definition };
}

/** A text, or the text of a number or boolean. Null where there is none, and where a problem was added. */
export function textAt(map: MapNode, key: string, max: number, problems: Problems): string | null {
  const entry = entryOf(map, key);
  if (entry === undefined) return null;
  const { value, position } = entry;
  if (value.is !== "scalar") {
    problems.add(position, `${key} is not a text`, "write one text behind the colon");
    return null;
  }
  const text = value.value === null ? "" : value.source.trim();
  if (text.length > max) {
    problems.add(position, `${key} has ${text.length} characters`, `use at most ${max}`);
    return null;
  }
  return text === "" ? null : text;
}

/** A list of texts; a single text is a list of one. Empty where there is none. */
export function textsAt(map: MapNode, key: string, problems: Problems): string[] {
  const entry = entryOf(map, key);
  if (entry === undefined) return [];
  const items: readonly Node[] = entry.value.is === "list" ? entry.value.items : [entry.value];
  const texts: string[] = [];
  for (const item of items) {
    if (item.is !== "scalar") {
      problems.add(item.position, `${key} holds something that is not a text`, "list texts only");
    } else if (item.value !== null && item.source.trim() !== "") {
      texts.push(item.source.trim());
    }
  }
  return texts;
}

function choiceAt<Choice extends string>(
  map: MapNode,
  key: string,
  choices: readonly Choice[],
  problems: Problems,
): Choice | null {
  const text = textAt(map, key, TITLE_MAX, problems);
  if (text === null) return null;
  const found = choices.find((choice) => choice === text.toLowerCase());
  if (found !== undefined) return found;
  problems.add(
    entryOf(map, key)?.value.position ?? map.position,
    `there is no ${key} ${quoted(text)}`,
    `choose from ${choices.join(", ")}`,
  );
  return null;
}

/** YYYY-MM-DD; rules of Sigma 1 wrote slashes. */
function dateAt(map: MapNode, key: string, problems: Problems): string | null {
  const text = textAt(map, key, TITLE_MAX, problems);
  if (text === null) return null;
  const parts = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(text);
  const [year, month, day] = [Number(parts?.[1]), Number(parts?.[3]), Number(parts?.[4])];
  const at = new Date(Date.UTC(year, month - 1, day));
  if (parts !== null && at.getUTCMonth() === month - 1 && at.getUTCDate() === day) {
    return at.toISOString().slice(0, 10);
  }
  problems.add(
    entryOf(map, key)?.value.position ?? map.position,
    `${key} ${quoted(text)} is no day`,
    "write it as YYYY-MM-DD",
  );
  return null;
}

function relatedAt(map: MapNode, problems: Problems): Related[] {
  const entry = entryOf(map, "related");
  if (entry === undefined) return [];
  const items: readonly Node[] = entry.value.is === "list" ? entry.value.items : [entry.value];
  const related: Related[] = [];
  for (const item of items) {
    const id = item.is === "map" ? textAt(item, "id", TITLE_MAX, problems) : null;
    const type = item.is === "map" ? textAt(item, "type", TITLE_MAX, problems) : null;
    if (id !== null && type !== null) related.push({ id, type });
    else if (item.is !== "scalar" || item.value !== null) {
      problems.add(item.position, "a related rule lacks its id or type", "give both: id and type");
    }
  }
  return related;
}
