/** A ControlNet or an adapter that is at hand, or a tower that looks at pictures for one: what it makes of a hint, and what of each step. */
import type { ControlEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { Activations, GraphForm } from '../../core/graph';
import { openNetwork, type OpenNetwork } from '../../core/networks';
import { roleOf, type ComponentId, type Role } from '../../core/networks/components';
import type {
  AnnotatorSizes,
  BuildOptions,
  ControlSizes,
  FeatureSizes,
  ImagePromptSizes,
  NetworkInputs,
  VisionSizes,
} from '../../core/networks/network';
import {
  assertPack,
  heldOnBase,
  isBasesOwn,
  openOnBase,
  openWeights,
  PRODUCT_FACTOR,
  standsOnBase,
  type OpenPack,
} from '../../core/packs';
import { lazyGraph, weightBytes } from '../../core/weights';
import { isFactorName } from './adapters';
import type { ControlBase } from './control-base';
import { loadedBytes } from './pack-bank';
import { seenInputs, sideBySide, type KeysAndValues } from './seen-pictures';
import type { Beside, KeptTensor, NamedTensor, RawSession, Runtime, SessionOptions } from '../ports';

export interface ControlParts {
  entry: ControlEntry;
  open: OpenPack;
  runtime: Runtime;
}

/** How its steps are computed: as the denoiser that they are for. */
export interface StepForm {
  activations: Activations;
  /** There are others, whose residuals its own are added to. */
  addsUp: boolean;
  /** Some of its units act in a part of the picture alone. */
  hasRegion: boolean;
}

/** What is loaded for one run. */
const ALONE: readonly Role[] = ['hint', 'adapter', 'image_prompt', 'vision'];

export class Control {
  readonly entry: ControlEntry;
  /** Sizes of a ControlNet, where it is one. */
  readonly control: ControlSizes | undefined;
  /** Sizes of a T2I-Adapter's features, where it is one. */
  readonly features: FeatureSizes | undefined;
  /** Sizes of an IP-Adapter, where it is one. */
  readonly imagePrompt: ImagePromptSizes | undefined;
  /** Sizes of a vision tower, where it is one. */
  readonly vision: VisionSizes | undefined;
  /** Sizes of a network that draws hints, where it is one. */
  readonly annotator: AnnotatorSizes | undefined;
  readonly #open: OpenPack;
  readonly #runtime: Runtime;
  readonly #networks = new Map<Role, { component: ComponentId; network: OpenNetwork }>();
  #steps: { key: string; session: RawSession } | undefined;
  /** Names of the strengths of LoRAs that its steps are told. */
  #factors: readonly string[] = [];
  #base: ControlBase | undefined;
  /** How often sessions were given back: one that is ready after that is nobody's. */
  #turn = 0;

  /** @throws AppError 'bad-file' or 'unsupported-model' where the pack is of nothing that runs */
  constructor({ entry, open, runtime }: ControlParts) {
    const { pack } = open;
    for (const component of Object.keys(pack.components) as ComponentId[]) {
      const config = { file: `${pack.name}: ${component}/config.json`, config: pack.components[component]?.config };
      this.#networks.set(roleOf(component), { component, network: openNetwork(component, config) });
    }
    this.entry = entry;
    this.#open = open;
    this.#runtime = runtime;
    this.control = this.#networks.get('control')?.network.sizes.control;
    this.features = this.#networks.get('adapter')?.network.sizes.features;
    this.imagePrompt = this.#networks.get('image_prompt')?.network.sizes.imagePrompt;
    this.vision = this.#networks.get('vision')?.network.sizes.vision;
    this.annotator = this.#networks.get('annotator')?.network.sizes.annotator;
    const isOther = this.features ?? this.imagePrompt ?? this.vision ?? this.annotator;
    if (!isOther && !(this.control && this.#networks.has('hint')))
      throw new AppError('bad-file', `${pack.name}: this is no ControlNet and no adapter.`);
    assertPack(pack);
  }

  get family(): OpenPack['pack']['family'] {
    return this.#open.pack.family;
  }

  /** Whose weights a Control-LoRA stands on from now on; all others have their own. */
  async standOn(base: ControlBase | undefined): Promise<void> {
    const { component } = this.#networks.get('control') ?? {};
    const own = component && this.#open.pack.components[component];
    if (!base || !own || !standsOnBase(component, own)) return;
    if (this.#base?.weights.open !== base.weights.open || this.#base.key !== base.key) await this.dispose();
    this.#base = base;
  }

  /** Bytes of its weights as they are loaded: of what stays beside the denoiser, and of what runs alone before it. */
  bytes(activations: Activations): { beside: number; alone: number } {
    const isWidened = this.#runtime.device.packedMatrices === false;
    const bytesOf = (role: Role): number => {
      const part = this.#networks.get(role);
      return part ? loadedBytes(this.#open.pack.components[part.component], { activations, isWidened }) : 0;
    };
    return { beside: this.#bytesOnBase(activations) ?? bytesOf('control'), alone: Math.max(...ALONE.map(bytesOf)) };
  }

  /** Bytes of the weights that the steps of a Control-LoRA hold: the model's, and what stands beside them; undefined for others. */
  #bytesOnBase(activations: Activations): number | undefined {
    if (!this.#base) return undefined;
    const { component, network } = this.#part('control');
    const weights = heldOnBase(this.#open, component, this.#base.weights);
    const added = this.#base.addedBytes(isBasesOwn(this.#open, component));
    return weightBytes(network.build(this.#form(activations, weights))) + added;
  }

  /**
   * A ControlNet's hint, encoded; what does that is released again.
   * @param inputs  hint float32 [1, 3, h, w] in 0…1, and of a Union kind int32 [1]
   * @returns hint_features, and of a Union type_embedding, as the steps take them
   */
  async encodeHint(inputs: NetworkInputs, activations: Activations): Promise<Record<string, NamedTensor>> {
    const outputs = await this.#once('hint', inputs, activations);
    const [, , height, width] = inputs['hint'].dims;
    const { hintFactor = 8, levels = [] } = this.control ?? {};
    const { hint_features: features, type_embedding: type } = outputs as Partial<typeof outputs>;
    return {
      hint_features: {
        data: features ?? new Float32Array(0),
        dims: [1, levels[0] ?? 0, height / hintFactor, width / hintFactor],
      },
      ...(type && { type_embedding: { data: type, dims: [1, type.length] } }),
    };
  }

  /** An adapter's features of a hint, float32 [1, 3, h, w] in 0…1, from the largest downwards. */
  async makeFeatures(hint: NamedTensor, latentFactor: number, activations: Activations): Promise<NamedTensor[]> {
    const outputs = await this.#once('adapter', { hint }, activations, { latentFactor });
    const [, , height, width] = hint.dims;
    const { channels = [], factors = [] } = this.features ?? {};
    let [high, wide] = [height, width];
    return channels.map((c, i): NamedTensor => {
      const by = factors[i] / (factors[i - 1] ?? 1);
      [high, wide] =
        i === 0 ? [Math.floor(high / by), Math.floor(wide / by)] : [Math.ceil(high / by), Math.ceil(wide / by)];
      return { data: outputs[`feature_${i}`], dims: [1, c, high, wide] };
    });
  }

  /**
   * What a tower says of a picture; what says it is released again.
   * @param pixels  float32 [1, 3, side, side], normalised
   * @returns [1, parts, width], or of the whole [1, width]
   */
  async lookAt(pixels: NamedTensor, readsParts: boolean, activations: Activations): Promise<NamedTensor> {
    const outputs = await this.#once('vision', { pixel_values: pixels }, activations, { penultimate: readsParts });
    const { tokens = 0, width = 0, projectionWidth = 0 } = this.vision ?? {};
    return readsParts
      ? { data: outputs['hidden_states'], dims: [1, tokens, width] }
      : { data: outputs['image_embeds'], dims: [1, projectionWidth] };
  }

  /** Maps that a network for hints draws, by their names. @param images  float32 [1, 3, height, width] each, RGB in 0…255 */
  async draw(images: readonly NamedTensor[]): Promise<Record<string, Float32Array>[]> {
    const { network } = this.#part('annotator');
    const session = await this.#session('annotator', 'float32');
    try {
      const drawn: Record<string, Float32Array>[] = [];
      for (const image of images) drawn.push(await session.run(network.toGraph({ image })));
      return drawn;
    } finally {
      await session.dispose();
    }
  }

  /** An IP-Adapter's keys and values of what a tower said, for each; what makes them is released again. */
  async readSeen(all: readonly NamedTensor[], activations: Activations): Promise<KeysAndValues[]> {
    const { readsParts = false, layers = [] } = this.imagePrompt ?? {};
    const { network } = this.#part('image_prompt');
    const session = await this.#session('image_prompt', activations);
    try {
      const made: KeysAndValues[] = [];
      for (const seen of all)
        made.push(sideBySide(await session.run(network.toGraph(seenInputs(seen, readsParts))), layers));
      return made;
    } finally {
      await session.dispose();
    }
  }

  /**
   * @param inputs  as the denoiser's, with hint_features and control_scale
   * @param previous  residuals to add to, by the names of the graph's inputs
   * @returns residuals, which stay where they are
   */
  async step(
    inputs: Record<string, NamedTensor>,
    previous: Beside,
    form: StepForm,
  ): Promise<Record<string, KeptTensor>> {
    const { session, network } = await this.load(form);
    if (!session.keep) throw new RangeError('a session that gives its results away was asked to keep them');
    return session.keep({ ...network.toGraph(inputs), ...this.#strengths() }, previous);
  }

  /** Those of a Control-LoRA's products, and of the LoRAs on the model's weights. */
  #strengths(): Record<string, NamedTensor> {
    const base = this.#base;
    if (!base) return {};
    const loras = this.#factors.map((name): [string, NamedTensor] => [name, base.factors[name]]);
    return { [PRODUCT_FACTOR]: { data: Float32Array.of(1), dims: [1] }, ...Object.fromEntries(loras) };
  }

  /** The steps' part, ready. @throws AppError naming the file at fault, 'out-of-memory' */
  async load({ activations, addsUp, hasRegion }: StepForm): Promise<{ session: RawSession; network: OpenNetwork }> {
    const { network } = this.#part('control');
    const key = JSON.stringify([activations, addsUp, hasRegion]);
    if (this.#steps?.key === key) return { session: this.#steps.session, network };
    await this.dispose();
    const turn = this.#turn;
    const session = await this.#session(
      'control',
      activations,
      { addsUp, hasRegion, isNative: true },
      { keepsOutputs: true },
    );
    if (turn !== this.#turn) {
      await session.dispose().catch(() => undefined); // of a lost device
      throw new AppError('internal', `${this.entry.name} was given back while it was loaded.`);
    }
    this.#steps = { key, session };
    return { session, network };
  }

  async dispose(): Promise<void> {
    const steps = this.#steps;
    this.#turn++;
    this.#steps = undefined;
    await steps?.session.dispose();
  }

  #part(role: Role): { component: ComponentId; network: OpenNetwork } {
    const part = this.#networks.get(role);
    if (part) return part;
    throw new RangeError(`${this.entry.name}: it has no ${role}`);
  }

  async #once(role: Role, inputs: NetworkInputs, activations: Activations, options?: BuildOptions) {
    const session = await this.#session(role, activations, options);
    try {
      return await session.run(this.#part(role).network.toGraph(inputs));
    } finally {
      await session.dispose();
    }
  }

  async #session(
    role: Role,
    activations: Activations,
    options: BuildOptions = {},
    session: SessionOptions = {},
  ): Promise<RawSession> {
    const { component, network } = this.#part(role);
    const weights = await (this.#base && role === 'control'
      ? openOnBase(this.#open, component, this.#base.weights)
      : openWeights(this.#open, component));
    const graph = network.build(this.#form(activations, weights), options);
    weights.assertHolds(graph);
    if (role === 'control') this.#factors = graph.inputs.map(({ name }) => name).filter(isFactorName);
    return this.#runtime.createSession(lazyGraph(graph, weights.read), session);
  }

  #form(activations: Activations, { storedForm, branches }: Pick<GraphForm, 'storedForm' | 'branches'>): GraphForm {
    const { target, device } = this.#runtime;
    return {
      target,
      activations,
      ...(device.packedMatrices !== false && { storedForm }),
      ...(branches && { branches }),
    };
  }
}
