/** A model without graphs: components that answer by a rule, and counts of what is alive. */
import type { ComponentId } from '../../core/networks/components';
import { readNoiseScheduleConfig } from '../../core/schedules';
import type { ComponentShape, ModelSource } from '../models/model-source';
import type { Session } from '../ports';
import type { ModelTraits } from '../models/traits';

export interface FakeSource {
  source: ModelSource;
  /** "unet", "vae_decoder float32": what was opened, in order. */
  opened: string[];
  alive: Set<ComponentId>;
  /** The most that were alive at once. */
  most: number;
}

export interface FakeSourceOptions {
  traits?: Partial<ModelTraits>;
  components?: readonly ComponentId[];
  activations?: ModelSource['activations'];
  bytes?: (component: ComponentId) => number;
  run?(
    component: ComponentId,
    shape: ComponentShape,
    inputs: Parameters<Session['run']>[0],
  ): Record<string, Float32Array>;
}

const PAINTERS: readonly ComponentId[] = ['text_encoder', 'unet', 'vae_decoder'];

export function createFakeSource(options: FakeSourceOptions = {}): FakeSource {
  const { components = PAINTERS, activations = 'float32', bytes = () => 1, run = () => ({}) } = options;
  const traits: ModelTraits = {
    parts: { denoiser: 'unet', decoder: 'vae_decoder', encoder: 'vae_encoder', preview: 'taesd_decoder' },
    zeroesEmptyNegative: false,
    optimisedFor: 512,
    texts: [],
    clipSkip: 'any',
    inChannels: 4,
    latentChannels: 4,
    latentFactor: 2,
    sizeStep: 2,
    scalingFactor: 0.5,
    shiftFactor: 0,
    noise: readNoiseScheduleConfig({}),
    latentRgb: undefined,
    ...options.traits,
  };
  const fake: FakeSource = {
    opened: [],
    alive: new Set(),
    most: 0,
    source: {
      traits,
      plan: 'float16',
      activations,
      canWiden: true,
      has: (component) => components.includes(component),
      loadedBytes: (component) => (components.includes(component) ? bytes(component) : 0),
      open: (component, shape) => {
        const { activations: wide, clipSkip } = shape;
        fake.opened.push([component, clipSkip, wide].filter((word) => word !== undefined).join(' '));
        fake.alive.add(component);
        fake.most = Math.max(fake.most, fake.alive.size);
        const session: Session = {
          run: (inputs) => Promise.resolve(run(component, shape, inputs)),
          dispose: () => Promise.resolve(void fake.alive.delete(component)),
        };
        return Promise.resolve({ session, bytes: bytes(component) });
      },
    },
  };
  return fake;
}
