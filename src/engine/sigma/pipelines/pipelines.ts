/** Which native records a Sigma rule reads, and where in them its fields stand: look-ups over one JSON file a product. */

import { isObject, nested, type Raw } from "#base/raw.ts";
import { Platform } from "#contract/platform.ts";
import onePassword from "./1password.json" with { type: "json" };
import anthropic from "./anthropic.json" with { type: "json" };
import atlassian from "./atlassian.json" with { type: "json" };
import auth0 from "./auth0.json" with { type: "json" };
import aws from "./aws.json" with { type: "json" };
import azure from "./azure.json" with { type: "json" };
import bitbucket from "./bitbucket.json" with { type: "json" };
import cisco from "./cisco.json" with { type: "json" };
import gcp from "./gcp.json" with { type: "json" };
import github from "./github.json" with { type: "json" };
import googleWorkspace from "./google-workspace.json" with { type: "json" };
import m365 from "./m365.json" with { type: "json" };
import okta from "./okta.json" with { type: "json" };
import onelogin from "./onelogin.json" with { type: "json" };
import openai from "./openai.json" with { type: "json" };
import { type Accessor, compilePath, everyOf, firstOf, type ValueTable } from "./path.ts";
import salesforce from "./salesforce.json" with { type: "json" };
import slack from "./slack.json" with { type: "json" };

/** What a rule says about the log that it reads; absent parts are not restricted. */
export interface Logsource {
  readonly product?: string | null | undefined;
  readonly service?: string | null | undefined;
  readonly category?: string | null | undefined;
}

/** One native log that a rule reads, as far as the condition goes. */
export interface Reads {
  readonly platform: Platform;
  /** `entra:AuditLogs`; a trailing `*` stands for every service of that family. */
  readonly service: string;
  /** Only records whose field (not) is one of these; null where all are read. */
  readonly condition: {
    readonly field: string;
    readonly values: ReadonlySet<string>;
    readonly isIn: boolean;
  } | null;
}

interface ReadsFile {
  readonly service: string;
  readonly where?: string | undefined;
  readonly unless?: string | undefined;
  readonly in?: readonly string[] | undefined;
}

interface ServiceFile {
  /** Other names for it. */
  readonly aka: readonly string[];
  readonly reads: readonly ReadsFile[];
  /** The product whose fields hold for this service. */
  readonly like?: string;
}

/** A product's file, as `pipelines.test.ts` holds it against its schema. */
interface PipelineFile {
  readonly product: string;
  readonly about: string;
  readonly platform: string | null;
  readonly roots: readonly string[];
  readonly services: Readonly<Record<string, ServiceFile>>;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Fields that take what all of their paths lead to; the others take the first that leads to anything. */
  readonly every: readonly string[];
  /** Fields that are spelled as in the record; `a.*` stands for everything inside `a`. */
  readonly native: readonly string[];
  /** Where the entries of a list of names and values stand, `*` being the name, and the names that are known. */
  readonly parameterPaths?: readonly string[];
  readonly parameters?: readonly string[];
  /** Fields that rules use and no record carries, with the reason. */
  readonly absent: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Every product, one line each. */
export const pipelineFiles: readonly PipelineFile[] = [
  onePassword,
  anthropic,
  atlassian,
  auth0,
  aws,
  azure,
  bitbucket,
  cisco,
  gcp,
  github,
  googleWorkspace,
  m365,
  okta,
  onelogin,
  openai,
  salesforce,
  slack,
];

/** One service of a product: what it reads, and where its fields stand. */
export interface Route {
  /** `azure/auditlogs` */
  readonly name: string;
  /** Empty where no platform that is read exports such a log. */
  readonly reads: readonly Reads[];
  readonly resolve: (field: string) => Accessor | null;
}

interface Product {
  readonly name: string;
  readonly platform: Platform | null;
  /** By every name in lower case, exact names only. */
  readonly exact: ReadonlyMap<string, readonly [string, ServiceFile]>;
  /** Names with a `*`, longest first. */
  readonly patterns: readonly (readonly [string, ServiceFile])[];
  readonly file: PipelineFile;
}

const fieldsOf = new Map(pipelineFiles.map((file) => [file.product, lookUpOf(file)]));

const products: ReadonlyMap<string, Product> = new Map(
  pipelineFiles.map((file): [string, Product] => {
    const services = Object.entries(file.services);
    const named = services.filter(([name]) => !name.includes("*"));
    return [
      file.product,
      {
        name: file.product,
        platform: Platform.options.find((one) => one === file.platform) ?? null,
        exact: new Map([
          ...services.flatMap(([name, service]) =>
            service.aka.map((aka) => [aka, [name, service]] as const),
          ),
          ...named.map(([name, service]) => [name, [name, service]] as const),
        ]),
        patterns: services
          .filter(([name]) => name.includes("*"))
          .sort(([a], [b]) => b.length - a.length),
        file,
      },
    ];
  }),
);

/**
 * The services that a rule with this logsource reads: one where it names a service, all of the product's where it does
 * not. Empty where no pipeline knows the product or the service; the rule then reads records plainly, as logs of endpoints.
 */
export function route(logsource: Logsource): readonly Route[] {
  const product = logsource.product?.toLowerCase() ?? null;
  const service = logsource.service?.toLowerCase() ?? null;
  if (product === null) {
    return service === null
      ? []
      : [...products.values()].flatMap((one) => exactRoute(one, service) ?? []);
  }
  const known = products.get(product);
  if (known === undefined) return [];
  if (service !== null) return serviceRoute(known, service) ?? [];
  return Object.entries(known.file.services).map(([name, file]) => routeOf(known, name, file, "*"));
}

/** Where the field of a rule with this logsource stands; null where nothing is known of it. */
export function resolve(logsource: Logsource, field: string): Accessor | null {
  const found = route(logsource).flatMap(({ resolve: lookUp }) => lookUp(field) ?? []);
  return found.length === 0 ? null : firstOf([...new Set(found)]);
}

/** The names of all logsources (`azure/auditlogs`) whose rules read this record, sorted. */
export function logsourcesOf(platform: Platform, service: string, record: Raw): string[] {
  const names = new Set<string>();
  for (const product of products.values()) {
    if (product.platform !== platform) continue;
    for (const [name, file] of Object.entries(product.file.services)) {
      const star = service.slice(service.indexOf(":") + 1);
      const one = routeOf(product, name, file, name.includes("*") ? star : "*");
      if (one.reads.some((reads) => isRead(reads, platform, service, record))) names.add(one.name);
    }
  }
  return [...names].sort();
}

/** Whether a record of this service may hold what is read. */
export function readsService(reads: Reads, platform: Platform, service: string): boolean {
  if (reads.platform !== platform) return false;
  return reads.service.endsWith("*")
    ? service.startsWith(reads.service.slice(0, -1))
    : reads.service === service;
}

/** Whether the record meets the condition, where there is one. */
export function meets({ condition }: Reads, record: Raw): boolean {
  if (condition === null) return true;
  const value = record[condition.field];
  return (typeof value === "string" && condition.values.has(value)) === condition.isIn;
}

function isRead(reads: Reads, platform: Platform, service: string, record: Raw): boolean {
  return readsService(reads, platform, service) && meets(reads, record);
}

/**
 * The records that rules see in an exported one: one for each event in it, in their order, with what the export had
 * packed into a text laid open.
 */
export function opened(service: string, record: Raw): readonly Raw[] {
  if (service.startsWith("o365:")) return [withAuditData(record)];
  if (service.startsWith("google:")) return googleEvents(record);
  if (service === "openai:audit") return [withEvent(record)];
  return [record];
}

/** A row of Purview's search carries the record itself as text. */
function withAuditData(record: Raw): Raw {
  const inner = nested(record.AuditData);
  return isObject(inner) ? { ...record, ...inner } : record;
}

function googleEvents(record: Raw): readonly Raw[] {
  const { events, protoPayload } = record;
  if (Array.isArray(events) && events.length > 1)
    return events.map((one) => ({ ...record, events: one }));
  const payload = isObject(protoPayload) ? protoPayload : {};
  const metadata = isObject(payload.metadata) ? payload.metadata : {};
  if (!Array.isArray(metadata.event) || metadata.event.length < 2) return [record];
  return metadata.event.map((event) => ({
    ...record,
    protoPayload: { ...payload, metadata: { ...metadata, event } },
  }));
}

/** The event's own object goes by its type, with dots or with underscores. */
function withEvent(record: Raw): Raw {
  const type = typeof record.type === "string" ? record.type : "";
  const event = record[type] ?? record[type.replaceAll(".", "_")];
  return event === undefined ? record : { ...record, event };
}

function serviceRoute(product: Product, service: string): Route[] | null {
  const exact = exactRoute(product, service);
  if (exact !== null) return [exact];
  for (const [pattern, file] of product.patterns) {
    const prefix = pattern.slice(0, pattern.indexOf("*"));
    if (service.startsWith(prefix)) {
      return [routeOf(product, pattern, file, service.slice(prefix.length))];
    }
  }
  return null;
}

function exactRoute(product: Product, service: string): Route | null {
  const found = product.exact.get(service);
  return found === undefined ? null : routeOf(product, found[0], found[1], "*");
}

function routeOf(product: Product, name: string, file: ServiceFile, star: string): Route {
  const { platform } = product;
  const none = (): null => null;
  return {
    name: `${product.name}/${name.replace("*", () => star)}`,
    reads: platform === null ? [] : file.reads.map((one) => readsOf(one, platform, star)),
    resolve: fieldsOf.get(file.like ?? product.name) ?? none,
  };
}

function readsOf(file: ReadsFile, platform: Platform, star: string): Reads {
  const { service, where, unless } = file;
  const field = where ?? unless;
  const condition =
    field === undefined ? null : { field, values: new Set(file.in), isIn: where !== undefined };
  // Of a pattern's own service nothing more than its name is known; the pattern of a whole family stays.
  const isNamed = star !== "*" && service.endsWith(":*");
  return { platform, service: isNamed ? service.replace("*", () => star) : service, condition };
}

/** From a field's name in any case to its accessor. */
function lookUpOf(file: PipelineFile): (field: string) => Accessor | null {
  const tables = new Map<string, ValueTable>(
    Object.entries(file.tables).map(([name, table]) => [name, new Map(Object.entries(table))]),
  );
  const every = new Set(file.every.map((name) => name.toLowerCase()));
  const exact = new Map(
    Object.entries(file.fields).map(([name, paths]) => [name.toLowerCase(), { name, paths }]),
  );
  const patterns = Object.entries(file.fields)
    .filter(([name]) => name.includes("*"))
    .sort(([a], [b]) => b.length - a.length)
    .map(([name, paths]) => ({ name, paths, ...halves(name.toLowerCase()) }));
  const native = new Map(file.native.map((name) => [name.toLowerCase(), name]));
  const insides = file.native
    .filter((name) => name.endsWith(".*"))
    .map((name) => name.slice(0, -1))
    .sort((a, b) => b.length - a.length);
  const parameters = new Set(file.parameters);
  const known = new Map<string, Accessor | null>();

  function accessor(name: string, paths: readonly string[]): Accessor {
    const ways = paths.flatMap((path) =>
      path.startsWith("=") || path.startsWith("@")
        ? [compilePath(path, tables)]
        : file.roots.map((root) => compilePath(root === "" ? path : `${root}.${path}`, tables)),
    );
    return every.has(name) ? everyOf(ways) : firstOf(ways);
  }

  function find(field: string): Accessor | null {
    const lower = field.toLowerCase();
    if (Object.keys(file.absent).some((name) => name.toLowerCase() === lower)) return nothing;
    const own = exact.get(lower);
    if (own !== undefined) return accessor(lower, own.paths);
    for (const { name, paths, before, after } of patterns) {
      if (!lower.startsWith(before) || !lower.endsWith(after)) continue;
      if (lower.length <= before.length + after.length) continue;
      const star = field.slice(before.length, field.length - after.length);
      return accessor(
        name.toLowerCase(),
        paths.map((path) => path.replaceAll("*", () => star)),
      );
    }
    const spelled = native.get(lower);
    if (spelled !== undefined) return accessor(lower, [spelled]);
    if (parameters.has(lower)) {
      return accessor(
        lower,
        (file.parameterPaths ?? []).map((path) => path.replaceAll("*", () => lower)),
      );
    }
    for (const inside of insides) {
      if (!lower.startsWith(inside.toLowerCase())) continue;
      const tail = field.slice(inside.length).split(".");
      if (tail.includes("")) continue;
      return accessor(lower, [`${inside}${tail.map((key) => `?${key}`).join(".")}`]);
    }
    return native.has(`${lower}.*`)
      ? accessor(lower, [`${native.get(`${lower}.*`)?.slice(0, -2)}|json`])
      : null;
  }

  return (field) => {
    let found = known.get(field);
    if (found === undefined) {
      found = find(field);
      if (known.size < KNOWN_MAX) known.set(field, found);
    }
    return found;
  };
}

/** Rules may ask for any number of fields; the usual ones are far fewer. */
const KNOWN_MAX = 10_000;

function halves(name: string): { before: string; after: string } {
  const [before = "", after = ""] = name.split("*");
  return { before, after };
}

function nothing(): undefined {
  return undefined;
}
