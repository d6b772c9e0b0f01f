/** ComfyUI's two forms of a graph, made one: nodes with inputs that are values or come from other nodes. */

export interface Link {
  node: string;
  slot: number;
}

export type Literal = string | number | boolean;

export interface PromptNode {
  id: string;
  type: string;
  inputs: ReadonlyMap<string, Literal | Link>;
  /** Inputs that are objects. */
  objects?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Outputs as the editor names them. */
  outputs?: readonly { name: string; type: string }[] | undefined;
}

export type Graph = ReadonlyMap<string, PromptNode>;

/** A damaged or hostile file has more. */
export const MOST_NODES = 20_000;

/** Values of one list that are objects. */
const MOST_LISTED = 100;

export function isLink(value: Literal | Link | undefined): value is Link {
  return typeof value === 'object';
}

export type Bag = Record<string, unknown>;

export function asBag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : undefined;
}

function asLiteral(value: unknown): Literal | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** The chunk `prompt`: what ran. Undefined where it is none. */
export function readPromptGraph(json: unknown): Graph | undefined {
  const graph = new Map<string, PromptNode>();
  for (const [id, value] of Object.entries(asBag(json) ?? {}).slice(0, MOST_NODES)) {
    const node = asBag(value);
    const type = node?.['class_type'];
    if (typeof type !== 'string') continue;
    const inputs = new Map<string, Literal | Link>();
    const objects = new Map<string, Bag>();
    for (const [name, input] of Object.entries(asBag(node?.['inputs']) ?? {})) {
      const read = asLiteral(input) ?? asPromptLink(input);
      const object = asBag(input);
      if (read !== undefined) inputs.set(name, read);
      else if (object) readObject(name, object, { inputs, objects });
    }
    graph.set(id, { id, type, inputs, ...(objects.size > 0 && { objects }) });
  }
  return graph.size > 0 ? graph : undefined;
}

/** A list stands in `__value__`; a file with a picture beside it is `{content, image}`. */
function readObject(
  name: string,
  object: Bag,
  to: { inputs: Map<string, Literal | Link>; objects: Map<string, Bag> },
): void {
  const value = asLiteral(object['__value__'] ?? object['content']);
  const list = Array.isArray(object['__value__']) ? (object['__value__'] as unknown[]) : undefined;
  const [first] = list ?? [];
  // A list of one text, as tools wrap it.
  if (list?.length === 1 && typeof first === 'string') to.inputs.set(name, first);
  else if (list) list.slice(0, MOST_LISTED).forEach((one, i) => to.objects.set(`${name} ${i}`, asBag(one) ?? {}));
  else if (value === undefined) to.objects.set(name, object);
  else to.inputs.set(name, value);
}

function asPromptLink(value: unknown): Link | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [node, slot] = value as unknown[];
  const isLink = (typeof node === 'string' || typeof node === 'number') && typeof slot === 'number';
  return isLink ? { node: String(node), slot } : undefined;
}
