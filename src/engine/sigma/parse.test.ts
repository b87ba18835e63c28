import { describe, expect, it } from "vitest";
import { parseSigma } from "./parse.ts";
import type { SigmaDocument } from "./rule.ts";

const RULE = `title: Consent to an unknown app
id: 5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001
logsource:
    product: azure
    service: auditlogs
detection:
    selection:
        OperationName: Consent to application
        Actor|startswith: adm_
    keywords:
        - offline_access
        - Mail.Read
    condition: selection and keywords
level: high
`;

function only(text: string): SigmaDocument {
  const { documents, problems } = parseSigma(text);
  expect(problems).toEqual([]);
  expect(documents).toHaveLength(1);
  const [document] = documents;
  if (document === undefined) throw new Error("no document");
  return document;
}

describe("a rule file", () => {
  it("gives the rule with everything that it asks", () => {
    const rule = only(RULE);
    expect(rule).toMatchObject({
      kind: "rule",
      title: "Consent to an unknown app",
      level: "high",
      logsource: { product: "azure", service: "auditlogs", category: null },
    });
    if (rule.kind !== "rule") throw new Error("no rule");
    expect([...rule.detection.searches.keys()]).toEqual(["selection", "keywords"]);
    expect(rule.detection.conditions).toEqual([
      {
        is: "and",
        parts: [
          { is: "name", name: "selection" },
          { is: "name", name: "keywords" },
        ],
      },
    ]);
  });

  it("a broken document costs itself and leaves the others, with its own lines", () => {
    const { documents, problems } = parseSigma(`${RULE}---\ntitle: [\n---\n${RULE}`);
    expect(documents).toHaveLength(2);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 16, column: 9 });
    expect(problems[0]?.reason).toContain("not valid YAML");
  });
});
