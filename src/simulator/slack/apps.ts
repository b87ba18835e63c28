/** Apps as Slack knows them, and the machines that they run on. */

import { hash32 } from "#base/hash.ts";
import { type Company, type Person, stableId } from "#simulator/company.ts";
import type { Fields } from "#simulator/stage.ts";

export interface App {
  readonly id: string;
  readonly name: string;
  readonly isInternal: boolean;
  /** Reviewed by Slack for its directory. */
  readonly isVerified: boolean;
  readonly isWorkflow: boolean;
  readonly hasRotation: boolean;
  readonly scopes: readonly string[];
  readonly homepage: string;
  readonly ownerId: string;
  readonly workflowId: string;
  readonly botUserId: string;
  readonly botId: string;
  /** The app as entity; its `app` is also what `context.app` holds. */
  readonly entity: Fields;
  /** Its bot user as actor. */
  readonly actor: Fields;
}

export interface AppTraits {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly owner: Person;
  readonly isInternal?: boolean;
  readonly isVerified?: boolean;
  readonly isWorkflow?: boolean;
  readonly hasRotation?: boolean;
  readonly homepage?: string;
}

/** `key` makes its ids; the same key is the same app. */
export function createApp(company: Company, key: string, traits: AppTraits): App {
  const { name, scopes, owner } = traits;
  const isInternal = traits.isInternal ?? false;
  const isVerified = traits.isVerified ?? !isInternal;
  const isWorkflow = traits.isWorkflow ?? false;
  const id = `A0${stableId(`${company.seed} app ${key}`, 9)}`;
  const botUserId = `U0${stableId(`${company.seed} bot user ${key}`, 9)}`;
  const team = company.slackTeamId;
  return {
    id,
    name,
    isInternal,
    isVerified,
    isWorkflow,
    hasRotation: traits.hasRotation ?? false,
    scopes,
    homepage: traits.homepage ?? homepageOf(name, isInternal ? company.domain : null),
    ownerId: owner.slackId,
    workflowId: `Wf0${stableId(`${company.seed} workflow ${key}`, 8)}`,
    botUserId,
    botId: `B0${stableId(`${company.seed} bot ${key}`, 9)}`,
    entity: {
      type: "app",
      app: {
        id,
        name,
        is_distributed: !isInternal,
        is_directory_approved: isVerified,
        is_workflow_app: isWorkflow,
        scopes,
        creator: owner.slackId,
        team,
      },
    },
    // Bot users have no e-mail address.
    actor: { type: "user", user: { id: botUserId, name, email: "", team } },
  };
}

/** Where the makers of well-known products really are. */
const HOMEPAGES: Readonly<Record<string, string>> = {
  Zendesk: "https://www.zendesk.com",
  ServiceNow: "https://www.servicenow.com",
  Claude: "https://claude.ai",
  ChatGPT: "https://chatgpt.com",
  Perplexity: "https://www.perplexity.ai",
  "Notion AI": "https://www.notion.so",
  "Jira Cloud": "https://www.atlassian.com",
  GitHub: "https://github.com",
  "Google Calendar": "https://calendar.google.com",
  Datadog: "https://www.datadoghq.com",
  Sentry: "https://sentry.io",
  CircleCI: "https://circleci.com",
  Buildkite: "https://buildkite.com",
  Geekbot: "https://geekbot.com",
  Nightfall: "https://www.nightfall.ai",
  "Otter.ai": "https://otter.ai",
  "Fireflies.ai": "https://fireflies.ai",
  Fathom: "https://fathom.video",
  Glean: "https://www.glean.com",
  Guru: "https://www.getguru.com",
  Salesforce: "https://www.salesforce.com",
  HubSpot: "https://www.hubspot.com",
  PagerDuty: "https://www.pagerduty.com",
  Opsgenie: "https://www.atlassian.com",
  Trello: "https://trello.com",
  Asana: "https://asana.com",
  Miro: "https://miro.com",
  Polly: "https://www.polly.ai",
  "Simple Poll": "https://simplepoll.rocks",
};

function homepageOf(name: string, domain: string | null): string {
  const known = domain === null ? HOMEPAGES[name] : undefined;
  if (known !== undefined) return known;
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return domain === null ? `https://${slug}.example` : `https://tools.${domain}/${slug}`;
}

/**
 * Addresses of one tenant of a cloud. Clouds of honest vendors and of others are drawn alike, so that an address by
 * itself says nothing.
 */
export function machines(key: string, count: number): string[] {
  const network = networkOf(key);
  const first = 2 + (hash32(`${key} host`) % 200);
  return Array.from({ length: count }, (_, index) => `${network}.${first + index * 3}`);
}

const DOCUMENTATION = ["192.0.2", "198.51.100", "203.0.113"] as const;

function networkOf(key: string): string {
  const draw = hash32(`${key} network`) % 1_000;
  const documentation = DOCUMENTATION[draw % DOCUMENTATION.length];
  return draw < 150 && documentation !== undefined
    ? documentation
    : `198.19.${hash32(`${key} cloud`) % 256}`;
}
