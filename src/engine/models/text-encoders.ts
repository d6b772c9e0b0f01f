/** A model's text encoders with the rows they have kept, and the embeddings that prompts may name. */
import type { EmbeddingOptions } from '../../core/adapters';
import type { ComponentId } from '../../core/networks/components';
import type { Dialect } from '../../core/prompt';
import type { Tokenizer } from '../../core/tokenizer';
import type { AdapterEntry } from '../api';
import type { NamedTensor } from '../ports';
import type { Components } from './components';
import { EmbeddingCache, type EmbeddingNames } from './embeddings';
import { createEncoder, type Encoder, type PlacedVector } from './encoder';
import type { ModelChanges } from './model-changes';
import { usedClipSkip, type ModelTraits, type TextTraits } from './traits';

export interface TextEncodersOptions {
  /** The model's name. */
  name: string;
  traits: Pick<ModelTraits, 'texts' | 'clipSkip'>;
  components: Components;
  changes: ModelChanges;
  /** Whether they can be given vectors at all. */
  takesVectors: boolean;
  /** Decodes pictures that embeddings lie in. */
  decodePicture?: EmbeddingOptions['decode'];
}

export class TextEncoders {
  readonly #options: TextEncodersOptions;
  readonly #embeddings: EmbeddingCache;
  /** Those of the last prompt: another clip skip or LoRA makes other rows. */
  #last: { key: string; encoders: readonly Encoder[] } | undefined;

  constructor(options: TextEncodersOptions) {
    this.#options = options;
    const { name, takesVectors, decodePicture: decode } = options;
    this.#embeddings = new EmbeddingCache({
      ...{ name, texts: options.traits.texts, takesVectors },
      ...(decode && { decode }),
    });
  }

  /** Tokenizer of the first, in which tokens are counted. */
  get tokenizer(): Tokenizer {
    return this.#options.traits.texts[0].tokenizer;
  }

  /**
   * All of them, loaded when the first row is asked of them that they have not kept.
   * @throws AppError 'bad-request' from a row, where it has fewer layers than `clipSkip` wants
   */
  all(clipSkip: number, dialect: Dialect): readonly Encoder[] {
    const { traits, changes } = this.#options;
    const used = usedClipSkip(traits.clipSkip, clipSkip, dialect);
    const key = JSON.stringify([used, ...changes.textKey]);
    if (this.#last?.key !== key)
      this.#last = { key, encoders: traits.texts.map((text) => this.#createEncoder(text, used)) };
    return this.#last.encoders;
  }

  /** What prompts may name from now on: these, and those that the LoRAs in use bring along. */
  embeddings(entries: readonly AdapterEntry[]): EmbeddingNames {
    const { changes } = this.#options;
    const { names, open } = this.#embeddings.of(entries, changes.adapters);
    return {
      names,
      open: async (name) => {
        const found = await open(name);
        if (typeof found !== 'string') changes.useVectors();
        return found;
      },
    };
  }

  #createEncoder({ component, tokenizer, width }: TextTraits, clipSkip: number): Encoder {
    const { components, changes } = this.#options;
    return createEncoder({
      tokenizer,
      width,
      encodeRow: async (ids, vectors = []) => {
        const shape = changes.shapeOf(component);
        const session = await components.get(component, { clipSkip, ...shape });
        const row = {
          input_ids: { data: Int32Array.from(ids), dims: [1, ids.length] },
          ...(shape.takesVectors && vectorInputs(vectors, { component, width, length: ids.length })),
        };
        const outputs = await session.run({ ...row, ...changes.factorsOf(component) });
        const pooled = outputs['text_embeds'] as Float32Array | undefined;
        return { hidden: outputs['last_hidden_state'], ...(pooled ? { pooled } : {}) };
      },
    });
  }
}

/** Inputs for the vectors in a row of ids: see buildClipText. */
function vectorInputs(
  places: readonly PlacedVector[],
  { component, width, length }: { component: ComponentId; width: number; length: number },
): Record<string, NamedTensor> {
  const vectors = new Float32Array(length * width);
  const isWord = new Float32Array(length).fill(1);
  for (const { position, embedding, index } of places) {
    const values = embedding.values.get(component);
    if (!values) throw new RangeError(`the embedding "${embedding.name}" has no vectors for ${component}`);
    vectors.set(values.subarray(index * width, (index + 1) * width), position * width);
    isWord[position] = 0;
  }
  return { vectors: { data: vectors, dims: [1, length, width] }, is_word: { data: isWord, dims: [1, length, 1] } };
}
