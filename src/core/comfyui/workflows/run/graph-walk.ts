/** From an output back through a prompt: each node's values worked out once, operations written down in the order in which they run. */
import { AppError } from '../../../errors';
import { node as operation, wire } from '../../../workflow/make-node';
import type { Size } from '../../../image/raster';
import type { OperationId, Wire, WorkflowNode } from '../../../workflow';
import { asApiLink, plainValue, type ApiNode, type ApiPrompt } from '../convert/prompt';
import type { Json } from '../document';
import { isWidget, nodeSpec, type InputSpec, type ModelFolder } from '../nodes';
import type { Value, ValueOf } from './values';

/** What a graph names and does not hold. */
export interface Inventory {
  /** The id of a model's file, or the hash of a picture's pixels; undefined where it is not here. */
  find(folder: ModelFolder | 'input', name: string): string | undefined;
  /** Size of a picture by its hash: for nodes that give sizes. */
  sizeOf?(picture: string): Size | undefined;
  /** Whether a network that steers or reads is for a checkpoint, by their ids; where that is not known both are tried. */
  fits?(network: string, checkpoint: string): boolean;
  /** What is painted in place of what an empty latent says: a model that stands in may paint one size only. */
  fitSize?(size: { width: number; height: number }): { width: number; height: number };
}

/** What stops a node: its sentence says which. */
export class Stop extends AppError {
  constructor(
    readonly node: string,
    message: string,
  ) {
    super('bad-request', message);
  }
}

export interface KeptPicture {
  /** The node that saves or shows it. */
  node: string;
  isSaved: boolean;
  /** Prefix as it is written: marks are not filled in. */
  prefix: string;
  /** Its place in its batch, from 0; absent where it is alone. */
  batch?: number;
}

/** @returns values of its outputs, by their numbers */
export type Runner = (at: Place) => readonly (Value | undefined)[];
export type Runners = Readonly<Record<string, Runner>>;

/** Links that follow each other. */
const MOST_DEPTH = 400;

export class GraphWalk {
  readonly nodes: WorkflowNode[] = [];
  readonly kept: KeptPicture[] = [];
  readonly notices = new Set<string>();
  readonly #known = new Map<string, readonly (Value | undefined)[]>();
  readonly #stops = new Map<string, Stop>();
  readonly #written = new Map<string, string>();
  #depth = 0;

  constructor(
    readonly prompt: ApiPrompt,
    readonly inventory: Inventory,
    readonly runners: Runners,
  ) {}

  /** @throws Stop */
  values(id: string): readonly (Value | undefined)[] {
    const known = this.#known.get(id);
    if (known) return known;
    const stopped = this.#stops.get(id);
    if (stopped) throw stopped;
    const place = new Place(this, id, this.prompt[id]);
    const { operation: name, whyNot = 'nothing here computes what it does yet.' } =
      nodeSpec(place.node.class_type) ?? {};
    const runner = name !== undefined && Object.hasOwn(this.runners, name) ? this.runners[name] : undefined;
    this.#depth++;
    try {
      if (!runner) throw place.stop(whyNot);
      if (this.#depth > MOST_DEPTH) throw place.stop(`more than ${MOST_DEPTH} nodes follow each other.`);
      const values = runner(place);
      this.#known.set(id, values);
      return values;
    } catch (thrown) {
      if (thrown instanceof Stop) this.#stops.set(id, thrown);
      throw thrown;
    } finally {
      this.#depth--;
    }
  }

  /** Two that say the same are one. */
  add(id: string, name: OperationId, settings: object, inputs: WorkflowNode['inputs'] = {}): string {
    const made = operation(id, name, settings, inputs);
    const text = JSON.stringify(made);
    for (let unique = id; ; unique += ' again') {
      const before = this.#written.get(unique);
      if (before === text) return unique;
      if (before !== undefined) continue;
      this.#written.set(unique, text);
      this.nodes.push({ ...made, id: unique });
      return unique;
    }
  }
}

/** What looks at a picture's alpha; with others it is lost, which is said. */
const SEE_THROUGH: ReadonlySet<string> = new Set([
  ...['save_image', 'save_image_in', 'preview_image', 'compare_images', 'split_alpha', 'image_to_mask', 'join_alpha'],
  ...['image_size', 'take_images', 'repeat_image', 'rebatch_images'],
]);

/** A node while it is compiled, and what it may ask. */
export class Place {
  constructor(
    readonly walk: GraphWalk,
    readonly id: string,
    readonly node: ApiNode,
    readonly part = 0,
  ) {}

  /** The same for one of a batch: what it writes down is called so. */
  of(part: number): Place {
    return new Place(this.walk, this.id, this.node, part);
  }

  /** A value for each of a batch. */
  each<Item, Made>(items: readonly Item[], make: (item: Item, at: Place, i: number) => Made): Made[] {
    return items.map((item, i) => make(item, this.of(i), i));
  }

  stop(message: string): Stop {
    return new Stop(this.id, `${this.#called()}: ${message}`);
  }

  #called(): string {
    const title = this.node._meta?.title ?? nodeSpec(this.node.class_type)?.title ?? this.node.class_type;
    return `"${title}" (node ${this.id})`;
  }

  #operation(): string {
    return nodeSpec(this.node.class_type)?.operation ?? '';
  }

  #spec(name: string): InputSpec | undefined {
    const inputs = nodeSpec(this.node.class_type)?.inputs ?? {};
    return Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  }

  /** Undefined where nothing is joined to it and nothing said. */
  value(name: string): Value | undefined {
    const said = Object.hasOwn(this.node.inputs, name) ? this.node.inputs[name] : undefined;
    const link = asApiLink(said);
    if (link) return this.walk.values(link[0])[link[1]];
    if (said !== undefined) return { type: 'literal', value: plainValue(said) };
    const spec = this.#spec(name);
    return spec && isWidget(spec) && 'default' in spec ? { type: 'literal', value: spec.default } : undefined;
  }

  /** @throws Stop */
  take<Type extends Value['type']>(name: string, type: Type): ValueOf<Type> {
    const value = this.value(name);
    if (value?.type === 'IMAGE' && value.items.some(({ hidden }) => hidden) && !SEE_THROUGH.has(this.#operation()))
      this.walk.notices.add(
        `${this.#called()}: what shows through of its picture is not seen here, and goes no further.`,
      );
    if (value?.type === type) return value as ValueOf<Type>;
    throw this.stop(`${name} gets ${value === undefined ? 'nothing' : describe(value)} here, and needs ${type}.`);
  }

  /** Undefined where nothing is joined to it. @throws Stop */
  maybe<Type extends Value['type']>(name: string, type: Type): ValueOf<Type> | undefined {
    return this.value(name) === undefined ? undefined : this.take(name, type);
  }

  literal(name: string): Json {
    const value = this.value(name);
    if (value?.type === 'literal') return value.value;
    throw this.stop(`${name} is worked out while the graph runs, which is not done here yet.`);
  }

  text(name: string): string {
    const value = this.literal(name);
    if (typeof value === 'object' && value !== null) throw this.stop(`${name} is no text.`);
    return String(value ?? '');
  }

  isOn(name: string): boolean {
    const value = this.literal(name);
    return value === true || value === 'enable' || (value !== false && value !== 'disable' && Boolean(value));
  }

  /** A number within the node's limits. */
  number(name: string): number {
    return Number(this.whole(name));
  }

  /** The same, to the last digit. */
  whole(name: string): number | bigint {
    const value = this.literal(name);
    const spec = this.#spec(name);
    const number = typeof value === 'bigint' ? value : Number(value);
    if (typeof value === 'object' || value === '' || Number.isNaN(number)) throw this.stop(`${name} is no number.`);
    const asked = spec?.kind === 'int' && typeof number === 'number' ? Math.trunc(number) : number;
    if (spec && 'min' in spec && (asked < spec.min || asked > spec.max))
      throw this.stop(`${name} is ${asked}; it must be ${spec.min} to ${spec.max}.`);
    return asked;
  }

  /** The id of a file that the graph names. @throws Stop */
  file(folder: ModelFolder | 'input', name: string): string {
    const said = this.text(name);
    const found = this.walk.inventory.find(folder, said);
    if (found === undefined) throw this.stop(`${said || 'the file'} (${folder}) is not here.`);
    return found;
  }

  /** Writes an operation down. @param ending  of its id, which begins with the node's */
  add(name: OperationId, settings: object, inputs: WorkflowNode['inputs'] = {}, ending = ''): string {
    const number = this.part === 0 ? '' : `of ${this.part + 1}`;
    const id = [this.id, ending, number].filter((word) => word !== '').join(' ');
    return this.walk.add(id, name, settings, inputs);
  }

  /** An operation of one output, as a wire. */
  wire(name: OperationId, output: string, settings: object, inputs: WorkflowNode['inputs'] = {}, ending = ''): Wire {
    return wire(this.add(name, settings, inputs, ending), output);
  }
}

const describe = (value: Value): string => (value.type === 'literal' ? 'a value' : value.type);
