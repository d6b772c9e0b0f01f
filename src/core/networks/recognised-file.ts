/** What is found in a file of one network or two that share their tensors. */
import type { ComponentId } from './components';
import type { Config } from './published/published';
import type { MadePlace, TensorPlace } from './tensor-place';

export interface RecognisedFile {
  /** What a pack keeps of it; they share tensors and config. */
  components: readonly ComponentId[];
  /** By our names. */
  names: ReadonlyMap<string, TensorPlace>;
  /** By our names too: these go before. */
  made?: ReadonlyMap<string, MadePlace>;
  /** Without what lies beside the file. */
  config: Config;
  /** Within a sentence: "a ControlNet". */
  name: string;
}
