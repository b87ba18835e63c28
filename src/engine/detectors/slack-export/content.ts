/** Which exports hold what people wrote, by the names that the platforms give them, and how much of it. */

import type { Platform } from "#contract/platform.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

/** One kind of export. */
export interface Content {
  readonly words: string;
  readonly technique: string;
  /** everything: the whole organization. others: chosen people or channels. own: the exporter's own data. */
  readonly extent: "everything" | "others" | "own";
  /** Runs by a timetable that somebody set up before. */
  readonly isScheduled?: boolean;
  /** Only looks; nothing leaves yet. */
  readonly isSearch?: boolean;
}

interface Rule extends Content {
  readonly platform: Platform;
  /** Against `action detail`. */
  readonly pattern: RegExp;
}

/** The first that matches counts. What matches none (audit logs, analytics, reports, members) holds no conversations. */
const RULES: readonly Rule[] = [
  {
    platform: "slack",
    pattern: /^scheduled_export_/,
    words: "the workspace's conversations, by timetable",
    technique: "T37",
    extent: "everything",
    isScheduled: true,
  },
  {
    platform: "slack",
    pattern: /^manual_user_export_/,
    words: "one person's conversations",
    technique: "T37",
    extent: "others",
  },
  {
    platform: "slack",
    pattern: /^manual_export_/,
    words: "the workspace's conversations",
    technique: "T37",
    extent: "everything",
  },
  {
    platform: "slack",
    pattern: /^(channels|channel_audit)_export_/,
    words: "channels",
    technique: "T37",
    extent: "others",
  },
  {
    platform: "slack",
    pattern: /^corporate_exports_(approved|enabled)/,
    words: "private channels and direct messages (it was allowed)",
    technique: "T37",
    extent: "everything",
    isSearch: true,
  },
  {
    platform: "google",
    pattern: /^customer_takeout/i,
    words: "the whole domain's data",
    technique: "T38",
    extent: "everything",
  },
  {
    platform: "google",
    pattern: /^request_mailbox_dump/i,
    words: "a mailbox",
    technique: "T36",
    extent: "others",
  },
  {
    platform: "google",
    pattern: /takeout/i,
    words: "a person's own Google data",
    technique: "T38",
    extent: "own",
  },
  {
    platform: "google",
    pattern: /export/i,
    words: "mail, chats or files by Vault",
    technique: "T36",
    extent: "others",
  },
  {
    platform: "microsoft",
    pattern: /content search:/i,
    words: "mail and chats (a content search)",
    technique: "T36",
    extent: "others",
    isSearch: true,
  },
  {
    platform: "microsoft",
    pattern: /mailboxexportrequest|mailbox export/i,
    words: "a mailbox",
    technique: "T36",
    extent: "others",
  },
  {
    platform: "microsoft",
    pattern: /messagesexported|recordingexported|transcriptsexported/i,
    words: "Teams messages",
    technique: "T36",
    extent: "others",
  },
  {
    platform: "microsoft",
    // A preview of the results is told as a search, above; the cmdlet's name stays the same.
    pattern: /export|compliancesearchaction/i,
    words: "the results of a content search",
    technique: "T36",
    extent: "others",
  },
  {
    platform: "anthropic",
    pattern: /^org_data_export_/,
    words: "the organization's chats",
    technique: "T38",
    extent: "everything",
  },
];

/** Logs of Google that hold other exports (BigQuery, Looker, Chrome) and so must not match the word alone. */
const GOOGLE_LOGS = /^google:(vault|takeout|admin)$/;

export function contentOf(platform: Platform, entry: TimelineEntry): Content | null {
  if (platform === "google" && !GOOGLE_LOGS.test(entry.service)) return null;
  const named = `${entry.action} ${entry.change.detail ?? ""}`;
  const rules = RULES.filter((rule) => rule.platform === platform);
  return rules.find(({ pattern }) => pattern.test(named)) ?? null;
}
