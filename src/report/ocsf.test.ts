/** Every line is a valid OCSF Detection Finding that keeps what the finding says. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject } from "#base/raw.ts";
import { OCSF_VERSION, ocsf } from "./ocsf.ts";
import { OCSF_SHAPES, type OcsfType } from "./ocsf-facts.ts";
import { renderText } from "./renderer.ts";
import { anyReport, sampleReport } from "./testing.ts";

/** Everything about `value` that the schema does not allow. */
function violations(value: unknown, shapeName: string, path = shapeName): string[] {
  const shape = OCSF_SHAPES[shapeName];
  if (shape === undefined || !isObject(value)) return [`${path}: no ${shapeName}`];
  const missing = shape.required.filter((name) => value[name] === undefined);
  const found = missing.map((name) => `${path}.${name}: required`);
  const anyOf = shape.atLeastOne ?? [];
  if (anyOf.length > 0 && !anyOf.some((name) => value[name] !== undefined)) {
    found.push(`${path}: one of ${anyOf.join(", ")}`);
  }
  for (const [name, inner] of Object.entries(value)) {
    const type = shape.attributes[name];
    if (type === undefined) found.push(`${path}.${name}: not in the schema`);
    else found.push(...mismatch(inner, type, `${path}.${name}`));
  }
  return found;
}

function mismatch(value: unknown, type: OcsfType, path: string): string[] {
  if (type === "json") return [];
  if (type === "timestamp" || type === "integer") {
    return Number.isSafeInteger(value) ? [] : [`${path}: no ${type}`];
  }
  if (typeof type === "string") return typeof value === type ? [] : [`${path}: no ${type}`];
  if (Array.isArray(type))
    return type.includes(value) ? [] : [`${path}: ${value} is no value of the enum`];
  if ("object" in type) return violations(value, type.object, path);
  if (!("list" in type)) return [];
  const { list } = type;
  if (!Array.isArray(value)) return [`${path}: no list`];
  return value.flatMap((item, i) =>
    list === "string"
      ? mismatch(item, "string", `${path}[${i}]`)
      : violations(item, list.object, `${path}[${i}]`),
  );
}

function linesOf(text: string): unknown[] {
  return text === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
}

describe("ocsf", () => {
  it("writes one valid Detection Finding a line, for any report", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const lines = linesOf(renderText(ocsf, report));
        expect(lines).toHaveLength(report.findings.length);
        expect(lines.flatMap((line) => violations(line, "detection_finding"))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps ids, severities and times of the findings", () => {
    const report = sampleReport();
    const [first] = linesOf(renderText(ocsf, report, { version: "1.2.3" }));
    expect(first).toMatchObject({
      type_uid: 200_401,
      severity_id: 5,
      time: Date.parse(report.generatedAt),
      start_time: Date.parse("2026-03-04T02:04:00.000Z"),
      confidence_id: 3,
      confidence_score: 96,
      risk_level_id: 4,
      metadata: { version: OCSF_VERSION, product: { name: "Singura", version: "1.2.3" } },
      finding_info: {
        uid: "3f9c21d07a4be6c85512",
        analytic: { uid: "velocity", type_id: 2 },
        attacks: [
          {
            technique: { uid: "T1114", name: "Email Collection" },
            sub_technique: { uid: "T1114.002", name: "Remote Email Collection" },
          },
          { technique: { uid: "T1550" } },
        ],
      },
    });
  });

  it("writes no control character, yet loses none", () => {
    const text = renderText(ocsf, sampleReport());
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("\\u202e");
  });
});
