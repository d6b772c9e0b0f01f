/** Pictures whose edges are joined, by the denoiser and by the autoencoder apart. */
import type { TilingId } from '../../../../recipe/tiling-field';
import { tilingOfNode } from '../../../tiling-words';
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue } from '../values';
import { decoded } from './latents';

export const SEAMLESS_RUNNERS: Runners = {
  join_edges: (at) => {
    const value = at.take('model', 'MODEL');
    const denoiser = tilingAt(at);
    if (denoiser === 'none') return [value];
    return [{ ...value, model: at.wire('set_tiling', 'model', { denoiser }, { model: value.model }) }];
  },
  join_autoencoder: (at) => [joined(at)],
  decode_joined: (at) => {
    const own = joined(at);
    const items = at.each(at.take('samples', 'LATENT').items, (item, part) => decoded(part, item, own));
    return [{ type: 'IMAGE', items }];
  },
};

const joined = (at: Place): AutoencoderValue => ({ ...at.take('vae', 'VAE'), tiling: tilingAt(at) });

function tilingAt(at: Place): TilingId {
  const said = at.text('tiling');
  const tiling = tilingOfNode(said);
  if (tiling === undefined) throw at.stop(`the tiling ${said} does not run here.`);
  return tiling;
}
