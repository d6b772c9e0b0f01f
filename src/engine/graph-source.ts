/** A model whose graphs are built here, over the weights of a bank: a pack's. */
import type { Activations, BuiltGraph, GraphForm } from '../core/graph';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildTinyDecoder,
  buildTinyEncoder,
  buildUnet,
} from '../core/networks';
import type { ComponentId } from '../core/networks/component';
import type { FilledGraph, LazyGraph } from '../core/weights';
import type { GraphConfigs } from './graph-configs';
import { createGraphUnet } from './graph-unet';
import { createGraphTextEncoder, createGraphVaeEncoder, renamedSession } from './graph-session';
import type { ComponentShape, ModelSource, OpenedComponent } from './model-source';
import type { Runtime, Session } from './ports';
import type { ModelTraits } from './traits';

/** The weights of one component. */
export interface OpenedWeights {
  /** How a matrix is stored: see GraphForm. */
  storedForm?: GraphForm['storedForm'];
  /** @throws AppError 'bad-file' naming file and tensor */
  fill(graph: BuiltGraph): Promise<{ graph: FilledGraph | LazyGraph; bytes: number }>;
}

/** Where the weights of graphs come from. */
export interface WeightBank {
  readonly plan: string;
  has(component: ComponentId): boolean;
  loadedBytes(component: ComponentId): number;
  open(component: ComponentId): Promise<OpenedWeights>;
}

export interface GraphSourceParts {
  configs: GraphConfigs;
  traits: ModelTraits;
  bank: WeightBank;
  runtime: Pick<Runtime, 'target' | 'createSession'>;
  /** Float32 where nothing is said. */
  activations?: Activations;
}

export function createGraphSource(parts: GraphSourceParts): ModelSource {
  const { configs, traits, bank, runtime, activations: usual = 'float32' } = parts;
  return {
    traits,
    configs,
    plan: bank.plan,
    activations: usual,
    canWiden: true,
    has: (component) => bank.has(component),
    loadedBytes: (component) => (bank.has(component) ? bank.loadedBytes(component) : 0),
    async open(component, shape): Promise<OpenedComponent> {
      const { storedForm, fill } = await bank.open(component);
      const form: GraphForm = { target: runtime.target, activations: shape.activations ?? usual, storedForm };
      const { graph, bytes } = await fill(buildComponent(component, shape, configs, form));
      return { session: inDiffusersWords(component, await runtime.createSession(graph), configs), bytes };
    },
  };
}

function buildComponent(
  component: ComponentId,
  { clipSkip = 1 }: ComponentShape,
  { text, text2, unet, vae, taesd }: GraphConfigs,
  form: GraphForm,
): BuiltGraph {
  switch (component) {
    case 'text_encoder':
      return buildClipText(text, form, { clipSkip, finalNorm: text2 === undefined });
    case 'text_encoder_2':
      return buildClipText(present(text2, component), form, { clipSkip, finalNorm: false, pooled: true });
    case 'unet':
      return buildUnet(unet, form);
    case 'vae_decoder':
      return buildAutoencoderDecoder(vae, form);
    case 'vae_encoder':
      return buildAutoencoderEncoder(vae, form);
    case 'taesd_decoder':
      return buildTinyDecoder(present(taesd, component), form);
    case 'taesd_encoder':
      return buildTinyEncoder(present(taesd, component), form);
  }
}

function present<T>(value: T | undefined, component: ComponentId): T {
  if (value === undefined) throw new RangeError(`${component}: asked for without its config`);
  return value;
}

function inDiffusersWords(component: ComponentId, session: Session, { text2, unet }: GraphConfigs): Session {
  switch (component) {
    case 'unet':
      return createGraphUnet(session, unet);
    case 'text_encoder_2':
      return createGraphTextEncoder(session, present(text2, component));
    case 'taesd_decoder':
    case 'vae_decoder':
      return renamedSession(session, { latent_sample: 'latent' }, { sample: 'image' });
    case 'vae_encoder':
      return createGraphVaeEncoder(session);
    case 'taesd_encoder':
      return renamedSession(session, { sample: 'image' }, { latent_sample: 'latent' });
    case 'text_encoder':
      return session;
  }
}
