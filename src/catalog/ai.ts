/** Which automations are AI products: by id, domain and name from the catalogue, else by honest guesses. */

import type { Platform } from "#contract/platform.ts";
import appsFile from "./ai-apps.json" with { type: "json" };
import agentsFile from "./ai-user-agents.json" with { type: "json" };
import { firstParty } from "./apps.ts";
import { type AiCategory, aiCategory } from "./categories.ts";
import { mcpServer } from "./mcp.ts";
import {
  byHost,
  camelWords,
  hostOf,
  hostsIn,
  isQualified,
  oneOf,
  plain,
  startsAt,
  words,
} from "./text.ts";
import vendorsFile from "./vendors.json" with { type: "json" };

/** How an AI product was recognized, from proof down to a guess. */
export type AiMethod =
  | "catalogue_id"
  | "catalogue_domain"
  | "catalogue_name"
  | "mcp_registry"
  | "user_agent"
  | "heuristic_name"
  | "vendor_record"
  | "behaviour";

/** What is believed about an AI product. `confidence` is 0..1. */
export interface AiMatch {
  /** Who makes it, as far as that is known; else the publisher or the name as given. */
  readonly provider: string;
  readonly category: AiCategory;
  readonly method: AiMethod;
  readonly confidence: number;
}

/** An AI product of the catalogue. */
export interface AiApp {
  readonly key: string;
  readonly name: string;
  readonly vendor: string;
  readonly category: AiCategory;
  readonly domains: readonly string[];
  /** Ids by platform, as "microsoft <id>". */
  readonly ids: readonly string[];
}

/** What is known about an automation; every field but the platform may be missing. */
export interface AiQuestion {
  readonly platform: Platform;
  readonly nativeId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly publisher?: string | null | undefined;
  /** Hosts or URLs of the home page and reply addresses. */
  readonly domains?: readonly string[] | undefined;
  readonly userAgents?: readonly string[] | undefined;
}

/** One spelling of a product's name, and how far a bare name is believed. */
interface Phrase {
  readonly app: AiApp;
  readonly words: readonly string[];
  readonly match: "word" | "qualified" | "owner";
  readonly ownerWords: ReadonlySet<string>;
}

interface AgentToken {
  readonly token: string;
  readonly operator: string | null;
  readonly use: "agent" | "model_crawler" | "crawler";
}

/** Vendors that also sell much that is not AI: their name as publisher says nothing. */
const MIXED_VENDORS: ReadonlySet<string> = new Set(
  [
    ...vendorsFile.vendors.map((row) => row.vendor),
    ...["Google", "IBM", "Khan Academy", "Kuaishou", "Quora", "Thomson Reuters", "Gong", "Zapier"],
  ].map(plain),
);

/** Suffixes of legal names: "OpenAI, L.L.C." is OpenAI. */
const LEGAL_SUFFIX = /(?:incorporated|inc|llc|ltd|limited|pbc|gmbh|corp|corporation|labs|opco)+$/;

const apps: AiApp[] = [];
const byId = new Map<string, AiApp>();
const byDomain = new Map<string, AiApp>();
const bySharedDomain = new Map<string, AiApp>();
const byPublisher = new Map<string, AiApp>();
const phrases = new Map<string, Phrase[]>();

for (const row of appsFile.apps) {
  const app: AiApp = {
    key: row.key,
    name: row.name,
    vendor: row.vendor ?? row.name,
    category: aiCategory(row.category),
    domains: [...(row.domains ?? []), ...(row.sharedDomains ?? [])],
    ids: [
      ...(row.microsoft ?? []).map((id) => `microsoft ${id.toLowerCase()}`),
      ...(row.google ?? []).map((id) => `google ${id.toLowerCase()}`),
      ...(row.slack ?? []).map((id) => `slack ${id.toLowerCase()}`),
    ],
  };
  apps.push(app);
  for (const id of app.ids) byId.set(id, app);
  for (const domain of row.domains ?? []) {
    // Two products may share a domain; the one with fewer domains is the more exact name for it.
    const other = byDomain.get(domain);
    if (other === undefined || app.domains.length < other.domains.length) byDomain.set(domain, app);
  }
  for (const domain of row.sharedDomains ?? []) bySharedDomain.set(domain, app);
  const vendor = plain(app.vendor);
  if (!MIXED_VENDORS.has(vendor) && !byPublisher.has(vendor)) byPublisher.set(vendor, app);
  const match = oneOf(["word", "qualified", "owner"], row.match ?? "word");
  const ownerWords = new Set([...words(app.vendor), ...camelWords(app.vendor)]);
  for (const name of row.names ?? [row.name]) {
    const written = words(name);
    const camel = camelWords(name);
    const spellings = written.join(" ") === camel.join(" ") ? [written] : [written, camel];
    for (const spelling of spellings) {
      const first = spelling[0] ?? "";
      const list = phrases.get(first) ?? [];
      list.push({ app, words: spelling, match, ownerWords });
      phrases.set(first, list);
    }
  }
}

const vendorDomains = new Map<string, string>(
  vendorsFile.vendors.flatMap((row) =>
    row.domains.map((domain): [string, string] => [domain, row.vendor]),
  ),
);

const agentTokens = new Map<string, AgentToken>();
const agentPhrases: AgentToken[] = [];
for (const row of agentsFile.userAgents) {
  if (row.ambiguous === true) continue;
  const token: AgentToken = {
    token: row.token,
    operator: row.operator ?? null,
    use: oneOf(["agent", "model_crawler", "crawler"], row.use),
  };
  agentTokens.set(row.token.toLowerCase(), token);
  if (row.token.includes(" ")) agentPhrases.push(token);
}

/**
 * Says whether an automation is an AI product, and how sure that is. Methods, surest first: an id that a public source
 * states (.99), a domain (.9), the vendor or product name (.85), the MCP registry (.8), a user agent (.6 to .75), and
 * words of the name or a ".ai" domain (.5 to .7), which find products that no catalogue lists. A domain that the vendor
 * also uses for other products proves nothing by itself. Category "workflow_automation" (Zapier, n8n) is in the
 * catalogue because such products call models; whether it counts as AI is the caller's choice. Null means no sign.
 */
export function identifyAi(question: AiQuestion): AiMatch | null {
  const byItsId = question.nativeId == null ? null : aiById(question.platform, question.nativeId);
  if (byItsId !== null) return byItsId;
  const name = question.name ?? "";
  const publisher = question.publisher ?? "";
  const hosts = (question.domains ?? []).map(hostOf).filter((host) => host !== null);
  return (
    matchDomain(hosts) ??
    matchName(name, publisher, hosts) ??
    matchRegistry(name) ??
    matchAgents(question.userAgents ?? []) ??
    guess(name, publisher, hosts)
  );
}

/** What an automation did that only an AI does, and what the vendor's records call it. */
export interface AiBehaviour {
  /** Calls of tools, by an agent or over MCP. */
  readonly toolCalls: number;
  /** Different tools among them. */
  readonly tools: number;
  /** Prompts that it sent to a model or took from people. */
  readonly prompts: number;
  /** The vendor's records are of the kind that only agents, or connectors of agents, leave. */
  readonly isCalledAgent: boolean;
}

/**
 * The AI that an automation is by what it does, where its name and addresses say nothing. Nothing is guessed of who makes
 * it: the publisher or vendor is named where the records have one, else it is "unknown".
 */
export function aiByBehaviour(behaviour: AiBehaviour, maker: string | null): AiMatch | null {
  const { toolCalls, tools, prompts, isCalledAgent } = behaviour;
  const provider = maker ?? "unknown";
  if (isCalledAgent) {
    return { provider, category: "agent", method: "vendor_record", confidence: 0.9 };
  }
  if (toolCalls + prompts === 0) return null;
  // One call may be a mislabelled record; many, of several tools, are an agent at work.
  const isSteady = toolCalls + prompts >= 10;
  const confidence = isSteady ? (tools >= 2 ? 0.8 : 0.75) : toolCalls + prompts >= 3 ? 0.7 : 0.6;
  const category = toolCalls > 0 ? "agent" : "assistant";
  return { provider, category, method: "behaviour", confidence };
}

/** All AI products of the catalogue, by key. */
export function aiApps(): readonly AiApp[] {
  return apps;
}

/**
 * The AI agent or crawler that a user agent names, or null. `use` says whether it acts for somebody (agent) or gathers
 * pages (model_crawler, crawler). Words that ordinary software also sends ("Code", "Scrapy") never match.
 * Source: ai-robots-txt, and the tokens of public client libraries.
 */
export function aiUserAgent(userAgent: string): AgentToken | null {
  const text = userAgent.slice(0, 512).toLowerCase();
  for (const part of text.split(/[\s;,()/+]+/)) {
    const token = agentTokens.get(part);
    if (token !== undefined) return token;
  }
  return agentPhrases.find((phrase) => text.includes(phrase.token.toLowerCase())) ?? null;
}

/** The AI product that a public source names for this id, or null. */
export function aiById(platform: Platform, nativeId: string): AiMatch | null {
  const app = byId.get(`${platform} ${nativeId.toLowerCase()}`);
  if (app !== undefined) return found(app, "catalogue_id", 0.99);
  const category = firstParty(platform, nativeId)?.aiCategory ?? null;
  if (category === null) return null;
  return { provider: "Microsoft", category, method: "catalogue_id", confidence: 0.99 };
}

function matchDomain(hosts: readonly string[]): AiMatch | null {
  for (const host of hosts) {
    const app = byHost(byDomain, host);
    if (app !== undefined) return found(app, "catalogue_domain", 0.9);
  }
  return null;
}

function matchName(name: string, publisher: string, hosts: readonly string[]): AiMatch | null {
  for (const host of hostsIn(name)) {
    const app = byHost(byDomain, host);
    if (app !== undefined) return found(app, "catalogue_name", 0.85);
  }
  const written = words(name);
  const camel = camelWords(name);
  const best = longer(
    longestPhrase(written, publisher, hosts),
    longestPhrase(camel, publisher, hosts),
  );
  if (best !== null) return found(best.app, "catalogue_name", 0.85);
  const maker = plain(publisher);
  const app = byPublisher.get(maker) ?? byPublisher.get(maker.replace(LEGAL_SUFFIX, ""));
  return app === undefined ? null : found(app, "catalogue_name", 0.85);
}

function longestPhrase(
  text: readonly string[],
  publisher: string,
  hosts: readonly string[],
): Phrase | null {
  let best: Phrase | null = null;
  for (const [at, word] of text.entries()) {
    for (const phrase of phrases.get(word) ?? []) {
      if (!startsAt(text, phrase.words, at)) continue;
      if (believes(phrase, text, at, publisher, hosts)) best = longer(best, phrase);
    }
  }
  return best;
}

function believes(
  phrase: Phrase,
  text: readonly string[],
  at: number,
  publisher: string,
  hosts: readonly string[],
): boolean {
  if (phrase.match === "word") return true;
  if (phrase.match === "qualified") {
    return isQualified(text, at, phrase.words.length, phrase.ownerWords);
  }
  const isOwner =
    (publisher !== "" && plain(publisher).startsWith(plain(phrase.app.vendor))) ||
    hosts.some((host) => byHost(bySharedDomain, host) === phrase.app);
  return isOwner && isQualified(text, at, phrase.words.length, phrase.ownerWords);
}

/** The phrase that reads more of the name; the first of two equal ones. */
function longer(a: Phrase | null, b: Phrase | null): Phrase | null {
  if (a === null || b === null) return a ?? b;
  return b.words.join("").length > a.words.join("").length ? b : a;
}

function matchRegistry(name: string): AiMatch | null {
  const server = name === "" ? null : mcpServer(name);
  if (server === null) return null;
  const owner = server.repository.split("/")[1] ?? server.name;
  return { provider: owner, category: "agent", method: "mcp_registry", confidence: 0.8 };
}

function matchAgents(userAgents: readonly string[]): AiMatch | null {
  for (const userAgent of userAgents) {
    const token = aiUserAgent(userAgent);
    // A crawler that works for a search engine or an advertiser does not make its caller an AI product.
    if (token === null || token.use === "crawler") continue;
    return {
      provider: token.operator ?? token.token,
      category: token.use === "agent" ? "agent" : "other",
      method: "user_agent",
      confidence: token.use === "agent" ? 0.75 : 0.6,
    };
  }
  return null;
}

/** One sign in a name. `needs` and `unless` read the other words. */
interface Sign {
  readonly words: readonly string[];
  readonly category: AiCategory;
  readonly confidence: number;
  readonly needs?: ReadonlySet<string>;
  readonly unless?: ReadonlySet<string>;
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** The most telling first. What a sign says about the category can be refined by CATEGORY_HINTS. */
const SIGNS: readonly Sign[] = [
  { words: ["gpt"], category: "assistant", confidence: 0.7, unless: set("partition disk uefi") },
  { words: ["llm"], category: "model_api", confidence: 0.7, unless: set("law degree tuition") },
  { words: ["llms"], category: "model_api", confidence: 0.7 },
  { words: ["genai"], category: "assistant", confidence: 0.7 },
  {
    words: ["copilot"],
    category: "assistant",
    confidence: 0.65,
    unless: set("flight aviation pilot"),
  },
  { words: ["artificial", "intelligence"], category: "assistant", confidence: 0.65 },
  { words: ["agentic"], category: "agent", confidence: 0.65 },
  {
    words: ["ai"],
    category: "assistant",
    confidence: 0.65,
    // The extension of Adobe Illustrator files, an artist, a letter that French elides.
    unless: set("svg eps psd illustrator weiwei j"),
  },
  {
    words: ["mcp"],
    category: "agent",
    confidence: 0.65,
    needs: set(
      "server servers client connector connectors tool tools toolbox toolkit bridge gateway proxy host hub remote registry agent",
    ),
    // Microsoft Certified Professional.
    unless: set("exam exams certification certified certificate training microsoftcertified"),
  },
  { words: ["notetaker"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["note", "taker"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["notetaking", "bot"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["meeting", "assistant"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["meeting", "scribe"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["meet", "scribe"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["meeting", "recorder"], category: "meeting_notetaker", confidence: 0.5 },
  { words: ["call", "summarizer"], category: "meeting_notetaker", confidence: 0.6 },
  { words: ["transcriber"], category: "meeting_notetaker", confidence: 0.55 },
  { words: ["transcription"], category: "meeting_notetaker", confidence: 0.5 },
  { words: ["summarizer"], category: "writing", confidence: 0.5 },
  { words: ["summariser"], category: "writing", confidence: 0.5 },
  { words: ["autonomous", "agent"], category: "agent", confidence: 0.6 },
  { words: ["prompt", "engineering"], category: "assistant", confidence: 0.5 },
  { words: ["stable", "diffusion"], category: "media", confidence: 0.6 },
  { words: ["text", "to", "image"], category: "media", confidence: 0.5 },
];

/** Words that tell what an AI product is for. */
const CATEGORY_HINTS: readonly (readonly [ReadonlySet<string>, AiCategory])[] = [
  [
    set("notetaker scribe transcriber transcription meeting meetings recorder minutes"),
    "meeting_notetaker",
  ],
  [set("code coding developer dev"), "coding_agent"],
  [set("mcp agent agents agentic autopilot"), "agent"],
  [set("image images video voice music avatar"), "media"],
  [set("write writer writing email emails copywriter"), "writing"],
  [set("search"), "enterprise_search"],
  [set("pdf research paper papers document documents contract contracts"), "research_document"],
  [set("calendar scheduling scheduler"), "scheduling_email"],
];

function guess(name: string, publisher: string, hosts: readonly string[]): AiMatch | null {
  const sign = readName(name);
  const shared = hosts.map((host) => byHost(bySharedDomain, host)).find((app) => app !== undefined);
  const host = hosts.find((candidate) => isAiHost(candidate));
  if (sign === null && host === undefined) return null;
  // Two weak signs that agree are stronger than either.
  const both = sign !== null && host !== undefined ? 0.7 : 0;
  const named = publisher !== "" ? publisher : (shared?.vendor ?? label(host) ?? name);
  return {
    provider: named,
    category: sign?.category ?? "other",
    method: "heuristic_name",
    confidence: Math.max(both, sign?.confidence ?? 0, host === undefined ? 0 : 0.55),
  };
}

function readName(name: string): { category: AiCategory; confidence: number } | null {
  if (name === "") return null;
  const camel = camelWords(name);
  const written = words(name);
  const all = new Set([...camel, ...written]);
  if (/(?:^|[^\p{L}\p{N}])a\.i\.?(?:$|[^\p{L}\p{N}.])/iu.test(name)) all.add("ai");
  for (const host of hostsIn(name)) if (isAiHost(host)) all.add("ai");
  for (const word of written) {
    if (/^[a-z]{2,}gpt$/.test(word)) all.add("gpt");
    if (MODEL.test(word)) all.add("llm");
    if (/^v?llms?$/.test(word)) all.add("llm");
  }
  // "AI-14" and "AI-2" number a bus or a form.
  if (/\bAI-\d/.test(name) && !/\bAI\b(?!-\d)/.test(name)) all.delete("ai");
  for (const sign of SIGNS) {
    const isThere =
      sign.words.length === 1
        ? all.has(sign.words[0] ?? "")
        : camel.some((_, at) => startsAt(camel, sign.words, at));
    if (!isThere) continue;
    if (sign.needs !== undefined && !overlaps(sign.needs, all) && !isSlug(name) && !isOfMcp(name)) {
      continue;
    }
    if (sign.unless !== undefined && overlaps(sign.unless, all)) continue;
    const isBroad = sign.words[0] === "ai" || sign.words[0] === "gpt" || sign.words[0] === "genai";
    const hint = isBroad ? CATEGORY_HINTS.find(([hints]) => overlaps(hints, all)) : undefined;
    return { category: hint?.[1] ?? sign.category, confidence: sign.confidence };
  }
  return null;
}

/** Families of language models with their version, as services are named after them: llama3, gpt4o, qwen2. */
const MODEL = /^(?:llama|gpt|qwen|gemma|mixtral)\d{1,2}[a-z]?$/;

/** "Notion MCP" is how vendors name their servers; a person's title stands behind a comma or a longer name. */
function isOfMcp(name: string): boolean {
  return /^[\p{Lu}\p{N}][\p{L}\p{N}.]+ MCP$/u.test(name.trim());
}

/** "github-mcp" is how packages and servers are named; prose has spaces. */
function isSlug(name: string): boolean {
  return /^[\w@/.]+(?:[-_][\w.]+)+$/.test(name.trim());
}

/** A ".ai" host that the vendor list does not know as a product without AI. */
function isAiHost(host: string): boolean {
  return host.endsWith(".ai") && byHost(vendorDomains, host) === undefined;
}

function label(host: string | undefined): string | undefined {
  return host?.split(".").at(-2);
}

function overlaps(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const word of a) if (b.has(word)) return true;
  return false;
}

function found(app: AiApp, method: AiMethod, confidence: number): AiMatch {
  return { provider: app.vendor, category: app.category, method, confidence };
}
