/** Many workflows of ComfyUI, opened, saved and converted; what is counted. */
import { basename } from 'node:path';
import { AppError } from '../../src/core/errors';
import {
  analyse,
  isSameJson,
  nodeSpec,
  openComfyFile,
  readDocument,
  toPrompt,
  toWorkflow,
  writeDocument,
  type Analysis,
  type ComfyDocument,
  type Json,
} from '../../src/core/comfyui/workflows';

export interface CorpusFile {
  path: string;
  bytes: Uint8Array;
}

/** How many classes and packs are named. */
const MOST_NAMED = 15;

const RUNS = 'runs';
const WAITS = 'is right, and waits for its nodes to be computed here';
const STOPS = 'is right, and stops for what the sentence says';

/** A report as text. Files that are no workflow are only counted. */
export function readCorpus(files: readonly CorpusFile[]): string {
  const counts = new Map<string, number>();
  const failures: string[] = [];
  const missing = new Map<string, number>();
  const packs = new Map<string, number>();
  const kinds = new Map<string, number>();
  const waiting = new Map<string, number>();
  const stops = new Map<string, number>();
  const running: string[] = [];
  let converted = 0;
  for (const { path, bytes } of files) {
    const read = readOne(path, bytes, failures);
    if (read === undefined) continue;
    const { analysis } = read;
    converted += Object.keys(analysis.prompt).length;
    add(counts, 'workflows');
    const said = verdict(analysis);
    add(counts, said);
    if (said === WAITS) for (const type of analysis.withoutOperation) add(waiting, type);
    if (said === WAITS || said === STOPS) for (const { message } of analysis.stops) add(stops, message);
    if (said === RUNS) running.push(basename(path));
    for (const { type, pack } of analysis.unknown) {
      add(missing, type);
      if (pack !== undefined) add(packs, pack);
    }
    for (const kind of new Set(analysis.problems.map(({ kind }) => kind))) add(kinds, kind);
  }
  return [
    ...list(counts),
    `nodes in prompts: ${converted}`,
    `failures: ${failures.length}`,
    ...failures,
    `\nworkflows with a problem of a kind:\n${list(kinds).join('\n')}`,
    `\nclasses that are not computed here, where nothing is unknown:\n${list(waiting, MOST_NAMED).join('\n')}`,
    `\nwhat stops them, by sentence:\n${list(stops, MOST_NAMED).join('\n')}`,
    `\nrun:\n${running.join('\n')}`,
    `\nunknown classes, by workflows:\n${list(missing, MOST_NAMED).join('\n')}`,
    `\npacks of unknown classes, by class and workflow:\n${list(packs, MOST_NAMED).join('\n')}`,
  ].join('\n');
}

function readOne(path: string, bytes: Uint8Array, failures: string[]): { analysis: Analysis } | undefined {
  try {
    const { document } = openComfyFile(bytes);
    if (!isKept(document)) failures.push(`${path}: is not saved as it was opened`);
    const analysis = analyse(document);
    if (!isUndone(analysis)) failures.push(`${path}: another prompt after prompt → workflow → prompt`);
    return { analysis };
  } catch (error) {
    if (error instanceof AppError && /^There is no workflow/.test(error.message)) return undefined;
    failures.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const isKept = (document: ComfyDocument): boolean =>
  document.raw === undefined || isSameJson(writeDocument(readDocument(document.raw)), document.raw);

const isUndone = ({ prompt }: Analysis): boolean =>
  isSameJson(toPrompt(toWorkflow(prompt)) as unknown as Json, prompt as unknown as Json);

/** The one reason that weighs most. */
function verdict({ runs, unknown, problems, withoutOperation, prompt }: Analysis): string {
  if (runs) return RUNS;
  if (unknown.some(({ pack }) => pack !== undefined && pack !== 'comfy-core'))
    return 'has nodes of packs that are not known here';
  if (unknown.length > 0) return 'has nodes of ComfyUI that are not known here, paid services among them';
  if (problems.length > 0) return 'would not run in ComfyUI as it is';
  const outputs = Object.values(prompt).filter(({ class_type }) => nodeSpec(class_type)?.isOutput);
  if (outputs.length === 0) return 'saves nothing';
  return withoutOperation.length > 0 ? WAITS : STOPS;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function list(counts: ReadonlyMap<string, number>, most = Infinity): string[] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, most);
  return sorted.map(([key, count]) => `${key}: ${count}`);
}
