/** What painting one picture takes of a device's memory: an estimate out of the graphs, before anything is loaded. */
import {
  countElements,
  ELEMENT_BYTES,
  elementCount,
  graphMemory,
  type BuiltGraph,
  type DimBindings,
  type GraphForm,
  type GraphMemory,
} from '../graph';
import { roleOf, type ComponentId, type Role } from './components';
import type { ControlForm } from './control-form';
import { openNetwork, type ConfigFile } from './open-network';

export interface PictureMemory {
  /** Bytes of the weights of all components, as they are loaded. */
  weightsBytes: number;
  /** Bytes of the weights of the largest component: what is loaded at a time where they are loaded in turn. */
  largestWeightsBytes: number;
  /** Values between operators, of the component that holds most. */
  activationBytes: number;
  /** What its largest attention takes for itself. */
  attentionBytes: number;
  /** The largest buffer of any component. */
  largestBytes: number;
  /** Bytes at the peak with all components loaded. */
  peakBytes: number;
  /** Bytes at the peak with components loaded in turn. */
  peakInTurnBytes: number;
}

export interface PictureSize {
  /** Size of the latent in cells. */
  latent: { height: number; width: number };
  /** Rows of a model call: 2 with guidance. */
  batch: number;
  /** Tokens of the text, in all chunks. */
  tokens: number;
  hasFlashAttention?: boolean;
  /** Tiled diffusion: the denoiser and ControlNets are given no more cells a side. */
  mostPaintedCells?: number;
  /** The decoder is given no more cells a side: the picture is developed in tiles where it must be. */
  mostDecodedCells?: number;
  /** Bytes of ControlNets' weights, which stay beside the denoiser, where no more is known of them. */
  besideBytes?: number;
}

/**
 * Builds the graphs once, for all sizes.
 * @param components  what paints: text encoders, U-Net, decoder
 * @param form  of the denoiser
 */
export function createPictureMemory(
  components: Partial<Record<ComponentId, ConfigFile>>,
  formOf: (component: ComponentId) => GraphForm,
  { controls = [], ...form }: { controls?: readonly ControlPart[] } & Pick<ControlForm, 'tellsAttention'> = {},
): (size: PictureSize) => PictureMemory {
  const parts = (Object.entries(components) as [ComponentId, ConfigFile][]).map(([id, config]) => {
    const options = roleOf(id) === 'denoiser' ? { control: form } : {};
    const graph = openNetwork(id, config).build(formOf(id), options);
    return { id, graph, weights: graphWeightBytes(graph) };
  });
  const units = controls.map(({ component: id, config }) => {
    const graph = openNetwork(id, config).build(formOf(id), { isNative: true });
    return { id, graph, weights: graphWeightBytes(graph) };
  });
  return ({ latent, batch, tokens, hasFlashAttention, besideBytes = 0, ...most }) => {
    const { mostDecodedCells = Infinity, mostPaintedCells = Infinity } = most;
    const needOf = ({ id, graph, weights }: Part): Need => {
      const cells = partOf(latent, roleOf(id) === 'decoder' ? mostDecodedCells : mostPaintedCells);
      const bindings = { batch: BESIDE.includes(roleOf(id)) ? batch : 1, rows: batch, tokens, parts: PARTS, ...cells };
      const given = roleOf(id) === 'denoiser' || roleOf(id) === 'control' ? outputBytes(graph, bindings) : 0;
      return { role: roleOf(id), weights, given, ...graphMemory(graph, { bindings, hasFlashAttention }) };
    };
    return summed(parts.map(needOf), units.map(needOf), besideBytes);
  };
}

/** A component of a ControlNet or an adapter. */
export interface ControlPart {
  component: ComponentId;
  config: ConfigFile;
}

/** What a vision tower says of a picture: of its patches, and of the whole. */
const PARTS = 257;

interface Part {
  id: ComponentId;
  graph: BuiltGraph;
  weights: number;
}

type Need = GraphMemory & {
  role: Role;
  weights: number;
  /** What it gives away and others read. */
  given: number;
};

/** They are called for each row of the picture's steps. */
const BESIDE: readonly Role[] = ['denoiser', 'control'];

const outputBytes = ({ outputs }: BuiltGraph, bindings: DimBindings): number =>
  outputs.reduce((sum, { dims, type }) => sum + ELEMENT_BYTES[type] * countElements(dims, bindings), 0);

const partOf = ({ height, width }: PictureSize['latent'], side: number): PictureSize['latent'] => ({
  height: Math.min(height, side),
  width: Math.min(width, side),
});

/** Bytes of weights as the graph reads them: packed matrices packed, all else in the type of the activations. */
export const graphWeightBytes = ({ weights, constants }: BuiltGraph): number =>
  [...weights, ...constants].reduce(
    (sum, { value }) => sum + ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]),
    0,
  );

/** @param units  of ControlNets and adapters @param besideBytes  see PictureSize */
function summed(own: readonly Need[], units: readonly Need[], besideBytes: number): PictureMemory {
  const controls = units.filter(({ role }) => role === 'control');
  const beside = controls.reduce((sum, { weights }) => sum + weights, besideBytes);
  // the residuals that a step is given; while they are summed there are two
  const residuals = Math.max(0, ...controls.map(({ given }) => given)) * Math.min(2, controls.length);
  const needs = [
    ...own.map((need) =>
      need.role === 'denoiser'
        ? { ...need, weights: need.weights + beside, pooledBytes: need.pooledBytes + residuals }
        : need,
    ),
    ...units.map((need) => (need.role === 'control' ? { ...need, weights: 0 } : need)),
  ];
  const weightsBytes = needs.reduce((all, { role, weights }) => all + (ALONE.includes(role) ? 0 : weights), 0);
  const most = needs.reduce((a, b) => (b.pooledBytes > a.pooledBytes ? b : a));
  return {
    weightsBytes,
    largestWeightsBytes: Math.max(...needs.map(({ weights }) => weights)),
    activationBytes: most.pooledBytes,
    attentionBytes: most.attentionBytes,
    largestBytes: Math.max(...needs.map(({ largestBytes }) => largestBytes)),
    // all components draw from one pool
    peakBytes: Math.max(
      ...needs.map(
        ({ role, weights, pooledBytes }) => weightsBytes + pooledBytes + (ALONE.includes(role) ? weights : 0),
      ),
    ),
    peakInTurnBytes: Math.max(...needs.map(({ weights, pooledBytes }) => weights + pooledBytes)),
  };
}

/** Loaded for one run, and gone before the steps. */
const ALONE: readonly Role[] = ['hint', 'adapter', 'image_prompt', 'vision', 'annotator'];
