/** An autoencoder of another file, as references and sessions name it. */
import type { OpenNetwork } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import type { WeightBank } from './weight-bank';

/** Plain data: nothing of it is read yet. */
export interface VaeUse {
  /** Of its pack. */
  id: string;
  /** Which files are behind the id. */
  revision: string;
}

export interface OtherVae extends VaeUse {
  networks: ReadonlyMap<ComponentId, OpenNetwork>;
  bank: WeightBank;
}
