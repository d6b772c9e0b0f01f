/** Boxes, frames and lines as the flow wants them. */
import { Position, type Edge, type Node, type NodeHandle } from '@xyflow/svelte';
import { fieldY, socketY, type Box, type Frame, type Line } from '../../state/graph/shape';
import { typeColour } from '../../state/graph/type-colours';

/** Half of a socket's dot. */
const HALF = 5;
const made = new WeakMap<Box, Node>();

/** Gives the same node for the same box, so that it is not drawn anew. */
export function toNode(box: Box): Node {
  const before = made.get(box);
  if (before) return before;
  const { id, x, y, width, height } = box;
  const node: Node = {
    ...{ id, type: 'box', position: { x, y }, width, height, measured: { width, height }, data: { box } },
    handles: handlesOf(box),
    draggable: box.kind !== 'edge',
    ariaRole: 'group',
    domAttributes: { 'aria-label': labelOf(box), 'aria-roledescription': 'node' } as NonNullable<Node['domAttributes']>,
  };
  made.set(box, node);
  return node;
}

/** With their places given, boxes need not be in the page for their lines to be drawn. */
function handlesOf(box: Box): NodeHandle[] {
  const size = { width: 2 * HALF, height: 2 * HALF };
  const left = { type: 'target', position: Position.Left, x: -HALF, ...size } as const;
  const right = { type: 'source', position: Position.Right, x: box.width - HALF, ...size } as const;
  return [
    ...box.inputs.map((_, i): NodeHandle => ({ ...left, id: `i${i}`, y: socketY(box, i) - HALF })),
    ...box.outputs.map((_, i): NodeHandle => ({ ...right, id: `o${i}`, y: socketY(box, i) - HALF })),
    ...(box.isCollapsed ? [] : box.open).map(({ field, name }): NodeHandle => {
      return { ...left, id: `w ${name}`, y: fieldY(box, field) - HALF };
    }),
  ];
}

function labelOf({ title, subtitle, state, isUnknown }: Box): string {
  const words = [title, subtitle, state === 'runs' ? '' : state, isUnknown ? 'not known here' : ''];
  return words.filter((word) => word !== '').join(', ');
}

/** Taken hold of by its title; behind everything. */
export function toFrame(frame: Frame): Node {
  const { id, x, y, width, height } = frame;
  return {
    ...{ id, type: 'frame', position: { x, y }, width, height, measured: { width, height }, data: { frame } },
    ...{ focusable: false, zIndex: -1 },
  };
}

export function toEdge({ id, from, fromSlot, to, toSlot, type }: Line): Edge {
  return {
    ...{ id, source: from, sourceHandle: `o${fromSlot}`, target: to, targetHandle: `i${toSlot}` },
    ...{ style: `stroke: ${typeColour(type)}`, focusable: false },
  };
}
