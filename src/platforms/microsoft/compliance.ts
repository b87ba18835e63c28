/** The compliance centre and Defender in the unified audit log: content searches, exports, alerts, data loss rules. */

import { firstText, isObject, list, nested, type Raw, text } from "#base/raw.ts";
import { isKeyRule } from "#catalog/terms.ts";
import { type AuditEvent, change, withTraits } from "#contract/event.ts";
import { parametersOf } from "./exchange.ts";
import { isTrueText } from "./ids.ts";

export function compliance(event: AuditEvent, raw: Raw): void {
  const action = event.action;
  const given = parametersOf(raw);
  const name = firstText(raw.Name, raw.AlertName, raw.PolicyName, given.get("name"), raw.Case);
  const id = firstText(raw.AlertId, raw.ObjectId, raw.CaseId, given.get("identity"), name);
  if (id !== null) {
    event.target = {
      type: text(raw.ObjectType ?? raw.EntityType, 64) ?? (isAlert(action) ? "alert" : "object"),
      id: id.slice(0, 512),
      name: name?.slice(0, 512) ?? null,
    };
  }
  if (isAlert(action)) {
    event.class = "other";
    event.change = change("flagged_by_vendor", {
      detail: text(
        [name, raw.Severity, raw.Category].filter((part) => typeof part === "string").join("; "),
        1_024,
      ),
    });
    return;
  }
  if (/^DlpRule(Match|Undo)/i.test(action)) {
    event.class = "other";
    if (/match/i.test(action)) {
      const detail = dlpDetail(raw);
      event.change = change("flagged_by_vendor", { detail });
      event.traits = withTraits(event, { labelled: true, secret: isKeyRule(detail) });
    }
    return;
  }
  if (event.outcome !== "failure") searchOrExport(event, raw, given);
}

function isAlert(action: string): boolean {
  return /^Alert(Triggered|EntityGenerated|Updated)$|^MCASAlert|^AirInvestigation/i.test(action);
}

function dlpDetail(raw: Raw): string | null {
  const names: string[] = [];
  const policies = raw.PolicyDetails;
  for (const policy of list(typeof policies === "string" ? nested(policies) : policies).slice(
    0,
    16,
  )) {
    if (!isObject(policy)) continue;
    const name = text(policy.PolicyName, 256);
    if (name !== null) names.push(name);
  }
  return text(names.join(", ") || "data loss prevention rule matched", 1_024);
}

/** Content searches reach every mailbox and site; exports take their results out. */
function searchOrExport(event: AuditEvent, raw: Raw, given: ReadonlyMap<string, string>): void {
  const action = event.action;
  const detail = text(
    [
      action,
      firstText(raw.Query, given.get("contentmatchquery"), given.get("searchname")),
      firstText(raw.ExchangeLocations, given.get("exchangelocation"), raw.SharepointLocations),
    ]
      .filter((part) => part !== null)
      .join("; "),
    1_024,
  );
  const isSearchAction = /ComplianceSearchAction/i.test(action);
  const isExport =
    /export/i.test(action) || (isSearchAction && isTrueText(given.get("export") ?? null));
  const isPurge = isSearchAction && given.has("purge");
  if (/^(Remove|Delete|Get|Stop)/i.test(action) || /(Removed|Deleted|Stopped)$/.test(action))
    return;
  if (isExport) {
    event.class = "export";
    event.change = change(
      /download|viewed/i.test(action) ? "export_downloaded" : "export_started",
      { detail },
    );
  } else if (isPurge) {
    event.class = "delete";
  } else if (
    isSearchAction ||
    /ComplianceSearch|^Search(Created|Started|Updated|Preview)|SearchPreviewed|ediscovery/i.test(
      action,
    )
  ) {
    event.class = "export";
    event.change = change("export_started", {
      detail: text(`content search: ${detail ?? ""}`, 1_024),
    });
  }
}
