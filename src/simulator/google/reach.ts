/** Which API methods a scope opens, so that no automation does what Google would refuse it. */

/** Scopes without their prefix, by the head and the kind of the method. */
const RULES: readonly (readonly [method: RegExp, scopes: RegExp])[] = [
  [/^drive\.(files\.(list|get|export)|changes|permissions\.list)/, /^drive(\.readonly|\.file)?$/],
  [/^drive\./, /^drive(\.file)?$/],
  [/^sheets\..*\.get$/, /^(spreadsheets(\.readonly)?|drive(\.readonly|\.file)?)$/],
  [/^sheets\./, /^(spreadsheets|drive(\.file)?)$/],
  [/^gmail\..*\.send$/, /^(gmail\.(send|compose|modify)|mail|script\.send_mail)$/],
  [/^gmail\..*\.(insert|import)$/, /^(gmail\.(insert|modify)|mail)$/],
  [/^gmail\..*\.modify$/, /^(gmail\.modify|mail)$/],
  [/^gmail\./, /^(gmail\.(readonly|modify|metadata)|mail)$/],
  [/^calendar\..*\.insert$/, /^calendar(\.events)?$/],
  [/^calendar\./, /^calendar(\.events|\.readonly|\.events\.readonly)?$/],
  [/^people\./, /^contacts/],
  [/^directory\.users\.(list|get)$/, /^admin\.directory\.user(\.readonly)?$/],
  [/^directory\.users\./, /^admin\.directory\.user$/],
  [/^directory\.role/, /^admin\.directory\.rolemanagement/],
  [/^directory\./, /^admin\.directory\.group/],
  [/^chat\./, /^chat/],
  [/^script\./, /^script\.external_request$/],
];

export function isAllowed(method: string, scopes: readonly string[]): boolean {
  const rule = RULES.find(([pattern]) => pattern.test(method));
  return rule === undefined || scopes.some((scope) => rule[1].test(short(scope)));
}

function short(scope: string): string {
  if (scope === "https://mail.google.com/") return "mail";
  return scope.slice(scope.lastIndexOf("/") + 1);
}
