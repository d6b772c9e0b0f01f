/** A benchmark's result for people: Markdown for documents, plain text to paste anywhere. */
import { bestPeak, tflopsOf, type BenchReport, type BenchRow, type ParityRow, type PictureRow } from './bench-report';
import { BENCH_COMPONENTS } from './component-flops';

type Line = readonly string[];

interface Section {
  title: string;
  /** Notes above the table. */
  notes: readonly string[];
  head: Line;
  lines: readonly Line[];
}

const NOTHING = '';
/** Empty cells for a network that failed: from load to memory. */
const MISSING = Array.from({ length: 6 }, () => NOTHING);

/** "0.42", "12", "1480": three digits that matter. */
export function formatFigure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(value >= 10 ? 3 : 2);
}

const figure = (value: number | undefined): string => (value === undefined ? NOTHING : formatFigure(value));
const share = (part: number | undefined, whole: number | undefined): string =>
  part === undefined || whole === undefined
    ? NOTHING
    : `${((100 * part) / whole).toFixed(part < whole / 10 ? 1 : 0)} %`;

/** "U-Net, q8, float16, subgroups"; one word where weights are widened to the activations. */
function howText({ component, weights, activations, subgroups }: BenchRow): string {
  const attention = subgroups === undefined ? [] : [subgroups ? 'subgroups' : 'no subgroups'];
  const form = weights === activations ? [weights] : [weights, activations];
  return [BENCH_COMPONENTS[component], ...form, ...attention].join(', ');
}

/** A call in words: "768 x 512, two at once". */
export function callText({ component, width, height, batch }: BenchRow): string {
  const size = component.startsWith('text') ? '77 tokens' : `${width} x ${height}`;
  return batch === 1 ? size : `${size}, batch ${batch}`;
}

function rowLine(row: BenchRow, peak: number | undefined): Line {
  if (row.failure !== undefined) return [row.model, howText(row), callText(row), ...MISSING, row.failure];
  const load = row.loadSeconds === undefined ? NOTHING : `${formatFigure(row.loadSeconds)} s`;
  const tflops = tflopsOf(row);
  return [
    row.model,
    howText(row),
    callText(row),
    load,
    row.firstMs === undefined ? NOTHING : `${formatFigure(row.firstMs)} ms`,
    row.ms === undefined ? NOTHING : `${formatFigure(row.ms)} ms`,
    figure(tflops),
    share(tflops, peak),
    row.peakBytes === undefined ? NOTHING : `${formatFigure(row.peakBytes / 1e9)} GB`,
    row.note ?? NOTHING,
  ];
}

function parityLine({ name, activations, subgroups, error, limit, failure }: ParityRow): Line {
  const verdict = error !== undefined && error < limit ? 'holds' : 'does not hold';
  return [
    name,
    activations,
    subgroups ? 'yes' : 'no',
    error === undefined ? NOTHING : error.toExponential(1),
    limit.toExponential(0),
    failure ?? verdict,
  ];
}

function pictureLine(row: PictureRow): Line {
  const { name, activations = NOTHING, weights = NOTHING, firstSeconds, seconds, psnr = -Infinity, limit = 0 } = row;
  const time = (value: number | undefined): string => (value === undefined ? NOTHING : `${formatFigure(value)} s`);
  const [decibels, least] = row.psnr === undefined ? [NOTHING, NOTHING] : [psnr.toFixed(1), `${limit}`];
  const verdict = row.failure ?? (psnr > limit ? 'holds' : 'does not hold');
  return [name, activations, weights, time(firstSeconds), time(seconds), decibels, least, verdict];
}

function sections(report: BenchReport): Section[] {
  const { selfTest, parity, pictures, peaks, rows } = report;
  const peak = bestPeak(report);
  const all: Section[] = [
    {
      title: 'Networks',
      notes: [
        'Milliseconds are of one call, the median once shaders are compiled; loading includes making the numbers of random weights.',
        'TFLOP/s count two operations a multiply-add of matrices, convolutions and attention; the share is of the best product below.',
      ],
      head: ['model', 'what', 'call', 'load', 'first call', 'ms', 'TFLOP/s', 'of peak', 'memory', ''],
      lines: rows.map((row) => rowLine(row, peak)),
    },
    {
      title: 'Products of matrices',
      notes: [],
      head: ['what', 'TFLOP/s', ''],
      lines: peaks.map(({ what, tflops, failure }) => [what, figure(tflops), failure ?? NOTHING]),
    },
  ];
  if (pictures)
    all.push({
      title: 'Whole pictures',
      notes: ['The built-in model through the whole engine, against torch, diffusers and k-diffusion in float32.'],
      head: ['picture', 'precision', 'weights', 'first', 'again', 'PSNR, dB', 'limit', ''],
      lines: pictures.map(pictureLine),
    });
  if (parity)
    all.push({
      title: 'Against diffusers',
      notes: ['Relative error of the whole output of each component, tiny weights of the test suite.'],
      head: ['component', 'precision', 'subgroups', 'error', 'limit', ''],
      lines: parity.map(parityLine),
    });
  if (selfTest)
    all.push({
      title: 'Self-test of the device',
      notes: [],
      head: ['what', 'result'],
      lines: selfTest.map(({ name, result, isGood }) => [name, isGood ? result : `WRONG: ${result}`]),
    });
  return all.filter(({ lines }) => lines.length > 0);
}

/** What stands above the tables, a line each. */
function facts(report: BenchReport): string[] {
  const { program, device, startedAt, seconds, isQuick, repeat } = report;
  const { adapter, provider, host, runtime, features, isSoftware } = device;
  return [
    `${adapter} (${provider === 'webgpu' ? 'WebGPU' : 'CPU through wasm'}), ${host}`,
    `${program}, onnxruntime-web ${runtime}; ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${formatFigure(seconds)} s in all`,
    ...(features && features.length > 0 ? [`Features: ${features.join(', ')}`] : []),
    ...(isSoftware ? ['This GPU is computed on the CPU: its times say nothing of real GPUs.'] : []),
    ...(isQuick
      ? ['Quick: networks a tenth as wide and small pictures; the program was tried, the GPU not measured.']
      : []),
    `Again: ${repeat}`,
  ];
}

export function renderMarkdown(report: BenchReport): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const table = ({ head, lines }: Section): string[] =>
    [head, head.map(() => '---'), ...lines].map((line) => `| ${line.map(cell).join(' | ')} |`);
  const blocks = [
    `# ${report.device.adapter}`,
    facts(report)
      .map((line) => `- ${line}`)
      .join('\n'),
    ...sections(report).flatMap((section) => [
      `## ${section.title}`,
      ...section.notes,
      table(withoutEmptyColumns(section)).join('\n'),
    ]),
    ...(report.skipped.length > 0 ? ['## Left out', report.skipped.map((line) => `- ${line}`).join('\n')] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Columns in line, for a fixed-width font. */
export function renderText(report: BenchReport): string {
  const blocks = [
    ['Gesso benchmark', ...facts(report)],
    ...sections(report).map((section) => {
      const { head, lines } = withoutEmptyColumns(section);
      return [section.title, ...aligned([head, ...lines])];
    }),
    ...(report.skipped.length > 0 ? [['Left out', ...report.skipped.map((line) => `  ${line}`)]] : []),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function withoutEmptyColumns(section: Section): Section {
  const kept = section.head.map((_, i) => section.lines.some((line) => line[i] !== NOTHING));
  const only = (line: Line): Line => line.filter((_, i) => kept[i]);
  return { ...section, head: only(section.head), lines: section.lines.map(only) };
}

function aligned(lines: readonly Line[]): string[] {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines.map((line) => `  ${line.map((text, i) => text.padEnd(widths[i])).join('  ')}`.trimEnd());
}
