/** Workflows and prompts in whatever programs wrap them in. Knows nothing of what the nodes are. */
import { AppError } from '../../../errors';
import { asBag, readJson, type Bag, type Json } from '../document';
import { readJsonInText } from './json-in-text';
import type { ApiNode, ApiPrompt } from './prompt';

/** Wrappers within wrappers. */
const MOST_DEPTH = 8;
/** Objects that are looked into for a workflow. */
const MOST_LOOKED_INTO = 2_000;

/** A run, a template, a call: a workflow and a prompt of one say the same. Told apart by identity. */
type Entry = object;

interface InEntry<Graph> {
  graph: Graph;
  entry: Entry;
}

interface Place {
  depth: number;
  entry: Entry;
}

/** What was found, in its order. */
export class Found {
  readonly workflows: InEntry<Bag>[] = [];
  readonly prompts: InEntry<ApiPrompt>[] = [];
  /** There is a graph of another program. */
  isForeign = false;
  /** Objects that were looked into. */
  count = 0;

  /** @param entry  where it is a part of one that began elsewhere */
  lookInto(json: Json, entry: Entry = {}): void {
    find(json, this, { depth: 0, entry });
  }

  get isEmpty(): boolean {
    return this.workflows.length + this.prompts.length === 0;
  }
}

export function graphsInText(text: string): Found {
  const found = new Found();
  for (const json of readJsonInText(text)) found.lookInto(json);
  return found;
}

/** Whether there is one in it, or in what it was before it was cut. */
export function mayHoldGraph(text: string): boolean {
  const found = graphsInText(text);
  return !found.isEmpty || (!found.isForeign && /^\s*[[{]/.test(text) && readInner(text) === undefined);
}

/** Where programs put them: bodies of calls, histories, lists of templates, texts. */
const WRAPPERS = ['workflow', 'prompt', 'extra_data', 'extra_pnginfo', 'extra', 'output', 'data', 'graph'] as const;
const isUsual = (key: string): boolean => WRAPPERS.some((one) => one === key);

/** What stands under other keys (ids, names that servers made up) is looked at where these have nothing. */
function find(json: Json | undefined, found: Found, { depth, entry }: Place): void {
  if (depth > MOST_DEPTH) return;
  const within = { depth: depth + 1, entry };
  if (typeof json === 'string') {
    if (/^\s*\{/.test(json)) find(readInner(json), found, within);
    return;
  }
  if (Array.isArray(json)) {
    for (const one of json) find(one, found, isRun(json) ? within : { ...within, entry: {} });
    return;
  }
  const bag = asBag(json);
  if (!bag || ++found.count > MOST_LOOKED_INTO) return;
  const prompt = readPrompt(bag);
  if (isWorkflow(bag)) found.workflows.push({ graph: bag, entry });
  else if (prompt) found.prompts.push({ graph: prompt, entry });
  else if (isForeign(bag)) found.isForeign = true;
  else findWithin(bag, found, within);
}

/** One in ComfyUI's history or queue: `[number, id, prompt, extra_data, outputs]`. */
const isRun = (list: readonly Json[]): boolean => list.some((one) => typeof one === 'number');

function findWithin(bag: Bag, found: Found, within: Place): void {
  const before = found.workflows.length + found.prompts.length;
  for (const key of WRAPPERS) find(bag[key], found, within);
  if (found.workflows.length + found.prompts.length > before) return;
  for (const [key, value] of Object.entries(bag))
    if (!isUsual(key)) find(value, found, isWrapper(value) ? { ...within, entry: {} } : within);
}

/** What is looked into further may be a run, under its id or name. */
function isWrapper(json: Json | undefined): boolean {
  const bag = asBag(json);
  return bag !== undefined && !isWorkflow(bag) && !readPrompt(bag);
}

/** JSON in a text; what is none is only words. */
function readInner(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function isWorkflow(bag: Bag): boolean {
  const nodes = bag['nodes'];
  if (!Array.isArray(nodes) || isForeign(bag)) return false;
  return nodes.length === 0 ? 'links' in bag : nodes.some((node) => typeof asBag(node)?.['type'] === 'string');
}

/** Nodes that are joined by what no workflow of ComfyUI has. */
function isForeign(bag: Bag): boolean {
  const isJoinedOtherwise = 'nodes' in bag && !('links' in bag) && ('edges' in bag || 'connections' in bag);
  return isJoinedOtherwise && !hasNodesOfComfyUI(bag['nodes']);
}

/** The other programs keep inputs and values within `data` or `parameters`. */
function hasNodesOfComfyUI(nodes: Json | undefined): boolean {
  return Array.isArray(nodes) && nodes.length > 0 && nodes.every((node) => isNodeOfComfyUI(asBag(node)));
}

function isNodeOfComfyUI(node: Bag | undefined): boolean {
  if (typeof node?.['type'] !== 'string') return false;
  return ['inputs', 'outputs', 'widgets_values'].some((key) => Array.isArray(node[key]));
}

/** @returns undefined where this is no prompt: every value of one has a class, save what is damaged beside them */
export function readPrompt(json: Json): ApiPrompt | undefined {
  const entries = Object.entries(asBag(json) ?? {}).map(([id, value]) => [id, readNode(value)] as const);
  const nodes = entries.filter((entry): entry is [string, ApiNode] => entry[1] !== undefined);
  return nodes.length > 0 && nodes.length * 2 > entries.length ? Object.fromEntries(nodes) : undefined;
}

function readNode(json: Json | undefined): ApiNode | undefined {
  const bag = asBag(json);
  const type = bag?.['class_type'];
  if (typeof type !== 'string') return undefined;
  const inputs = Object.entries(asBag(bag?.['inputs']) ?? {}).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined,
  );
  const title = asBag(bag?.['_meta'])?.['title'];
  return {
    class_type: type,
    inputs: Object.fromEntries(inputs),
    ...(typeof title === 'string' && { _meta: { title } }),
  };
}
