/** Our own U-Net graph behind diffusers' words: timestep and sizes become sinusoids here, not on the GPU. */
import { sizeWaves, timestepWave, type UnetConfig } from '../core/networks';
import type { NamedTensor, Session } from './ports';

type Inputs = Record<string, NamedTensor>;

export function createGraphUnet(session: Session, config: UnetConfig): Session {
  return {
    run: ({ timestep, text_embeds: pooled, time_ids: sizes, ...rest }: Inputs) => {
      const wave = timestepWave(timestep.data[0] as number, config);
      const added = addedCondition(pooled, sizes, config);
      return session.run({
        ...rest,
        timestep_wave: { data: wave, dims: [1, wave.length] },
        ...(added ? { added_condition: added } : {}),
      });
    },
    dispose: () => session.dispose(),
  };
}

/** SDXL's: text_embeds [b, pooled], time_ids [b, 6] → [b, pooled + 6 waves]; undefined for others, which are given neither. */
function addedCondition(pooled: NamedTensor, sizes: NamedTensor, config: UnetConfig): NamedTensor | undefined {
  const condition = config.addedCondition;
  if (!condition) return undefined;
  const [batch, pooledWidth] = pooled.dims;
  const count = sizes.dims[1];
  const data = new Float32Array(batch * condition.width);
  for (let row = 0; row < batch; row++) {
    const own = Array.from(sizes.data.subarray(row * count, (row + 1) * count) as Float32Array);
    data.set(pooled.data.subarray(row * pooledWidth, (row + 1) * pooledWidth) as Float32Array, row * condition.width);
    data.set(sizeWaves(own, condition, config), row * condition.width + pooledWidth);
  }
  return { data, dims: [batch, condition.width] };
}
