/** Where nodes stand that have no place: columns in the order in which they run, with lines as short as a few sweeps make them. */

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
  /** Ids of the nodes that it gets something from; rings and strangers are let be. */
  sources: readonly string[];
}

const GAP_X = 60;
const GAP_Y = 40;
const SWEEPS = 4;

/** x and y of each node's upper left corner, from 0 on. */
export function layout(nodes: readonly LayoutNode[]): Map<string, [x: number, y: number]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const columns = toColumns(nodes, byId);
  const rows = new Map<string, number>();
  const targets = targetsOf(nodes, byId);
  for (const column of columns) column.forEach(({ id }, i) => rows.set(id, i));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const column of isForward ? columns : [...columns].reverse())
      sortByNeighbours(column, rows, ({ id, sources }) => (isForward ? sources : (targets.get(id) ?? [])));
  }
  return place(columns);
}

/** The longest way to a node is its column; a node that feeds one only stands close before it. */
function toColumns(nodes: readonly LayoutNode[], byId: ReadonlyMap<string, LayoutNode>): LayoutNode[][] {
  const order = sourcesFirst(nodes, byId);
  const depth = new Map<string, number>();
  for (const { id, sources } of order) {
    const before = sources.map((source) => depth.get(source) ?? -1);
    depth.set(
      id,
      before.reduce((most, one) => Math.max(most, one + 1), 0),
    );
  }
  const targets = targetsOf(nodes, byId);
  for (const { id, sources } of [...order].reverse()) {
    const after = (targets.get(id) ?? []).map((target) => depth.get(target) ?? 0).filter((one) => one > 0);
    const nearest = after.reduce((least, one) => Math.min(least, one), Infinity);
    const own = depth.get(id) ?? 0;
    if (sources.length === 0 && Number.isFinite(nearest) && nearest - 1 > own) depth.set(id, nearest - 1);
  }
  const columns: LayoutNode[][] = [];
  for (const node of order) (columns[depth.get(node.id) ?? 0] ??= []).push(node);
  return Array.from(columns, (column: LayoutNode[] | undefined) => column ?? []).filter((column) => column.length > 0);
}

/** Each after what it needs, without recursion; what closes a ring comes as it is. */
function sourcesFirst(nodes: readonly LayoutNode[], byId: ReadonlyMap<string, LayoutNode>): LayoutNode[] {
  const done = new Set<string>();
  const order: LayoutNode[] = [];
  for (const root of nodes) {
    const stack: { node: LayoutNode; next: number }[] = [];
    const enter = (node: LayoutNode) => {
      if (done.has(node.id)) return;
      done.add(node.id);
      stack.push({ node, next: 0 });
    };
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const source = top.node.sources[top.next++];
      if (source === undefined) order.push((stack.pop() ?? top).node);
      else {
        const node = byId.get(source);
        if (node) enter(node);
      }
    }
  }
  return order;
}

function targetsOf(nodes: readonly LayoutNode[], byId: ReadonlyMap<string, LayoutNode>): Map<string, string[]> {
  const targets = new Map<string, string[]>();
  for (const { id, sources } of nodes)
    for (const source of sources) {
      if (!byId.has(source)) continue;
      const list = targets.get(source);
      if (list) list.push(id);
      else targets.set(source, [id]);
    }
  return targets;
}

/** Sorts nodes by the mean row of what they are joined to; nodes without neighbours keep their row. */
function sortByNeighbours(
  column: LayoutNode[],
  rows: Map<string, number>,
  neighboursOf: (node: LayoutNode) => readonly string[],
): void {
  const wanted = new Map(
    column.map((node, i) => {
      const at = neighboursOf(node)
        .map((id) => rows.get(id))
        .filter((row) => row !== undefined);
      return [node, at.length === 0 ? i : at.reduce((sum, row) => sum + row, 0) / at.length];
    }),
  );
  column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  column.forEach(({ id }, i) => rows.set(id, i));
}

function place(columns: readonly (readonly LayoutNode[])[]): Map<string, [number, number]> {
  const places = new Map<string, [number, number]>();
  let x = 0;
  for (const column of columns) {
    let y = 0;
    for (const { id, height } of column) {
      places.set(id, [x, y]);
      y += height + GAP_Y;
    }
    x += column.reduce((most, { width }) => Math.max(most, width), 0) + GAP_X;
  }
  return places;
}
