/** Whether a changed setting lets more through than before, as far as its name and values tell. */

import { bool } from "#base/raw.ts";
import { type Change, change } from "#contract/event.ts";
import { type Params, param } from "./params.ts";

/** From closed to open; the last that fits a value gives its rank. */
const OPENNESS: readonly (readonly [RegExp, number])[] = [
  [
    /allow_none|^(private|none|disabled?|off|never)$|not_allowed|blocked|restricted|invited_can/i,
    0,
  ],
  [/may_receive|free_?busy|managers|owners|members?_can/i, 1],
  [/whitelist|allowlist|trusted_domain|selected|specif(ic|ied)|in_domain/i, 2],
  [/read_only|viewer|can_view$|with_warning/i, 3],
  [/^(on|enabled?|unrestricted|allowed|public)$|sharing_allowed$|read_write|people_with_link/i, 4],
  [/allow_all|anyone|all_users|public_on|manage_access|any_app/i, 5],
];

/** Marketplace: 1 no app, 2 any app, 3 selected apps only. */
const MARKETPLACE: Readonly<Record<string, number>> = { "1": 0, "3": 2, "2": 5 };

/** Settings that guard: turning them off opens. All others are taken as opening when turned on, if they name what they open. */
const GUARD =
  /scan|protect|enforce|require|warn|quarantine|detect|sandbox|verif|2sv|strong_auth|two_step|dlp|audit|logging|log_/i;
const OPENER =
  /allow|extern|outside|shar|public|forward|delegat|pop|imap|third_party|api_access|oauth|marketplace|less_secure|weak|guest|offline|add_?on|anonymous|gemini|insecure/i;
const NEGATED = /disable|deny|block|prevent|restrict|disallow/i;

const SETTING_EVENT =
  /setting|^toggle_|^enforce_|^allow_|^enable_|^disable_|preference|api_access|third_party|weak_programmatic|session_control/i;

/** policy_relaxed or policy_tightened for a setting whose direction is plain, else null. */
export function settingChange(event: string, params: Params): Change | null {
  if (!SETTING_EVENT.test(event)) return null;
  const setting = param(params, "setting_name", "service_name", "oauth2_service_name") ?? event;
  const before = param(params, "old_value");
  const after = param(params, "new_value");
  if (after === null || after === before) return null;
  const step = directionOf(`${event} ${setting}`, setting, before, after);
  if (step === 0) return null;
  return change(step > 0 ? "policy_relaxed" : "policy_tightened", {
    detail: `${setting}: ${before ?? "?"} -> ${after}`.slice(0, 1_024),
  });
}

/** Positive: opened; negative: closed; 0: the record does not tell. */
function directionOf(words: string, setting: string, before: string | null, after: string): number {
  if (setting.includes("MARKETPLACE")) {
    return compare(MARKETPLACE[before ?? ""], MARKETPLACE[after]);
  }
  const isOn = bool(after);
  if (isOn !== null && after !== "1" && after !== "0") {
    const sign = NEGATED.test(words) ? -1 : 1;
    // "disable_delayed_delivery": a guard that is negated opens when it is turned on.
    if (GUARD.test(words) || /delayed_delivery/i.test(words)) return (isOn ? -1 : 1) * sign;
    return OPENER.test(words) ? (isOn ? 1 : -1) * sign : 0;
  }
  return compare(rankOf(before), rankOf(after));
}

/** Where the old value is a default that nobody can rank, only the ends of the scale tell. */
function compare(before: number | undefined, after: number | undefined): number {
  if (after === undefined) return 0;
  if (before !== undefined) return after - before;
  if (after >= 4) return 1;
  return after === 0 ? -1 : 0;
}

function rankOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  let found: number | undefined;
  for (const [pattern, rank] of OPENNESS) if (pattern.test(value)) found = rank;
  return found;
}
