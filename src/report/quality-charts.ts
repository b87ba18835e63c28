/** Pictures of measured quality as SVG: the precision-recall curves, and recall against stealth. */

/** A line of a chart, in the unit square. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** The least and the greatest at each point, drawn as a faint band. */
  readonly band?: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

export interface Chart {
  readonly title: string;
  /** What the picture shows, for readers who do not see it. */
  readonly description: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Axis labels: `percent` of 0..1, or the number itself. */
  readonly xFormat: "percent" | "number";
  readonly series: readonly Series[];
  /** Whether a line keeps its height up to the next point, as a precision-recall curve does. */
  readonly isStepped: boolean;
}

const WIDTH = 720;
const HEIGHT = 400;
const PLOT = { left: 64, top: 54, right: 520, bottom: 340 };
const INK = "#1f2430";
const SOFT = "#667085";
const GRID = "#e4e7ec";
/** Told apart by people who see few colours, too (Okabe and Ito), and by dashes. */
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "4 2", "1 2"] as const;

export function chartSvg(chart: Chart): string {
  const fonts = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title description" font-family="${fonts}">
<title id="title">${escaped(chart.title)}</title>
<desc id="description">${escaped(chart.description)}</desc>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="#ffffff" stroke="${GRID}"/>
<text x="${PLOT.left}" y="32" font-size="16" font-weight="600" fill="${INK}">${escaped(chart.title)}</text>
${axes(chart)}
${chart.series.map((series, index) => band(series, colorOf(index))).join("")}
${chart.series.map((series, index) => line(series, index, chart.isStepped)).join("\n")}
${chart.series.map((series, index) => legend(series, index)).join("\n")}
</svg>
`;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

function axes({ xTitle, yTitle, xFormat }: Chart): string {
  const rows = TICKS.map(
    (tick) =>
      `<path d="M${PLOT.left} ${yAt(tick)}H${PLOT.right}" stroke="${GRID}"/><text x="${PLOT.left - 8}" y="${yAt(tick) + 4}" font-size="12" fill="${SOFT}" text-anchor="end">${percent(tick)}</text>`,
  );
  const marks = TICKS.map(
    (tick) =>
      `<text x="${xAt(tick)}" y="${PLOT.bottom + 18}" font-size="12" fill="${SOFT}" text-anchor="middle">${xFormat === "percent" ? percent(tick) : tick}</text>`,
  );
  const middle = { x: (PLOT.left + PLOT.right) / 2, y: (PLOT.top + PLOT.bottom) / 2 };
  return `${[...rows, ...marks].join("\n")}
<path d="M${PLOT.left} ${PLOT.bottom}H${PLOT.right}" stroke="${SOFT}"/>
<text x="${middle.x}" y="${PLOT.bottom + 40}" font-size="13" fill="${INK}" text-anchor="middle">${escaped(xTitle)}</text>
<text transform="translate(18 ${middle.y}) rotate(-90)" font-size="13" fill="${INK}" text-anchor="middle">${escaped(yTitle)}</text>`;
}

function line({ points }: Series, index: number, isStepped: boolean): string {
  const [first] = points;
  if (first === undefined) return "";
  const dash = DASHES[index % DASHES.length] ?? "";
  const style = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  const start = isStepped ? { x: 0, y: first.y } : first;
  let path = `M${xAt(start.x)} ${yAt(start.y)}`;
  for (const { x, y } of points) {
    path += isStepped ? `V${yAt(y)}H${xAt(x)}` : `L${xAt(x)} ${yAt(y)}`;
  }
  const dots = isStepped
    ? ""
    : points
        .map(
          ({ x, y }) => `<circle cx="${xAt(x)}" cy="${yAt(y)}" r="3.5" fill="${colorOf(index)}"/>`,
        )
        .join("");
  return `<path d="${path}" fill="none" stroke="${colorOf(index)}" stroke-width="2.2" stroke-linejoin="round"${style}/>${dots}`;
}

function band({ band: edges = [] }: Series, color: string): string {
  if (edges.length < 2) return "";
  const upper = edges.map(({ x, high }) => `${xAt(x)} ${yAt(high)}`);
  const lower = [...edges].reverse().map(({ x, low }) => `${xAt(x)} ${yAt(low)}`);
  return `<path d="M${[...upper, ...lower].join("L")}Z" fill="${color}" opacity="0.1"/>\n`;
}

function legend({ name }: Series, index: number): string {
  const y = PLOT.top + 12 + index * 24;
  const x = PLOT.right + 20;
  const dash = DASHES[index % DASHES.length] ?? "";
  const style = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  return `<path d="M${x} ${y}h26" stroke="${colorOf(index)}" stroke-width="2.2"${style}/><text x="${x + 34}" y="${y + 4}" font-size="13" fill="${INK}">${escaped(name)}</text>`;
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? INK;
}

function xAt(x: number): number {
  return round(PLOT.left + Math.min(1, Math.max(0, x)) * (PLOT.right - PLOT.left));
}

function yAt(y: number): number {
  return round(PLOT.bottom - Math.min(1, Math.max(0, y)) * (PLOT.bottom - PLOT.top));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
