/** Inputs of a U-Net whose maps become smaller: what is as large as they were is left out where it is not as large as they are. */
import { featureMaps, openNetwork, SHRINK, wholeMaps } from '..';
import type { NetworkInputs, NetworkTensor } from '../network';

interface Adapted {
  adapt?: (inputs: NetworkInputs, config: unknown) => NetworkInputs;
}

const NOTHING: NetworkTensor = { data: new Float32Array(1), dims: [1, 1, 1, 1] };

/** @param features  divisors of the latent's sides */
export const wholeMapsOnly = <Case extends Adapted>(unet: Case, features: readonly number[]): Case => ({
  ...unet,
  adapt(inputs: NetworkInputs, config: unknown) {
    const { encoder } = openNetwork('unet', { file: 'config.json', config }).sizes.denoiser ?? {};
    if (!encoder) throw new RangeError('it has no way down');
    const [, , height, width] = inputs['sample'].dims;
    const whole = wholeMaps(inputs[SHRINK].data, encoder, { height, width });
    const joins = featureMaps(encoder, features);
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, value]): [string, NetworkTensor] => {
        const [, kind, number] = /^(residual|feature)_(\d+)$/.exec(name) ?? [];
        const isWhole = kind === 'feature' ? whole[joins[Number(number)]].running : whole[Number(number ?? 0)].kept;
        return [name, isWhole ? value : NOTHING];
      }),
    );
    return unet.adapt?.(given, config) ?? given;
  },
});
