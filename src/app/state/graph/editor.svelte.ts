/** A workflow that is looked at and changed: the document, where the person is in it, and the way back. */
import { toAppError } from '../../../core/errors';
import {
  analyse,
  type Analysis,
  type ComfyDocument,
  type ComfyGraph,
  type ComfyNode,
  type Json,
  type NodeId,
} from '../../../core/comfyui/workflows';
import { withField } from './fields';
import { listOf } from './order';
import { placeAt, Shaper, TITLE, type Place } from './shape';

/** Steps back; documents share what did not change. */
const MOST_STEPS = 200;

interface Step {
  document: ComfyDocument;
  path: readonly NodeId[];
}

export class GraphEditor {
  /** Of the file, as the person knows it. */
  readonly name: string;
  #document = $state.raw<ComfyDocument>() as ComfyDocument;
  #path = $state.raw<readonly NodeId[]>([]);
  #past = $state.raw<readonly Step[]>([]);
  #future = $state.raw<readonly Step[]>([]);
  #saved = $state.raw<ComfyDocument>();
  /** What the views go to: changes with each call of `reveal`. */
  focus = $state.raw<{ id: string }>();
  readonly #shaper = new Shaper();

  readonly #place: Place = $derived(placeAt(this.#document, this.#path) ?? { graph: this.#document.root });
  /** The level that is shown. */
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

  constructor(document: ComfyDocument, name: string) {
    this.#document = document;
    this.#saved = document;
    this.name = name;
  }

  get document(): ComfyDocument {
    return this.#document;
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

  /** Boxes that were dragged, by their ids; x and y in the editor's pixels. Undoable. */
  move(places: ReadonlyMap<string, readonly [x: number, y: number]>): void {
    this.#changeNodes((node) => {
      const pos = places.get(String(node.id));
      const [x, y] = pos ? [pos[0], pos[1] + TITLE] : node.pos;
      return x === node.pos[0] && y === node.pos[1] ? node : { ...node, pos: [x, y] };
    });
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
  }

  /** Back out. @param depth 0: the file itself */
  leaveTo(depth: number): void {
    const [left] = this.#path.slice(depth);
    this.#path = this.#path.slice(0, depth);
    this.focus = left === undefined ? undefined : { id: String(left) };
  }

  /** @param id of the prompt: `5:12` is the node 12 in the instance 5 */
  reveal(id: string): void {
    const way = id.split(':');
    const whole = this.#document.root.nodes.some((node) => String(node.id) === id);
    this.#path = whole ? [] : way.slice(0, -1);
    this.focus = { id: whole ? id : (way.at(-1) ?? id) };
  }

  /** To a box of the level that is shown. */
  revealHere(id: string): void {
    this.focus = { id };
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
    const { graph, definition } = this.#place;
    const nodes = graph.nodes.map(change);
    if (nodes.every((node, i) => node === graph.nodes[i])) return;
    const { root, subgraphs } = this.#document;
    const changed = <Graph extends ComfyGraph>(one: Graph): Graph => (one === graph ? { ...one, nodes } : one);
    this.#past = [...this.#past, this.#here()].slice(-MOST_STEPS);
    this.#future = [];
    this.#document = definition
      ? { ...this.#document, subgraphs: subgraphs.map(changed) }
      : { ...this.#document, root: changed(root) };
  }
}

function tryAnalyse(document: ComfyDocument): { analysis?: Analysis; problem?: string } {
  try {
    return { analysis: analyse(document) };
  } catch (thrown) {
    return { problem: toAppError(thrown).message };
  }
}
