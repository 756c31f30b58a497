/** Where and when a part was measured. */
export type Machine = {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly measuredOn: string;
  /** Processes that wanted to run when it began. */
  readonly load: number;
};

/** The real program by stored servers; `Cpu` is processor time. */
export type ServersRow = {
  readonly servers: number;
  readonly readyMs: number;
  readonly startCpuMs: number;
  readonly restMb: number;
  readonly settingsReadUs: number;
  readonly settingsChangeMs: number;
  readonly firstLookCpuMs: number;
  readonly dueLookCpuMs: number;
};

/** The real program by listed coins. */
export type CoinsRow = {
  readonly coins: number;
  readonly loadCpuMs: number;
  readonly stallMs: number;
  readonly restMb: number;
  readonly suggestCpuMs: number;
};

/** A wave of digests by the processes that share it. */
export type ProcessesRow = {
  readonly processes: number;
  readonly postsPerSecond: number;
  readonly refused: number;
  readonly duplicates: number;
  readonly peakMb: number;
};

type Part<Row> = { readonly machine: Machine; readonly rows: readonly Row[] };

/** What the growth bench measures (growth.ts); docs/performance/growth.json has it. */
export type Growth = {
  readonly servers: Part<ServersRow>;
  readonly coins: Part<CoinsRow>;
  readonly processes: Part<ProcessesRow>;
};

type Line = { readonly label: string; readonly at: readonly (readonly [number, number])[] };
type Plot = {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly Line[];
  /** Log axes in both directions; linear from 0 otherwise. */
  readonly isLog: boolean;
};

/** The plots as SVG, by file name. */
export function growthPlots({
  servers,
  coins,
  processes,
}: Growth): Readonly<Record<string, string>> {
  const ofServers = (pick: (row: ServersRow) => number) =>
    servers.rows.map((row) => [row.servers, pick(row)] as const);
  const ofCoins = (pick: (row: CoinsRow) => number) =>
    coins.rows.map((row) => [row.coins, pick(row)] as const);
  const ofProcesses = (pick: (row: ProcessesRow) => number) =>
    processes.rows.map((row) => [row.processes, pick(row)] as const);
  return {
    "servers-time": svgOf({
      title: "Processor time by stored servers",
      xTitle: "servers with settings and a digest",
      yTitle: "milliseconds",
      isLog: true,
      lines: [
        { label: "start", at: ofServers(({ startCpuMs }) => startCpuMs) },
        {
          label: "look for due digests, each minute",
          at: ofServers(({ dueLookCpuMs }) => dueLookCpuMs),
        },
        {
          label: "change of a setting (on the clock)",
          at: ofServers(({ settingsChangeMs }) => settingsChangeMs),
        },
      ],
    }),
    "coins-time": svgOf({
      title: "Processor time by listed coins",
      xTitle: "coins in the list",
      yTitle: "milliseconds",
      isLog: true,
      lines: [
        { label: "taking in the list, once a day", at: ofCoins(({ loadCpuMs }) => loadCpuMs) },
        { label: "longest stall meanwhile", at: ofCoins(({ stallMs }) => stallMs) },
        { label: "a suggestion", at: ofCoins(({ suggestCpuMs }) => suggestCpuMs) },
      ],
    }),
    memory: svgOf({
      title: "Resident memory at rest",
      xTitle: "servers, or coins",
      yTitle: "MB",
      isLog: true,
      lines: [
        { label: "by servers", at: ofServers(({ restMb }) => restMb) },
        { label: "by coins", at: ofCoins(({ restMb }) => restMb) },
      ],
    }),
    processes: svgOf({
      title: "A wave of digests by processes",
      xTitle: "worker processes on one Redis and one PostgreSQL",
      yTitle: "posts a second",
      isLog: false,
      lines: [{ label: "posts a second", at: ofProcesses(({ postsPerSecond }) => postsPerSecond) }],
    }),
  };
}

const [WIDTH, HEIGHT] = [560, 360];
const PLOT = { left: 76, right: 540, top: 108, bottom: 300 };
/** Told apart on white, on black, and by people who do not see red and green alike. */
const COLORS = ["#0b84c6", "#c76a00", "#8a63d2"];
const MARKS = ["circle", "square", "diamond"] as const;

function svgOf({ title, xTitle, yTitle, lines, isLog }: Plot): string {
  const points = lines.flatMap(({ at }) => at);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const xAxis = isLog ? logAxis(xs) : linearAxis(xs);
  const yAxis = isLog ? logAxis(ys) : linearAxis(ys);
  const xAt = (x: number) => round(PLOT.left + xAxis.place(x) * (PLOT.right - PLOT.left));
  const yAt = (y: number) => round(PLOT.bottom - yAxis.place(y) * (PLOT.bottom - PLOT.top));
  const middleX = (PLOT.left + PLOT.right) / 2;
  const parts = [
    `<text x="16" y="26" font-size="18" font-weight="bold">${title}</text>`,
    ...lines.map(({ label }, line) => {
      const y = 50 + 20 * line;
      return `${mark(line, 24, y - 6)}<text x="38" y="${y}">${label}</text>`;
    }),
    ...xAxis.ticks.map(
      (x) =>
        `<path class="grid" d="M${xAt(x)} ${PLOT.top}V${PLOT.bottom}"/>` +
        `<text x="${xAt(x)}" y="${PLOT.bottom + 20}" text-anchor="middle">${short(x)}</text>`,
    ),
    ...yAxis.ticks.map(
      (y) =>
        `<path class="grid" d="M${PLOT.left} ${yAt(y)}H${PLOT.right}"/>` +
        `<text x="${PLOT.left - 8}" y="${yAt(y) + 5}" text-anchor="end">${short(y)}</text>`,
    ),
    `<text x="${middleX}" y="${HEIGHT - 16}" text-anchor="middle">${xTitle}</text>`,
    `<text transform="translate(18 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">${yTitle}</text>`,
    ...lines.flatMap(({ at }, line) => {
      const path = at.map(([x, y]) => `${xAt(x)} ${yAt(y)}`).join("L");
      return [
        `<path fill="none" stroke="${COLORS[line]}" stroke-width="2.5" d="M${path}"/>`,
        ...at.map(([x, y]) => mark(line, xAt(x), yAt(y))),
      ];
    }),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    // A reader's page may be dark: the text follows it.
    "<style>text{font:16px system-ui,sans-serif;fill:#24292f}.grid{stroke:#8888;stroke-width:1}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    ...parts,
    "</svg>\n",
  ].join("\n");
}

type Axis = { readonly ticks: readonly number[]; place(value: number): number };

/** An axis of whole powers of ten. */
function logAxis(values: readonly number[]): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    ticks: Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at)),
    place: (value) => (Math.log10(value) - from) / (to - from),
  };
}

/** An axis from 0 in whole steps. */
function linearAxis(values: readonly number[]): Axis {
  const largest = Math.max(...values);
  const step = largest > 20 ? 10 : 1;
  const to = Math.ceil(largest / step) * step;
  return {
    ticks: Array.from({ length: to / step + 1 }, (_, at) => at * step),
    place: (value) => value / to,
  };
}

/** A mark of another shape for each line, so that colours are not all that tells them apart. */
function mark(line: number, x: number, y: number): string {
  const shape = MARKS[line % MARKS.length];
  const color = COLORS[line % COLORS.length];
  if (shape === "circle") return `<circle cx="${x}" cy="${y}" r="5" fill="${color}"/>`;
  const turn = shape === "diamond" ? ` transform="rotate(45 ${x} ${y})"` : "";
  return `<rect x="${x - 4.5}" y="${y - 4.5}" width="9" height="9" fill="${color}"${turn}/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** 1000 as 1k. */
function short(value: number): string {
  return value >= 1_000 ? `${value / 1_000}k` : String(value);
}
