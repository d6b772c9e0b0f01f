/** Which input a node hands on by one of its outputs: from the table, from the editor's names, or by names and order. */
import { isLink, type Graph, type PromptNode } from './graph';
import { isOfKind, isSameRole, kindOfLink, type Kind } from './kinds';
import { OUTPUTS } from './outputs';

export interface Outlet {
  node: PromptNode;
  slot: number;
  /** What the input at the other end is called: "positive", "steps". */
  role: string;
}

export class Outlets {
  /** By node and kind: outputs that are used for it. */
  readonly #used = new Map<string, Set<number>>();
  /** By node and input: output that it was taken for, in nodes that are not known. */
  readonly #taken = new Map<string, number>();

  constructor(graph: Graph) {
    for (const { inputs } of graph.values())
      for (const [name, value] of inputs) {
        const kind = isLink(value) ? (kindOfLink(name) ?? 'number') : undefined;
        if (!isLink(value) || kind === undefined) continue;
        const key = `${value.node} ${kind}`;
        this.#used.set(key, (this.#used.get(key) ?? new Set()).add(value.slot));
      }
  }

  isKnown({ type }: PromptNode): boolean {
    return Object.hasOwn(OUTPUTS, type);
  }

  /** The input's name; '' for what is made in the node; undefined where nothing decides. */
  inputOf({ node, slot, role }: Outlet, kind: Kind): string | undefined {
    if (Object.hasOwn(OUTPUTS, node.type)) return OUTPUTS[node.type][slot] ?? '';
    const candidates = [...node.inputs].filter(([name, value]) => isOfKind(name, value, kind)).map(([name]) => name);
    const shown = node.outputs?.[slot]?.name;
    const byName =
      shown === undefined
        ? undefined
        : only(candidates.filter((name) => isSameRole(name, roleOf(shown)) || isSameRole(shown, name)));
    const found = byName ?? this.#guess({ node, slot, role }, kind, candidates);
    if (found === undefined) return undefined;
    // Two different links never end in one value by accident.
    const key = `${node.id} ${found}`;
    const before = this.#taken.get(key);
    if (before !== undefined && before !== slot) return undefined;
    this.#taken.set(key, slot);
    return found;
  }

  #guess({ node, slot, role }: Outlet, kind: Kind, candidates: readonly string[]): string | undefined {
    const used = [...(this.#used.get(`${node.id} ${kind}`) ?? [])].sort((a, b) => a - b);
    const named = only(candidates.filter((name) => isSameRole(name, role)));
    // Literals stand before links, so the order of a mixture says nothing.
    const isOneSort = new Set(candidates.map((name) => isLink(node.inputs.get(name)))).size === 1;
    const isWhole = used.length === candidates.length && used.length > 0;
    const ordered = isOneSort && isWhole ? candidates[used.indexOf(slot)] : undefined;
    if (named !== undefined) return ordered !== undefined && kind !== 'number' && kind !== 'choice' ? ordered : named;
    return (
      ordered ??
      (candidates.length > 1 &&
      isOneSort &&
      slot < candidates.length &&
      used.every((other) => other < candidates.length) &&
      kind === 'conditioning'
        ? candidates[slot]
        : undefined)
    );
  }
}

function only<Value>(values: readonly Value[]): Value | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** The editor's names: "CONDITIONING+", "POSITIVE". */
function roleOf(shown: string): string {
  if (/\+$/.test(shown)) return 'positive';
  return /-$/.test(shown) ? 'negative' : shown.toLowerCase().replaceAll(' ', '_');
}
