/** A level of a graph as a list: boxes in the order in which they run, with their links in words. */
import type { Box, Line, Shape } from './shape';

export interface Listed {
  box: Box;
  /** What comes in, in the order of the sockets. */
  from: readonly Joined[];
  to: readonly Joined[];
}

export interface Joined {
  /** The socket of this box that is joined. */
  socket: string;
  type: string;
  /** The box at the other end, and its socket. */
  id: string;
  title: string;
  other: string;
}

/** Sources first; among those that could run next, as in the file. Boxes in a circle of links stand at the end. */
export function listOf({ boxes, lines }: Shape): Listed[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const [incoming, outgoing] = [groupBy(lines, 'to'), groupBy(lines, 'from')];
  return inOrder(boxes, incoming, outgoing).map((box) => ({
    box,
    from: [...(incoming.get(box.id) ?? [])]
      .sort((a, b) => a.toSlot - b.toSlot)
      .map((line) => joined(byId.get(line.from), { socket: box.inputs[line.toSlot]?.name, line, isSource: true })),
    to: [...(outgoing.get(box.id) ?? [])]
      .sort((a, b) => a.fromSlot - b.fromSlot)
      .map((line) => joined(byId.get(line.to), { socket: box.outputs[line.fromSlot]?.name, line, isSource: false })),
  }));
}

function joined(
  other: Box | undefined,
  { socket = '', line, isSource }: { socket: string | undefined; line: Line; isSource: boolean },
): Joined {
  const end = isSource ? other?.outputs[line.fromSlot] : other?.inputs[line.toSlot];
  return { socket, type: line.type, id: other?.id ?? '', title: other?.title ?? '', other: end?.name ?? '' };
}

function groupBy(lines: readonly Line[], end: 'from' | 'to'): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const group = groups.get(line[end]);
    if (group) group.push(line);
    else groups.set(line[end], [line]);
  }
  return groups;
}

type Groups = ReadonlyMap<string, readonly Line[]>;

function inOrder(boxes: readonly Box[], incoming: Groups, outgoing: Groups): Box[] {
  const waits = new Map(boxes.map(({ id }) => [id, incoming.get(id)?.length ?? 0]));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const done = new Set<Box>();
  const ready = boxes.filter(({ id }) => waits.get(id) === 0);
  for (const box of ready) {
    done.add(box);
    for (const { to } of outgoing.get(box.id) ?? []) {
      const left = (waits.get(to) ?? 0) - 1;
      waits.set(to, left);
      const next = byId.get(to);
      if (left === 0 && next) ready.push(next);
    }
  }
  return [...done, ...boxes.filter((box) => !done.has(box))];
}
