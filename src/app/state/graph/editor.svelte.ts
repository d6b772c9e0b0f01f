/** A workflow that is looked at and changed: the document, where the person is in it, and the way back. */
import { toAppError } from '../../../core/errors';
import {
  analyse,
  type Analysis,
  type ComfyDocument,
  type ComfyGraph,
  type ComfyNode,
  type ComfySubgraph,
  type InputEnd,
  type Json,
  type NodeId,
  type OutputEnd,
} from '../../../core/comfyui/workflows';
import { withField } from './fields';
import { listOf } from './order';
import { placeAt, Shaper, type Place } from './shape';

/** Steps back; documents share what did not change. */
const MOST_STEPS = 200;

/** Where a node is to go that is looked for, and what it is to be joined to. */
export interface Adding {
  /** Place in the editor's pixels; left out: where there is room. */
  at?: { x: number; y: number };
  from?: OutputEnd;
  to?: InputEnd;
  /** Type of the link that was dragged into the open. */
  type?: string;
}

/** A box that is gone to, and all that is to be in sight with it. */
export interface Focus {
  id: string;
  all?: readonly string[];
}

/** A level after a change, and subgraphs that came with it. */
export interface LevelChange {
  graph: ComfyGraph;
  subgraphs?: readonly ComfySubgraph[];
}

interface Step {
  document: ComfyDocument;
  path: readonly NodeId[];
}

export class GraphEditor {
  /** Name of the file, as the person knows it. */
  readonly name: string;
  #document = $state.raw<ComfyDocument>() as ComfyDocument;
  #path = $state.raw<readonly NodeId[]>([]);
  #past = $state.raw<readonly Step[]>([]);
  #future = $state.raw<readonly Step[]>([]);
  #saved = $state.raw<ComfyDocument>();
  /** What the views go to: changes with each call of `reveal`. */
  focus = $state.raw<Focus>();
  /** Boxes and frames that are chosen, by their ids. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** Links that are chosen. */
  chosenLinks = $state.raw<ReadonlySet<number>>(new Set());
  /** A node is looked for, to be added. */
  adding = $state.raw<Adding>();
  /** The middle of what is seen, in the editor's pixels; absent where the graph is not drawn. */
  inSight?: (() => { x: number; y: number }) | undefined;
  readonly #shaper = new Shaper();

  readonly #place: Place = $derived(placeAt(this.#document, this.#path) ?? { graph: this.#document.root });
  /** The level that is shown, as it is drawn. */
  readonly shape = $derived(this.#shaper.shape(this.#place, this.#document.subgraphs));
  readonly list = $derived(listOf(this.shape));
  readonly #analysed: { analysis?: Analysis; problem?: string } = $derived.by(() => tryAnalyse(this.#document));
  /** Titles of the levels from the file on, each with the way to it. */
  readonly crumbs = $derived.by(() => {
    const names = this.#path.map((_, i) => placeAt(this.#document, this.#path.slice(0, i + 1)));
    const inner = names.map((place, i) => ({
      title: place?.instance?.title ?? place?.definition?.name ?? '',
      depth: i + 1,
    }));
    return [{ title: this.name, depth: 0 }, ...inner];
  });

  /** @param notes  what of its source is not in it: a sentence each */
  constructor(
    document: ComfyDocument,
    name: string,
    readonly notes: readonly string[] = [],
  ) {
    this.#document = document;
    this.#saved = document;
    this.name = name;
  }

  get document(): ComfyDocument {
    return this.#document;
  }
  /** The level that is shown, as it is in the document. */
  get graph(): ComfyGraph {
    return this.#place.graph;
  }
  /** The subgraph that is shown; undefined at the outermost level. */
  get definition(): ComfySubgraph | undefined {
    return this.#place.definition;
  }
  get path(): readonly NodeId[] {
    return this.#path;
  }
  /** What runs of it, and what stops it; undefined where it cannot be unfolded. */
  get analysis(): Analysis | undefined {
    return this.#analysed.analysis;
  }
  /** Why it cannot be unfolded. */
  get problem(): string | undefined {
    return this.#analysed.problem;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }
  /** Changed since it was opened or saved. */
  get isChanged(): boolean {
    return this.#document !== this.#saved;
  }

  /** Undoable. Nothing happens where it is the same. */
  setField(id: string, name: string, value: Json): void {
    const { subgraphs } = this.#document;
    this.#changeNodes((node) => {
      if (String(node.id) !== id) return node;
      return withField(
        node,
        name,
        value,
        subgraphs.find((one) => one.id === node.type),
      );
    });
  }

  /** The level that is shown becomes another. Undoable; nothing happens where it is the same. */
  change(to: (graph: ComfyGraph) => LevelChange): void {
    const { graph, definition } = this.#place;
    const { graph: next, subgraphs = this.#document.subgraphs } = to(graph);
    if (next === graph && subgraphs === this.#document.subgraphs) return;
    this.#past = [...this.#past, this.#here()].slice(-MOST_STEPS);
    this.#future = [];
    this.#document = definition
      ? { ...this.#document, subgraphs: subgraphs.map((one) => (one.id === definition.id ? { ...one, ...next } : one)) }
      : { ...this.#document, root: next, subgraphs };
  }

  choose(ids: Iterable<string>): void {
    this.chosen = new Set(ids);
    this.chosenLinks = new Set();
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#future = [...this.#future, this.#here()];
    this.#past = this.#past.slice(0, -1);
    this.#go(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#past = [...this.#past, this.#here()];
    this.#future = this.#future.slice(0, -1);
    this.#go(after);
  }

  /** Into an instance of a subgraph that is shown. */
  enter(id: string): void {
    this.#path = [...this.#path, id];
    this.focus = undefined;
    this.choose([]);
  }

  /** Back out. @param depth 0: the file itself */
  leaveTo(depth: number): void {
    const [left] = this.#path.slice(depth);
    this.#path = this.#path.slice(0, depth);
    this.choose([]);
    this.focus = left === undefined ? undefined : { id: String(left) };
  }

  /** @param id of the prompt: `5:12` is the node 12 in the instance 5 */
  reveal(id: string): void {
    const way = id.split(':');
    const whole = this.#document.root.nodes.some((node) => String(node.id) === id);
    this.#path = whole ? [] : way.slice(0, -1);
    this.focus = { id: whole ? id : (way.at(-1) ?? id) };
  }

  /** Moves the view to boxes and frames of the level that is shown; the first is gone to. */
  revealHere(...ids: readonly string[]): void {
    const [id] = ids;
    if (id !== undefined) this.focus = ids.length > 1 ? { id, all: ids } : { id };
  }

  /** What a run leaves of it: seeds that are drawn anew. Undo takes it back with what was done before. */
  follow(document: ComfyDocument): void {
    if (!this.isChanged) this.#saved = document;
    this.#document = document;
  }

  markSaved(): void {
    this.#saved = this.#document;
  }

  #here(): Step {
    return { document: this.#document, path: this.#path };
  }

  #go({ document, path }: Step): void {
    this.#document = document;
    this.#path = path;
  }

  #changeNodes(change: (node: ComfyNode) => ComfyNode): void {
    this.change((graph) => {
      const nodes = graph.nodes.map(change);
      return { graph: nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes } };
    });
  }
}

function tryAnalyse(document: ComfyDocument): { analysis?: Analysis; problem?: string } {
  try {
    return { analysis: analyse(document) };
  } catch (thrown) {
    return { problem: toAppError(thrown).message };
  }
}
