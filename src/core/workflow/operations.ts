/** What operations there are, a line each: what goes in by wire, what is set, what comes out. How is the engine's. */
import type { FieldId } from '../recipe/request';
import { fieldsOf } from './fields-of';

/** What travels on wires. `model` is a reference: nothing is loaded to pass it on. */
export type WireType = 'model' | 'conditioning' | 'latent' | 'image';

/** A setting that is no setting of recipes. */
export type OwnSetting =
  { kind: 'text'; default: string } | { kind: 'flag'; default: boolean } | { kind: 'count'; default: number };

export interface Operation {
  /** `?`: may be left out. */
  inputs: Readonly<Record<string, WireType | `${WireType}?`>>;
  /** Settings of recipes that it reads. */
  settings: readonly FieldId[];
  own?: Readonly<Record<string, OwnSetting>>;
  outputs: Readonly<Record<string, WireType>>;
}

const READING = fieldsOf('prompt');

export const OPERATIONS = {
  /** By its id in the catalogue or the library. */
  load_model: {
    inputs: {},
    settings: [],
    own: { model: { kind: 'text', default: '' } },
    outputs: { model: 'model' },
  },
  /** `calls`: what prompt editing counts in. A negative prompt knows neither AND nor tags of networks. */
  encode_text: {
    inputs: { model: 'model' },
    settings: READING,
    own: {
      text: { kind: 'text', default: '' },
      isNegative: { kind: 'flag', default: false },
      calls: { kind: 'count', default: 1 },
    },
    outputs: { conditioning: 'conditioning' },
  },
  empty_latent: { inputs: { model: 'model' }, settings: ['width', 'height'], outputs: { latent: 'latent' } },
  /** Without a negative, guidance is by the positive alone. */
  sample: {
    inputs: { model: 'model', positive: 'conditioning', negative: 'conditioning?', latent: 'latent' },
    settings: fieldsOf('sampling', 'seed', 'fold', 'noise', 'sampler', 'schedule', 'guidance'),
    outputs: { latent: 'latent' },
  },
  decode_latent: { inputs: { model: 'model', latent: 'latent' }, settings: [], outputs: { image: 'image' } },
  /** By a network that was trained for it; `upscaler`: its id. */
  upscale_image: {
    inputs: { image: 'image' },
    settings: [],
    own: { upscaler: { kind: 'text', default: '' } },
    outputs: { image: 'image' },
  },
  /** What the workflow is for. */
  keep: { inputs: { image: 'image' }, settings: [], outputs: {} },
} as const satisfies Record<string, Operation>;

type Table = typeof OPERATIONS;

export type OperationId = keyof Table;

/** The line of an operation, for what is the same with all of them. */
export const operationOf = (id: OperationId): Operation => OPERATIONS[id];
