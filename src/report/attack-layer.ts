/** A layer for MITRE's ATT&CK Navigator, format 4.5: which techniques a set of rules speaks of, and with how many rules. */

/** What a layer shows of one rule. */
export interface LayerRule {
  readonly title: string;
  readonly level: string | null;
  /** ATT&CK ids such as T1098.001. */
  readonly attack: readonly string[];
}

/** More titles than this would hide the picture behind its comments. */
const TITLES_MAX = 20;

export interface LayerTechnique {
  readonly techniqueID: string;
  readonly score: number;
  readonly comment: string;
  readonly enabled: true;
  readonly showSubtechniques: boolean;
}

/** The layer's format asks for names in this spelling. */
export function attackLayer(name: string, description: string, rules: readonly LayerRule[]) {
  const techniques = techniquesOf(rules);
  return {
    name,
    versions: { layer: "4.5" },
    domain: "enterprise-attack",
    description,
    sorting: 3,
    hideDisabled: false,
    techniques,
    gradient: {
      colors: ["#e8f1fbff", "#2f6fb7ff"],
      minValue: 0,
      maxValue: Math.max(1, ...techniques.map(({ score }) => score)),
    },
    legendItems: [{ label: "the score is the number of rules", color: "#2f6fb7" }],
    showTacticRowBackground: false,
    selectTechniquesAcrossTactics: true,
    selectSubtechniquesWithParent: false,
  };
}

/** One row a technique, sorted by id; a technique whose parts alone are spoken of is opened without a score of its own. */
function techniquesOf(rules: readonly LayerRule[]): LayerTechnique[] {
  const titles = new Map<string, string[]>();
  for (const rule of rules) {
    for (const id of new Set(rule.attack)) {
      const held = titles.get(id) ?? [];
      held.push(rule.level === null ? rule.title : `${rule.title} (${rule.level})`);
      titles.set(id, held);
    }
  }
  const parents = new Set(
    [...titles.keys()].flatMap((id) => (id.includes(".") ? id.slice(0, 5) : [])),
  );
  for (const parent of parents) if (!titles.has(parent)) titles.set(parent, []);
  return [...titles.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([techniqueID, all]) => ({
      techniqueID,
      score: all.length,
      comment: commentOf(all.sort()),
      enabled: true,
      showSubtechniques: parents.has(techniqueID),
    }));
}

function commentOf(titles: readonly string[]): string {
  const more = titles.length - TITLES_MAX;
  const shown = titles.slice(0, TITLES_MAX);
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
