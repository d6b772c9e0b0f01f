/** What rounding weights does to the starter's numbers: each group of layers alone, then whole plans. */
import * as ort from 'onnxruntime-web';
import { Checkpoint } from '../../src/core/checkpoints';
import { elementCount, exprShape, isPalette, weightKey, type Weight } from '../../src/core/graph';
import { transposed } from '../../src/core/math';
import { readUnetConfig, timestepWave } from '../../src/core/networks';
import { createPhiloxNoise } from '../../src/core/noise/philox';
import { DTYPE_PLANS, planRule, sensitivityOf, type DtypePlanId } from '../../src/core/packs';
import type { ComponentId } from '../../src/core/networks/components';
import type { StoredForm } from '../../src/core/graph';
import { chooseForm, evaluate, fromStored, lazyGraph, toStored } from '../../src/core/weights';
import { relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor } from '../../src/engine/ports';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { STARTER_MODEL } from '../lib/paths.mjs';
import { openSources } from '../../src/core/testing/open-sources';
import { STARTER_GRAPHS, type StarterGraph } from './starter-graphs';

interface Subject extends StarterGraph {
  inputs(config: unknown): Record<string, NamedTensor>[];
}

const noise = createPhiloxNoise(5);
const normal = (...dims: number[]): NamedTensor => ({ data: noise.next(elementCount(dims)), dims });

const SUBJECTS: Partial<Record<ComponentId, Subject>> = {
  text_encoder: {
    ...STARTER_GRAPHS.text_encoder,
    inputs: () =>
      [3, 11].map((step) => ({
        input_ids: {
          data: Int32Array.from({ length: 77 }, (_, i) => (i < 12 ? (i * step * 37) % 2046 : 2047)),
          dims: [1, 77],
        },
      })),
  },
  unet: {
    ...STARTER_GRAPHS.unet,
    inputs: (json) =>
      [50, 400, 900].map((time) => ({
        sample: normal(2, 32, 8, 8),
        timestep_wave: { data: timestepWave(time, readUnetConfig('config.json', json)), dims: [1, 96] },
        encoder_hidden_states: normal(2, 77, 192),
      })),
  },
  vae_decoder: {
    ...STARTER_GRAPHS.vae_decoder,
    inputs: () => [{ latent: normal(2, 32, 8, 8) }],
  },
};

/** Groups of weights by their keys: what a rule of a plan could name. */
const GROUPS: Record<string, RegExp> = {
  'norms and biases': /norm.*\.(weight|bias)$|\.bias$/,
  'token embedding': /token_embedding/,
  'position embedding': /position_embedding/,
  'time embedding': /time_emb/,
  conv_in: /^(decoder\.)?conv_in\./,
  conv_out: /conv_out\./,
  post_quant_conv: /quant_conv/,
  'resnet convolutions': /resnets.*conv\d/,
  'shortcuts (1x1)': /conv_shortcut/,
  'up and down sampling': /samplers/,
  'proj_in, proj_out': /proj_(in|out)\b(?!.*self_attn)/,
  'self-attention (attn1)': /attn1.*weight|self_attn.*weight/,
  'cross-attention (attn2)': /attn2.*weight/,
  'feed forward': /\.ff\.|mlp\.fc/,
};

/** @yields lines of a table */
export async function* measureQuantisation(): AsyncGenerator<string> {
  const { sources } = await openSources(STARTER_MODEL);
  for (const [id, subject] of Object.entries(SUBJECTS) as [ComponentId, Subject][]) {
    const config = await readJson(sources, `${id.split('_decoder')[0]}/config.json`);
    const checkpoint = await Checkpoint.open(sources.filter(({ name }) => name === subject.weights));
    const graph = subject.build(config, { target: 'portable', activations: 'float32' });
    const values = new Map<string, Float32Array<ArrayBuffer>>();
    for (const { expr } of graph.weights)
      values.set(weightKey(expr), await evaluate(expr, (name) => checkpoint.read(name)));
    const inputs = subject.inputs(config);
    const run = (round: (weight: Weight, values: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>) =>
      runAll(subject, { config, values, inputs, round });
    const expected = await run((_, numbers) => numbers);
    const all = graph.weights.reduce((sum, { expr }) => sum + elementCount(exprShape(expr)), 0);
    for (const [label, pattern] of Object.entries(GROUPS)) {
      const chosen = graph.weights.filter(({ expr }) => pattern.test(innerKey(weightKey(expr))));
      if (chosen.length === 0) continue;
      const keys = new Set(chosen.map(({ expr }) => weightKey(expr)));
      const errors = [];
      for (const bits of [8, 4] as const)
        errors.push(
          relativeError(
            await run((weight, numbers) =>
              keys.has(weightKey(weight.expr)) ? rounded(weight, numbers, bits) : numbers,
            ),
            expected,
          ),
        );
      const share = chosen.reduce((sum, { expr }) => sum + elementCount(exprShape(expr)), 0) / all;
      yield `| ${id} | ${label} | ${percent(share)} | ${percent(errors[0])} | ${percent(errors[1])} |`;
    }
    for (const plan of Object.keys(DTYPE_PLANS) as DtypePlanId[]) {
      const error = relativeError(await run((weight, numbers) => planned(id, plan, weight, numbers)), expected);
      yield `| ${id} | plan ${plan} | 100 % | ${percent(error)} | |`;
    }
  }
}

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;
const innerKey = (key: string): string =>
  key
    .replace(/^(transpose|reshape|concat|add|padRows|scale)\(/, '')
    .replace(/[;,].*$/, '')
    .replace(/\)$/, '');

async function readJson(sources: Awaited<ReturnType<typeof openSources>>['sources'], path: string): Promise<unknown> {
  const source = sources.find(({ name }) => name === path);
  if (!source) throw new Error(`${path} is missing`);
  return JSON.parse(new TextDecoder().decode(await source.read(0, source.size)));
}

/** A weight rounded as a matrix in blocks of 32 where it is one, else a channel at a time. */
function rounded(weight: Weight, values: Float32Array<ArrayBuffer>, bits: 8 | 4): Float32Array<ArrayBuffer> {
  const shape = exprShape(weight.expr);
  if (weight.expr.op === 'transpose') {
    const [inner, out] = shape;
    if (inner % 32 !== 0) return values;
    const turned = transposed(values, inner, out);
    const form = bits === 8 ? 'nbits8' : 'nbits4';
    return transposed(fromStored(toStored(turned, { form, shape: [out, inner], where: '' }), form), out, inner);
  }
  const channels = Math.max(...shape) === elementCount(shape) ? 1 : shape[0];
  return perChannel(values, channels, bits === 8 ? 127 : 7);
}

function perChannel(values: Float32Array<ArrayBuffer>, channels: number, top: number): Float32Array<ArrayBuffer> {
  const size = values.length / channels;
  const out = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += size) {
    const channel = values.subarray(start, start + size);
    const largest = channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest > 0)
      out.set(
        channel.map((value) => (Math.round((value * top) / largest) * largest) / top),
        start,
      );
  }
  return out;
}

/** Values of a weight as a plan would store it. */
function planned(component: ComponentId, plan: DtypePlanId, weight: Weight, values: Float32Array<ArrayBuffer>) {
  const { rules } = DTYPE_PLANS[plan];
  const key = weightKey(weight.expr);
  const shape = exprShape(weight.expr);
  const decide = (of: string, dims: readonly number[], isMatrix: boolean): StoredForm =>
    planRule({ label: plan, rules }, { component, key: of, shape: dims, isMatrix }).form;
  if (weight.expr.op === 'transpose' && weight.expr.of.op !== 'concat') {
    const [inner, out] = shape;
    const form = decide(weightKey(weight.expr.of), [out, inner], true);
    if (form.startsWith('nbits')) return rounded(weight, values, form === 'nbits8' ? 8 : 4);
  }
  const plannedForm = decide(key, shape, false);
  const form = isPalette(plannedForm)
    ? chooseForm(values, { shape, sensitivity: sensitivityOf({ component, key, shape }) })
    : plannedForm;
  return fromStored(toStored(values, { form, shape, where: key }), form, values.length);
}

interface Job {
  config: unknown;
  values: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  inputs: Record<string, NamedTensor>[];
  round(weight: Weight, values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer>;
}

/** The outputs for all inputs, one after another. Activations stay float32: only the rounding of weights is seen. */
async function runAll(subject: Subject, { config, values, inputs, round }: Job): Promise<Float32Array> {
  const graph = subject.build(config, { target: 'portable', activations: 'float32' });
  const read = (weight: Weight) => {
    const numbers = values.get(weightKey(weight.expr));
    if (!numbers) throw new Error(`no values for ${weightKey(weight.expr)}`);
    const bytes = round(weight, numbers);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const session = await createOrtSession(ort as unknown as Ort, ['wasm'], lazyGraph(graph, read));
  const outputs: number[] = [];
  for (const input of inputs) outputs.push(...Object.values(await session.run(input))[0]);
  await session.dispose();
  return Float32Array.from(outputs);
}
