/** The polynomials behind multistep weights. */

/** The polynomial that is 1 at nodes[chosen] and 0 at the other nodes, at `at`. */
export function lagrange(nodes: readonly number[], chosen: number, at: number): number {
  return nodes.reduce(
    (product, node, i) => (i === chosen ? product : (product * (at - node)) / (nodes[chosen] - node)),
    1,
  );
}
