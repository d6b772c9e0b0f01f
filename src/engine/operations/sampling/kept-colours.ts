/** Units that keep a picture's colours while it is painted, in their order, whatever the steps in which they act. */
import { colourKeeper, type KeepColours } from '../../../core/control/keep-colours';
import { AppError } from '../../../core/errors';
import type { LatentSize } from '../../../core/networks';
import type { ControlUse } from '../implementation';

/** @returns undefined where no unit does @throws AppError 'bad-request' for a picture of another size */
export function keptColours(uses: readonly ControlUse[], size: LatentSize): KeepColours | undefined {
  const keepers = uses.flatMap(({ colours, colourRadius: radius, sharpness, weight }) => {
    if (!colours?.data || radius === 0) return [];
    if (colours.width !== size.width || colours.height !== size.height)
      throw new AppError('bad-request', 'The picture whose colours are to be kept is not as large as what is painted.');
    return [colourKeeper({ latent: colours.data, radius, weight, sharpness }, size)];
  });
  if (keepers.length === 0) return undefined;
  return (x0, isPositive) => keepers.reduce((kept, keep) => keep(kept, isPositive), x0);
}
