/** What painting one picture takes of a device's memory: an estimate out of the graphs, before anything is loaded. */
import { ELEMENT_BYTES, elementCount, graphMemory, type BuiltGraph, type GraphForm, type GraphMemory } from '../graph';
import { roleOf, type ComponentId } from './components';
import { buildComponentGraph, type ConfigFile } from './open-network';

export interface PictureMemory {
  /** Of all components as they are loaded. */
  weightsBytes: number;
  /** Of the largest: what is loaded at a time where they are loaded in turn. */
  largestWeightsBytes: number;
  /** Values between operators, of the component that holds most. */
  activationBytes: number;
  /** What its largest attention takes for itself. */
  attentionBytes: number;
  /** The largest buffer of any component. */
  largestBytes: number;
  /** With all components loaded. */
  peakBytes: number;
  /** Loaded in turn. */
  peakInTurnBytes: number;
}

export interface PictureSize {
  /** Cells of the latent. */
  latent: { height: number; width: number };
  /** Rows of a model call: 2 with guidance. */
  batch: number;
  /** Of the text, in all chunks. */
  tokens: number;
  hasFlashAttention?: boolean;
  /** The decoder is given no more cells a side: the picture is developed in tiles where it must be. */
  mostDecodedCells?: number;
}

/**
 * Builds the graphs once, for all sizes.
 * @param components  what paints: text encoders, U-Net, decoder
 */
export function createPictureMemory(
  components: Partial<Record<ComponentId, ConfigFile>>,
  formOf: (component: ComponentId) => GraphForm,
): (size: PictureSize) => PictureMemory {
  const parts = (Object.entries(components) as [ComponentId, ConfigFile][]).map(([id, config]) => {
    const graph = buildComponentGraph(id, config, formOf(id));
    return { id, graph, weights: graphWeightBytes(graph) };
  });
  return ({ latent, batch, tokens, hasFlashAttention, mostDecodedCells = Infinity }) =>
    summed(
      parts.map(({ id, graph, weights }) => {
        const cells = roleOf(id) === 'decoder' ? partOf(latent, mostDecodedCells) : latent;
        const bindings = { batch: roleOf(id) === 'denoiser' ? batch : 1, tokens, ...cells };
        return { weights, ...graphMemory(graph, { bindings, hasFlashAttention }) };
      }),
    );
}

const partOf = ({ height, width }: PictureSize['latent'], side: number): PictureSize['latent'] => ({
  height: Math.min(height, side),
  width: Math.min(width, side),
});

/** As the graph reads them: packed matrices packed, all else in the type of the activations. */
export const graphWeightBytes = ({ weights, constants }: BuiltGraph): number =>
  [...weights, ...constants].reduce(
    (sum, { value }) => sum + ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]),
    0,
  );

function summed(needs: readonly (GraphMemory & { weights: number })[]): PictureMemory {
  const weightsBytes = needs.reduce((all, { weights }) => all + weights, 0);
  const most = needs.reduce((a, b) => (b.pooledBytes > a.pooledBytes ? b : a));
  return {
    weightsBytes,
    largestWeightsBytes: Math.max(...needs.map(({ weights }) => weights)),
    activationBytes: most.pooledBytes,
    attentionBytes: most.attentionBytes,
    largestBytes: Math.max(...needs.map(({ largestBytes }) => largestBytes)),
    // all components draw from one pool
    peakBytes: weightsBytes + most.pooledBytes,
    peakInTurnBytes: Math.max(...needs.map(({ weights, pooledBytes }) => weights + pooledBytes)),
  };
}
