/** The embeddings that a model can read: opened once, laid against its own text encoders. */
import { readBundled, readEmbeddings, type Embedding, type EmbeddingOptions } from '../../core/adapters';
import { toAppError } from '../../core/errors';
import { shortNameOf } from '../../core/families/recognise';
import type { ComponentId } from '../../core/networks/components';
import type { Embedding as NamedVectors } from '../../core/prompt';
import type { AdapterEntry } from '../api';
import { sourceOf, type OpenUse } from './adapters';
import type { TextTraits } from './traits';

/** An embedding under one of its names. */
export interface ModelEmbedding extends NamedVectors {
  /** Tells its vectors from those of another file. */
  key: string;
  /** [vectors, width], of each text encoder. */
  values: ReadonlyMap<ComponentId, Float32Array>;
}

/** Embeddings that prompts may name. */
export interface EmbeddingNames {
  readonly names: readonly string[];
  /** @returns a sentence where it cannot be used: its name is read as words then */
  open(name: string): Promise<ModelEmbedding | string>;
}

/** How a model reads vectors. */
export interface VectorReader {
  /** The model's name. */
  name: string;
  texts: readonly TextTraits[];
  /** Whether its text encoders can be given vectors at all. */
  takesVectors: boolean;
  /** Decodes pictures that embeddings lie in. */
  decode?: EmbeddingOptions['decode'];
}

interface Place {
  key: string;
  /** The file's only one goes by the names of its entry, whatever it calls itself. */
  isNamedByEntry: boolean;
  read(): Promise<Embedding[]>;
}

export class EmbeddingCache {
  readonly #reader: VectorReader;
  readonly #open = new Map<string, Promise<Embedding[]>>();

  constructor(reader: VectorReader) {
    this.#reader = reader;
  }

  /** A file of that name comes before what a LoRA brings along. */
  of(entries: readonly AdapterEntry[], uses: readonly OpenUse[]): EmbeddingNames {
    const places = new Map<string, Place>();
    const add = (name: string, place: Place): void => void (places.has(name) || places.set(name, place));
    for (const entry of entries) for (const name of entry.names) add(name, this.#ofFile(entry));
    for (const use of uses) for (const name of use.adapter.embeddings) add(name, this.#ofLora(use));
    return {
      names: [...places.keys()],
      open: async (name) => {
        const place = places.get(name);
        return place ? this.#find(name, place) : `There is no embedding "${name}" here.`;
      },
    };
  }

  #ofFile(entry: AdapterEntry): Place {
    const key = JSON.stringify([entry.id, entry.revision]);
    const { texts: encoders, decode } = this.#reader;
    const options = { encoders, ...(decode && { decode }) };
    return { key, isNamedByEntry: true, read: () => readEmbeddings(sourceOf(entry), options) };
  }

  #ofLora({ id, revision, adapter }: OpenUse): Place {
    const key = JSON.stringify(['lora', id, revision]);
    return { key, isNamedByEntry: false, read: () => readBundled(adapter.file, this.#reader.texts) };
  }

  async #find(name: string, place: Place): Promise<ModelEmbedding | string> {
    const leftOut = (why: string): string => `The embedding "${name}" was left out, and its name read as words: ${why}`;
    if (!this.#reader.takesVectors)
      return leftOut(
        `${this.#reader.name} is of ready-made graphs, which take no embeddings. Get the model as a checkpoint.`,
      );
    try {
      const all = await this.#read(place);
      const found = place.isNamedByEntry && all.length === 1 ? all[0] : all.find((one) => one.name === name);
      if (!found) return leftOut('its file holds no embedding of that name.');
      return this.#fitted(name, found, place) ?? leftOut(this.#misfit(found));
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code === 'internal') throw thrown;
      return leftOut(`${message}.`);
    }
  }

  #read({ key, read }: Place): Promise<Embedding[]> {
    const reading = this.#open.get(key) ?? read();
    this.#open.set(key, reading);
    reading.catch(() => this.#open.delete(key));
    return reading;
  }

  /** Undefined where its vectors are not of just the model's text encoders. */
  #fitted(name: string, { name: own, vectors }: Embedding, { key }: Place): ModelEmbedding | undefined {
    const { texts } = this.#reader;
    const fits = texts.every((text) => vectors.some((one) => isOf(text, one)));
    if (!fits || vectors.length !== texts.length) return undefined;
    const values = new Map(vectors.map((one) => [one.component, one.values]));
    return { name, vectors: vectors[0].count, key: `${key} ${own}`, values };
  }

  #misfit({ vectors, family }: Embedding): string {
    const { name, texts } = this.#reader;
    const widths = (all: readonly { width: number }[]): string => all.map(({ width }) => width).join(' and ');
    const made = family ? `it was made for ${shortNameOf(family)}, with` : 'it has';
    return `${made} vectors of ${widths(vectors)} numbers, and ${name} reads vectors of ${widths(texts)}.`;
  }
}

const isOf = (a: Pick<TextTraits, 'component' | 'width'>, b: Pick<TextTraits, 'component' | 'width'>): boolean =>
  a.component === b.component && a.width === b.width;
