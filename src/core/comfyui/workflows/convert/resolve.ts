/** Where an input comes from, over everything that only the editor has: reroutes, primitives, subgraphs, what is muted or bypassed. */
import {
  BYPASSED,
  INPUT_NODE,
  MUTED,
  type ComfyInput,
  type ComfyLink,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
} from '../document';
import { fits, isVirtual } from '../nodes';
import { instanceValues, isWidgetInput } from './instance-values';
import { nameOf, type Level } from './level';
import type { Resolved } from './prompt';
import { widgetValues } from './widget-slots';

/** A graph can be a ring of reroutes. */
const MOST_STEPS = 100_000;

interface InputPlace {
  level: Level;
  node: ComfyNode;
  input: ComfyInput;
}

interface OutputPlace {
  level: Level;
  node: ComfyNode;
  slot: number;
}

/** Nodes that hand on what they get, whatever it is. */
const PASSES = ['Reroute', 'Reroute (rgthree)', 'SetNode'];

/** Undefined where nothing is joined, or what is joined is muted, missing or a ring. */
export function resolveInput(level: Level, node: ComfyNode, input: ComfyInput): Resolved | undefined {
  const path: InputPlace[] = [{ level, node, input }];
  const isSocket = !isWidgetInput(node, input);
  /** Value of the outermost instance of a subgraph that has one of its own for it; else of the first widget that the same input leads to. */
  let own: Json | undefined;
  let found: Resolved | undefined;
  for (let at = path.at(-1); at && path.length < MOST_STEPS; at = path.at(-1)) {
    const link = at.input.link === null ? undefined : at.level.links.get(at.input.link);
    if (link?.from === INPUT_NODE && at.level.inside) own = ownValue(at.level, link.fromSlot, isSocket) ?? own;
    const next = link && follow(at.level, link, input.type);
    if (!next || !('level' in next)) {
      found = next;
      break;
    }
    const before = next.level.known(next.input, input.type);
    found = before?.found;
    if (before) break;
    path.push(next);
  }
  if (found !== undefined || own === undefined) for (const at of path) at.level.learn(at.input, input.type, found);
  return found ?? (own === undefined ? undefined : { value: own });
}

function ownValue({ inside }: Level, slot: number, withInner: boolean): Json | undefined {
  const boundary = inside?.definition.inputs[slot];
  if (!inside || !boundary) return undefined;
  const own = instanceValues(inside.instance, inside.definition).get(boundary.name);
  return own ?? (withInner ? innerValue(inside.definition, slot) : undefined);
}

/** What stands in the first widget that an input of a subgraph leads to. */
function innerValue({ nodes, links }: ComfySubgraph, slot: number): Json | undefined {
  for (const { from, fromSlot, to, toSlot } of links) {
    if (from !== INPUT_NODE || fromSlot !== slot) continue;
    const node = nodes.find(({ id }) => id === to);
    const input = node?.inputs[toSlot];
    const value =
      node && input && isWidgetInput(node, input) ? widgetValues(node).get(input.widget ?? input.name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** One step up: the end, or the input that goes on. */
function follow(level: Level, link: ComfyLink, wanted: string): Resolved | InputPlace | undefined {
  if (link.from === INPUT_NODE && level.inside) return throughBoundary(level, link.fromSlot);
  const node = level.nodes.get(String(link.from));
  return node && throughNode({ level, node, slot: link.fromSlot }, wanted);
}

/** Leads out of a subgraph, to what its instance is joined to. */
function throughBoundary({ inside }: Level, slot: number): InputPlace | undefined {
  const boundary = inside?.definition.inputs[slot];
  if (!inside || !boundary) return undefined;
  const { parent, instance } = inside;
  const input = instance.inputs.find(({ name }) => name === boundary.name);
  return input && { level: parent, node: instance, input };
}

function throughNode(place: OutputPlace, wanted: string): Resolved | InputPlace | undefined {
  const { level, node, slot } = place;
  if (node.mode === MUTED) return undefined;
  const onward = (input: ComfyInput | undefined) => input && { level, node, input };
  if (node.mode === BYPASSED) return onward(bypassInput(node, slot, wanted));
  if (PASSES.includes(node.type)) return onward(node.inputs[0]);
  if (node.type === 'PrimitiveNode') return primitiveValue(node);
  if (node.type === 'GetNode') return throughName(level, node);
  const child = level.child(node);
  if (child) {
    const outlet = child.outlets.get(slot);
    return outlet && follow(child, outlet, wanted);
  }
  return isVirtual(node.type) ? undefined : { link: [level.idOf(node), slot] };
}

function primitiveValue({ widgets }: ComfyNode): Resolved | undefined {
  const [value] = Array.isArray(widgets) ? (widgets as readonly Json[]) : Object.values(widgets ?? {});
  return value === undefined ? undefined : { value };
}

/** KJNodes' links by name: to the setter of this graph, or of one around it. */
function throughName(level: Level, node: ComfyNode): InputPlace | undefined {
  const name = nameOf(node);
  for (let at: Level | undefined = level; at; at = at.inside?.parent) {
    const setter = at.setterOf(name);
    const input = setter?.inputs[0];
    if (setter && input) return { level: at, node: setter, input };
  }
  return undefined;
}

/**
 * Which input of a bypassed node stands for an output: that of the same number where its type fits, else the first of exactly the wanted
 * type, else the first that fits.
 */
export function bypassInput(node: ComfyNode, slot: number, wanted: string): ComfyInput | undefined {
  const { inputs } = node;
  if (wanted === '*') return inputs[slot] ?? inputs[0];
  const type = node.outputs[slot]?.type ?? wanted;
  const same = inputs[slot];
  if (same && fits(same.type, type) && fits(same.type, wanted)) return same;
  return inputs.find((input) => input.type === wanted) ?? inputs.find((input) => fits(input.type, wanted));
}
