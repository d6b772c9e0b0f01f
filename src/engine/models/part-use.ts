/** Parts of another file than the model's, as references and sessions name them: an autoencoder, text encoders. */
import type { OpenNetwork } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import type { WeightBank } from './weight-bank';

/** Plain data: nothing of it is read yet. */
export interface PartUse {
  /** Id of its pack. */
  id: string;
  /** Which files are behind the id. */
  revision: string;
}

export interface OtherPart extends PartUse {
  networks: ReadonlyMap<ComponentId, OpenNetwork>;
  bank: WeightBank;
}

export const isSameUse = (a: PartUse | undefined, b: PartUse | undefined): boolean =>
  a?.id === b?.id && a?.revision === b?.revision;
