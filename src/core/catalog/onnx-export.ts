/**
 * Ready-made ONNX graphs of a model, described by data: files, names, types, layouts and fixed sizes of what goes in and
 * out. Keys are the words of diffusers' own exports; a port says what this export calls it.
 */
import type { ComponentId } from '../networks/components';
import { familyOf, type ModelFamily } from '../families';

export const ONNX_TYPES = ['float32', 'float16', 'int32', 'int64'] as const;
export type OnnxType = (typeof ONNX_TYPES)[number];

/** A component that an export can have, with what its graph must take and give, in the words of diffusers' exports. */
export interface ExportPart {
  component: ComponentId;
  inputs: readonly string[];
  outputs: readonly string[];
  isText?: boolean;
  isOptional?: boolean;
}

/** All of a family's but those of previews. */
export function exportParts(family: ModelFamily): ExportPart[] {
  const { texts, denoiser, decoder, encoder, tells } = familyOf(family);
  const told = tells ? ['text_embeds', 'time_ids'] : [];
  return [
    ...texts.map(({ component, isPooled }) => ({
      component,
      inputs: ['input_ids'],
      outputs: ['last_hidden_state', ...(isPooled ? ['text_embeds'] : [])],
      isText: true,
    })),
    {
      component: denoiser,
      inputs: ['sample', 'timestep', 'encoder_hidden_states', ...told],
      outputs: ['out_sample'],
    },
    { component: decoder, inputs: ['latent_sample'], outputs: ['sample'] },
    { component: encoder, inputs: ['sample'], outputs: ['latent_sample'], isOptional: true },
  ];
}

export interface OnnxInput {
  name: string;
  type: OnnxType;
  /** Images alone; [batch, channels, height, width] where nothing is said. */
  layout?: 'nchw' | 'nhwc';
  /** The timestep alone: one for each row of the batch, and not one for all. */
  isPerRow?: boolean;
}

export interface OnnxOutput {
  name: string;
  layout?: 'nchw' | 'nhwc';
}

export interface OnnxComponent {
  /** Path of the graph within the repository. */
  graph: string;
  /** Paths of the external files that it names, relative to the graph's folder as it names them. */
  data?: readonly string[];
  inputs: Readonly<Record<string, OnnxInput>>;
  outputs: Readonly<Record<string, OnnxOutput>>;
  /** Rows of a run, where that is fixed. */
  batch?: number;
  /** Text encoders: width of a token's vector. */
  width?: number;
}

export interface OnnxExport {
  family: ModelFamily;
  /** Positions of a text, where the U-Net takes no more. */
  tokens?: number;
  /** Pixels, where the graphs are made for one size. */
  size?: { width: number; height: number };
  components: Readonly<Partial<Record<ComponentId, OnnxComponent>>>;
  /** Pixels of a latent's cell, along a side, for tiny models in tests; a catalogue's have those of the family. */
  latentFactor?: number;
  scalingFactor?: number;
  /** The hub's scheduler_config.json, where it is not that of the family. */
  scheduler?: Readonly<Record<string, unknown>>;
}
