/** A product of square matrices in WGSL, through shared memory with a block of the result in each thread's registers. */

export type MatmulNumber = 'f32' | 'f16';

export interface MatmulForm {
  /** Type of the matrices and of shared memory. */
  stored: MatmulNumber;
  /** Type of the sums. */
  summed: MatmulNumber;
  /** Rows and columns of the result that a thread makes: 4 or 8; a workgroup makes 16 times as many. */
  block: 4 | 8;
}

/** Threads along each side of a workgroup. */
const THREADS = 16;
/** Depth of what is in shared memory at a time. */
const DEPTH = 16;

/** Side of the result that a workgroup makes. */
export const tileOf = ({ block }: MatmulForm): number => THREADS * block;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/**
 * c = a · b for matrices [side, side], row-major; `side` is a multiple of the tile. All loops over a thread's block are written
 * out, so that its sums are registers whatever the driver's compiler does.
 */
export function matmulShader({ stored, summed, block }: MatmulForm, side: number): string {
  const tile = THREADS * block;
  const quads = range(block / 4);
  const rows = range(block);
  const copy = (what: string, count: number, body: string): string =>
    `for (var t = index; t < ${count}u; t += ${THREADS * THREADS}u) { ${body} } // ${what}`;
  return `
${stored === 'f16' || summed === 'f16' ? 'enable f16;' : ''}
alias Four = vec4<${stored}>;
alias Sum = vec4<${summed}>;
@group(0) @binding(0) var<storage, read> a: array<Four>;
@group(0) @binding(1) var<storage, read> b: array<Four>;
@group(0) @binding(2) var<storage, read_write> c: array<Four>;
var<workgroup> left: array<array<${stored}, ${tile}>, ${DEPTH}>;
var<workgroup> right: array<array<Four, ${tile / 4}>, ${DEPTH}>;

@compute @workgroup_size(${THREADS}, ${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) index: u32) {
  let row = group.y * ${tile}u;
  let column = group.x * ${tile / 4}u;
${rows.flatMap((m) => quads.map((n) => `  var s${m}_${n} = Sum();`)).join('\n')}
  for (var depth = 0u; depth < ${side}u; depth += ${DEPTH}u) {
    ${copy(
      'columns of a, turned',
      (tile * DEPTH) / 4,
      `let m = t / ${DEPTH / 4}u; let k = t % ${DEPTH / 4}u; let four = a[(row + m) * ${side / 4}u + depth / 4u + k];
      left[4u * k][m] = four.x; left[4u * k + 1u][m] = four.y; left[4u * k + 2u][m] = four.z; left[4u * k + 3u][m] = four.w;`,
    )}
    ${copy(
      'rows of b',
      (tile * DEPTH) / 4,
      `let k = t / ${tile / 4}u; let n = t % ${tile / 4}u; right[k][n] = b[(depth + k) * ${side / 4}u + column + n];`,
    )}
    workgroupBarrier();
    for (var k = 0u; k < ${DEPTH}u; k++) {
${quads.map((n) => `      let r${n} = Sum(right[k][local.x + ${THREADS * n}u]);`).join('\n')}
${rows
  .map(
    (m) =>
      `      let l${m} = Sum(${summed}(left[k][local.y * ${block}u + ${m}u]));\n${quads
        .map((n) => `      s${m}_${n} = fma(l${m}, r${n}, s${m}_${n});`)
        .join('\n')}`,
  )
  .join('\n')}
    }
    workgroupBarrier();
  }
${rows
  .flatMap((m) =>
    quads.map(
      (n) =>
        `  c[(row + local.y * ${block}u + ${m}u) * ${side / 4}u + column + local.x + ${THREADS * n}u] = Four(s${m}_${n});`,
    ),
  )
  .join('\n')}
}`;
}
