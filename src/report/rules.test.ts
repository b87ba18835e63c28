import { describe, expect, it } from "vitest";
import { attackLayer } from "./attack-layer.ts";
import { junit } from "./junit.ts";

describe("the layer for the Navigator", () => {
  const layer = attackLayer("rules", "", [
    { title: "B", level: "high", attack: ["T1098.001", "T1528"] },
    { title: "A", level: null, attack: ["T1528", "T1528"] },
  ]);

  it("scores a technique by its rules, each once, and names them", () => {
    expect(layer.versions.layer).toBe("4.5");
    expect(layer.domain).toBe("enterprise-attack");
    expect(layer.techniques.find(({ techniqueID }) => techniqueID === "T1528")).toMatchObject({
      score: 2,
      comment: "A\nB (high)",
    });
    expect(layer.gradient.maxValue).toBe(2);
  });

  it("opens a technique of which only a part is spoken of", () => {
    expect(layer.techniques.map(({ techniqueID }) => techniqueID)).toEqual([
      "T1098",
      "T1098.001",
      "T1528",
    ]);
    expect(layer.techniques[0]).toMatchObject({ score: 0, showSubtechniques: true });
  });
});

describe("JUnit", () => {
  it("counts what passed and failed, and lets no name break out of its attribute", () => {
    const xml = [
      ...junit("rules", [
        {
          name: 'a "rule" <x>',
          file: "a.test.yml",
          cases: [
            { name: "fires: one", failure: null },
            { name: "quiet: two", failure: 'it fired & "should" not' },
          ],
        },
      ]),
    ].join("");
    expect(xml).toContain('tests="2" failures="1"');
    expect(xml).toContain("a &quot;rule&quot; &lt;x&gt;");
    expect(xml).toContain('<failure message="it fired &amp; &quot;should&quot; not"/>');
    expect(xml.match(/<testcase /g)).toHaveLength(2);
  });
});
