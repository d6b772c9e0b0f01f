/** docs/parity.md, from what the specs of parity leave in Playwright's report. */

/** @typedef {import('../../e2e/support/parity').Measured} Measured */

/** @typedef {import('../../e2e/support/parity').Flow} Flow */

/** Playwright nests suites in suites. @typedef {{ suites?: Suite[], specs?: { tests: { annotations: { type: string, description?: string }[] }[] }[] }} Suite */

/** @returns {Measured[]} in the order of the specs @param {Suite} report */
export const parityOf = (report) => annotated(report, 'parity');

/** @returns {Flow[]} in the order of the specs @param {Suite} report */
export const flowsOf = (report) => annotated(report, 'flow');

/** @returns {any[]} @param {Suite} report @param {string} wanted */
function annotated(report, wanted) {
  const own = (report.specs ?? []).flatMap(({ tests }) =>
    tests.flatMap(({ annotations }) =>
      annotations.filter(({ type }) => type === wanted).map(({ description = '' }) => JSON.parse(description)),
    ),
  );
  return [...own, ...(report.suites ?? []).flatMap((suite) => annotated(suite, wanted))];
}

/** @typedef {{ title: string, is: (one: Measured) => boolean }} Column */

/** @type {Column[]} */
const CASE_COLUMNS = [
  { title: 'CPU, float32', is: ({ device }) => device === 'wasm' },
  ...columns('float32', ', float32'),
  ...columns('float16', ', float16'),
];

/** @param {Measured['activations']} activations @param {string} suffix @returns {Column[]} */
function columns(activations, suffix) {
  return [false, true].map((subgroups) => ({
    title: `GPU${suffix}${subgroups ? ', subgroups' : ''}`,
    is: (one) => one.device === 'lavapipe' && one.activations === activations && one.subgroups === subgroups,
  }));
}

/** @param {Measured[]} measured @param {Flow[]} flows */
export function parityPage(measured, flows = []) {
  return `# Errors of the graphs

Made by \`node tools/parity-table.mjs\`; \`npm test\` holds most numbers to their limits, \`GESSO_LONG=1\` all ([which](testing.md)). Relative L2 error of a component's whole output,
‖ours − reference‖ / ‖reference‖. The GPU is Mesa's lavapipe in Chromium: \`shader-f16\`, subgroups of 8 ([how](testing.md)).

## Against diffusers

The reference is diffusers in float32, on small networks of each family's structure. Subgroups bring other kernels: ONNX Runtime's flash
attention, and packed matrices.

${table(
  'component',
  measured.filter(({ kind }) => kind === 'case'),
  CASE_COLUMNS,
)}

Networks that draw hints run in float32 in the app.

On a real GPU (NVIDIA H200) the cases that there were then hold, too: float32 at most 1.8e-6, float16 at most 3.8e-3, the same with subgroups and without ([all figures](gpus/nvidia-h200.md)).

Whole pictures of the starter (version 2) on lavapipe, six of them, through Dawn and the app's engine, against torch and k-diffusion in float32 (\`tools/gpu-kit\`): computed
in float32, as the app does it, 60.8 to 68.6 dB; as an imported model in float16, 55.8 to 56.3 dB with widened matrices, 50.4 to 56.8 dB with 8-bit ones.

## Kernels of whole models

What no small network is run by: sizes of the published models, packed weights, LoRAs beside them, joined edges. Each is a graph of one or two
operators against the CPU in float32, of weights and inputs that half precision holds. \`tools/half-precision/every-kernel.test.ts\` builds every
graph of the app (all published networks, each option and stored form) and demands that what chooses a node's shader, its operator, attributes and
operands, is in one of the components above or in one of these.

${table(
  'kernel',
  measured.filter(({ kind }) => kind === 'kernel'),
  CASE_COLUMNS.slice(1),
)}

## Packs in half precision

The starter's components out of a pack of each plan, computed in float16 on the GPU; the reference is the same network with the weights
as they were, in float32. What rounding the weights alone does is in [benchmarks](benchmarks.md#what-rounding-does).

${table(
  'plan, component',
  measured.filter(({ kind }) => kind === 'pack'),
  columns('float16', ', float16'),
)}

## Whole flows in half precision

Pictures of small models of random weights through the whole app, imported, six steps: computed in float16 on the GPU, without subgroups (the app leaves them out on
a GPU that was not tested, as software is not), against the same picture computed in float32 on the CPU. At least 40 dB is demanded. Alone:
\`GESSO_LONG=1 npx playwright test --project=lavapipe e2e/lavapipe/flows.spec.ts\`.

${flowTable(flows)}
`;
}

/** @param {Flow[]} flows */
function flowTable(flows) {
  if (flows.length === 0) return 'Not measured yet.';
  const decibels = (/** @type {number | undefined} */ value) => (value === undefined ? '' : `${value.toFixed(1)} dB`);
  const lines = flows.map(
    (one) => `| ${one.name} | ${one.size} | ${decibels(one.decibels)} | ${decibels(one.fromPlain)} |`,
  );
  return [
    '| flow | picture | against float32 | against the plain picture |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** @param {string} head @param {Measured[]} measured @param {Column[]} all */
function table(head, measured, all) {
  if (measured.length === 0) return 'Not measured yet.';
  const names = [...new Set(measured.map(({ name }) => name))];
  const lines = names.map((name) => {
    const ones = measured.filter((one) => one.name === name);
    const cells = all
      .map(({ is }) => ones.find(is)?.error)
      .map((error) => (error === undefined ? '' : scientific(error)));
    const limits = [...new Set(ones.map(({ limit }) => limit))].sort((a, b) => a - b).map(scientific);
    return [name, ...cells, limits.join(', ')];
  });
  const rows = [[head, ...all.map(({ title }) => title), 'limit'], lines[0].map(() => '---'), ...lines];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** 2.6e-3 @param {number} value */
const scientific = (value) => value.toExponential(1).replace('.0e', 'e');
