/** What is found in a file of one network or two that share their tensors. */
import type { ComponentId } from './components';
import type { Config } from './published/published';
import type { MadePlace, TensorPlace } from './tensor-place';

export interface RecognisedFile {
  /** What a pack keeps of it; they share tensors and config. */
  components: readonly ComponentId[];
  /** Where tensors are in the file, by our names. */
  names: ReadonlyMap<string, TensorPlace>;
  /** Tensors that are made of those, by our names; where both have one, these count. */
  made?: ReadonlyMap<string, MadePlace>;
  /** Config as far as the file tells it, without what lies beside. */
  config: Config;
  /** Name within a sentence: "a ControlNet". */
  name: string;
}
