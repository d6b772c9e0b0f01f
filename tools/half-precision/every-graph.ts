/**
 * Every graph that the app can build, for GPUs: all networks of what is published, with each option that changes them. The tables are keyed by the
 * types, so that a network or an option that is added here or there has to say how it is built.
 */
import { readFileSync } from 'node:fs';
import { openControl } from '../../src/core/checkpoints/open-control';
import { readFixture, virtualSafetensors, type Shapes } from '../../src/core/checkpoints/testing/layouts';
import { FAMILY_CONFIGS, TAESD, type FamilyConfigs } from '../../src/core/families/configs';
import type { Activations, BuiltGraph, GraphForm, Tiling } from '../../src/core/graph';
import { NETWORKS, type NetworkId } from '../../src/core/networks/table';
import type { ControlForm } from '../../src/core/networks/control-form';
import { COMPONENTS, componentIds, type ComponentId } from '../../src/core/networks/components';
import type { BuildOptions } from '../../src/core/networks/network';
import { publishedAs, PUBLISHED } from '../../src/core/networks/published';
import { loraBeside } from '../../src/core/networks/testing/cases';
import { DTYPE_PLANS, planRule, type DtypePlanId } from '../../src/core/packs/dtype-plans';

export interface NamedGraph {
  /** As people would say it: "sdxl unet, q8". */
  name: string;
  activations: Activations;
  build(): BuiltGraph;
}

/** A network of one size. */
interface Sized {
  name: string;
  component: ComponentId;
  config: unknown;
}

type Ways<Options> = { readonly [Name in keyof Required<Options>]: readonly Options[Name][] };

/** What is said of an option beside its default, which is in every graph that says something of another. */
const CONTROL_WAYS: Ways<ControlForm> = {
  residuals: ['plain', 'native'],
  features: [
    [1, 2, 4, 8], // T2I-Adapters of SD 1.5, and those of SDXL
    [2, 2, 4, 4],
  ],
  images: [1, 2],
  hasRegions: [true],
  freeu: [true],
  perturbs: [true],
  shrinks: [1, 2, 3, 4, 8].flatMap((block) => [
    { block, afterSkip: true },
    { block, afterSkip: false },
  ]),
  tellsAttention: [true],
};

const OPTION_WAYS: Ways<BuildOptions> = {
  clipSkip: [1, 2, 3],
  finalNorm: [true, false],
  takesVectors: [true],
  control: controlForms(),
  addsUp: [true],
  hasRegion: [true],
  isNative: [true],
  latentFactor: [8],
  penultimate: [true],
};

/** Options of a network, each of which is tried alone and with each other. */
const OPTIONS: Readonly<Record<NetworkId, readonly (keyof BuildOptions)[]>> = {
  clip_text: ['clipSkip', 'finalNorm', 'takesVectors'],
  clip_text_projection: ['clipSkip', 'finalNorm', 'takesVectors'],
  unet: ['control'],
  autoencoder_decoder: [],
  autoencoder_encoder: [],
  tiny_decoder: [],
  tiny_encoder: [],
  control_step: ['addsUp', 'hasRegion', 'isNative'],
  control_hint: [],
  t2i_adapter: ['latentFactor'],
  image_prompt_adapter: [],
  clip_vision: ['penultimate'],
  hint_annotator: [],
  compact_upscaler: [],
  rrdb_upscaler: [],
  span_upscaler: [],
  omnisr_upscaler: [],
};

/** Forms of a network's graph beside the plain one. */
const FORMS: Readonly<Record<keyof GraphForm, (component: ComponentId) => [string, Partial<GraphForm>][]>> = {
  target: () => [], // GPUs have one
  activations: () => [], // both, of every graph
  storedForm: (component) =>
    isPacked(component) ? plans().map((plan) => [plan, { storedForm: storedBy(plan, component) }]) : [],
  packsKernels: (component) =>
    isPacked(component)
      ? plans().map((plan) => [`${plan}, kernels too`, { storedForm: storedBy(plan, component), packsKernels: true }])
      : [],
  branches: (component) =>
    takesLoras(component)
      ? ([[4], [3], [4, 8, 16], [1, 2, 3, 4]] as const).map((ranks) => [
          `LoRAs of ${ranks.join(' and ')}`,
          { branches: besides(ranks) },
        ])
      : [],
  lentAs: (component) => (takesLoras(component) ? [['lent LoRAs', { branches: besides([4]), lentAs: lentName }]] : []),
  tiling: (component) =>
    isTiled(component)
      ? (['both', 'x', 'y'] as const satisfies readonly Tiling[]).map((tiling) => [`tiling ${tiling}`, { tiling }])
      : [],
};

const plans = (): DtypePlanId[] => Object.keys(DTYPE_PLANS) as DtypePlanId[];

/** Upscalers and what draws hints are computed from widened weights: engine/models/upscaler.ts, and float32 alone. */
const isPacked = (component: ComponentId): boolean => !['upscaler', 'annotator'].includes(COMPONENTS[component].role);

const takesLoras = (component: ComponentId): boolean =>
  ['text', 'denoiser', 'control'].includes(COMPONENTS[component].role);

const isTiled = (component: ComponentId): boolean =>
  ['denoiser', 'decoder', 'encoder'].includes(COMPONENTS[component].role);

const storedBy =
  (plan: DtypePlanId, component: ComponentId): NonNullable<GraphForm['storedForm']> =>
  (key, shape) =>
    planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form;

const besides = (ranks: readonly number[]): NonNullable<GraphForm['branches']> => {
  const factors = ranks.map((rank, i) => ({ input: `adapter_${i}`, rank }));
  const isApart = ranks.length <= 3;
  const own = (rank: number) => factors.filter((one) => one.rank === rank);
  return (weight) =>
    isApart ? ranks.flatMap((rank) => loraBeside(weight, own(rank), rank)) : loraBeside(weight, factors, sum(ranks));
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const lentName: NonNullable<GraphForm['lentAs']> = (weight) => {
  const text = JSON.stringify(weight);
  return text.includes('"lora.') ? `lent ${text}` : undefined;
};

function controlForms(): ControlForm[] {
  const single = Object.entries(CONTROL_WAYS).flatMap(([name, ways]) =>
    ways.map((way): [string, ControlForm] => [name, { [name]: way }]),
  );
  const all = single.filter(([name]) => name !== 'shrinks').reduce((sum, [, form]) => ({ ...sum, ...form }), {});
  return [...single.map(([, form]) => form), all];
}

/** @param ids options, of each of which nothing or one of its ways is said */
function optionsOf(ids: readonly (keyof BuildOptions)[]): BuildOptions[] {
  return ids.reduce<BuildOptions[]>(
    (all, id) => [...all, ...all.flatMap((one) => OPTION_WAYS[id].map((way) => ({ ...one, [id]: way })))],
    [{}],
  );
}

const readJson = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../src/core/networks/fixtures/${path}`, import.meta.url), 'utf8'));

/** Upscalers have no published shapes here: what their files tell, of those that people have. */
const UPSCALERS: readonly [ComponentId, object][] = [
  ...[2, 3, 4].map((scale): [ComponentId, object] => ['compact_upscaler', { features: 64, convolutions: 16, scale }]),
  ['compact_upscaler', { features: 64, convolutions: 32, scale: 1 }],
  ...[
    { upsamplings: 0, unshuffle: 1 },
    { upsamplings: 1, unshuffle: 1 },
    { upsamplings: 2, unshuffle: 1 },
    { upsamplings: 3, unshuffle: 1 },
    { upsamplings: 2, unshuffle: 2 },
    { upsamplings: 2, unshuffle: 4 },
  ].map((sizes): [ComponentId, object] => ['rrdb_upscaler', { features: 64, growth: 32, blocks: 2, ...sizes }]),
  ...[2, 4].flatMap((scale) =>
    [true, false].map((normalises): [ComponentId, object] => ['span_upscaler', { features: 48, scale, normalises }]),
  ),
  ...[2, 4].flatMap((scale) =>
    [true, false].map((hasPositions): [ComponentId, object] => [
      'omnisr_upscaler',
      { features: 64, groups: 2, blocks: 1, window: 8, scale, hasPositions },
    ]),
  ),
];

async function everySized(): Promise<Sized[]> {
  const all = [...published(), ...starter(), ...helpers(), ...upscalers(), ...(await addOns())];
  // families share networks
  return [...new Map(all.map((one) => [`${one.component} ${JSON.stringify(one.config)}`, one])).values()];
}

const published = (): Sized[] =>
  Object.entries(FAMILY_CONFIGS).flatMap(([family, configs]: [string, FamilyConfigs]) => ofFamily(family, configs));

function ofFamily(name: string, configs: Partial<FamilyConfigs>): Sized[] {
  const ids = componentIds().filter((id) =>
    Object.values(PUBLISHED).some(({ parts }) => parts.some((part) => part.component === id)),
  );
  return ids.flatMap((component): Sized[] => {
    const config = configs[publishedAs(component)];
    return config ? [{ name: `${name} ${component}`, component, config }] : [];
  });
}

function starter(): Sized[] {
  const read = (folder: string): object =>
    JSON.parse(readFileSync(new URL(`../starter/model/${folder}/config.json`, import.meta.url), 'utf8')) as object;
  return ofFamily('starter', { text_encoder: read('text_encoder'), unet: read('unet'), vae: read('vae') });
}

const helpers = (): Sized[] => ofFamily('any', { taesd: TAESD });

const upscalers = (): Sized[] =>
  UPSCALERS.map(([component, config]) => ({ name: `${component} ${JSON.stringify(config)}`, component, config }));

/** Files of what steers, looks and draws, told by their tensors. */
async function addOns(): Promise<Sized[]> {
  const control = readFixture<Record<string, { shapes: Shapes }>>('control-shapes.json.gz');
  const prompts = readFixture<Record<string, Shapes>>('image-prompt-shapes.json.gz');
  const drawing = ['annotator', 'depth-anything', 'vitpose', 'yolos'].flatMap((file) =>
    Object.entries(readJson(`${file}-shapes.json`) as Record<string, Shapes | string>),
  );
  const files = [
    ...Object.entries(control).map(([name, { shapes }]): [string, Shapes] => [name, shapes]),
    ...Object.entries(prompts),
    ...drawing.filter((entry): entry is [string, Shapes] => typeof entry[1] !== 'string'),
  ];
  const sized: Sized[] = [];
  for (const [name, shapes] of files) {
    const opened = await openControl([virtualSafetensors('file.safetensors', shapes)]);
    for (const component of opened.components)
      sized.push({ name: `${name} ${component}`, component, config: opened.config });
  }
  return sized;
}

/** All of them; whoever asks builds one after another, for they are large. */
export async function everyGraph(): Promise<NamedGraph[]> {
  return (await everySized()).flatMap(graphsOf);
}

function graphsOf({ name, component, config }: Sized): NamedGraph[] {
  const { network: id, role } = COMPONENTS[component];
  const open = NETWORKS[id].open(name, config);
  const forms = [['', {}] as const, ...Object.values(FORMS).flatMap((ways) => ways(component))];
  const options = optionsOf(OPTIONS[id]);
  // Forms and options do not know each other: each form plainly, each option in the plain form.
  const both = [
    ...forms.map(([said, form]) => ({ said, form, option: {} })),
    ...options.map((option) => ({ said: JSON.stringify(option), form: {}, option })),
  ];
  const precisions: Activations[] = role === 'annotator' ? ['float32'] : ['float32', 'float16'];
  return precisions.flatMap((activations) =>
    both.map(({ said, form, option }) => ({
      name: `${name} ${said}`,
      activations,
      build: () => open.build({ target: 'webgpu', activations, ...form }, option),
    })),
  );
}
