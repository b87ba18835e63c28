/** Sample files as text: how the vendors' exports wrap records, with the damage that real exports have. */

import type { Fields } from "./world.ts";

export interface SampleFile {
  /** Relative, with forward slashes. */
  path: string;
  container: "ndjson" | "json" | "csv";
  /** json: the key of the list that holds the records, and what stands beside it; null for a bare list. */
  page: { key: string; beside: Fields } | null;
  /** ndjson: lines that are no JSON, each with the number of records that stand before it. */
  noise: readonly { after: number; line: string }[];
  /** ndjson: the last line breaks off in the middle, as when a disk was full. */
  isCut: boolean;
  records: Iterable<Fields>;
  /** The file's text, in pieces. */
  text(): Iterable<string>;
}

/** A file without damage. `make` runs anew for each reading, so that a file can be read twice. */
export function sampleFile(
  path: string,
  container: SampleFile["container"],
  make: () => Fields[],
  known: Partial<Pick<SampleFile, "page" | "noise" | "isCut">> = {},
): SampleFile {
  const file: Contents = {
    path,
    container,
    page: known.page ?? null,
    noise: known.noise ?? [],
    isCut: known.isCut ?? false,
    records: { [Symbol.iterator]: () => make()[Symbol.iterator]() },
  };
  return { ...file, text: () => sampleText(file) };
}

type Contents = Omit<SampleFile, "text">;

/** The text of a file in pieces. */
function* sampleText(file: Contents): Generator<string> {
  if (file.container === "ndjson") yield* lines(file);
  else if (file.container === "json") yield* page(file);
  else yield* table(file);
}

function* lines(file: Contents): Generator<string> {
  let count = 0;
  let held: string | null = null;
  for (const record of file.records) {
    if (held !== null) yield `${held}\n`;
    for (const { after, line } of file.noise) if (after === count) yield `${line}\n`;
    held = JSON.stringify(record);
    count++;
  }
  if (held !== null) yield file.isCut ? held.slice(0, Math.ceil(held.length / 2)) : `${held}\n`;
}

function* page(file: Contents): Generator<string> {
  const { page } = file;
  if (page === null) yield "[";
  else {
    const beside = JSON.stringify(page.beside).slice(1, -1);
    yield `{${beside === "" ? "" : `${beside},`}${JSON.stringify(page.key)}:[`;
  }
  let isFirst = true;
  for (const record of file.records) {
    yield `${isFirst ? "" : ","}\n${JSON.stringify(record)}`;
    isFirst = false;
  }
  yield page === null ? "\n]\n" : "\n]}\n";
}

function* table(file: Contents): Generator<string> {
  let columns: string[] | null = null;
  for (const record of file.records) {
    if (columns === null) {
      columns = Object.keys(record);
      yield `${columns.map(cell).join(",")}\r\n`;
    }
    yield `${columns.map((column) => cell(record[column])).join(",")}\r\n`;
  }
}

function cell(value: unknown): string {
  const written = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}
