/** `adapter`: what Gesso makes of a LoRA's or an embedding's file, or the sentence that says why it does not open it. */
import { adapterSummary, hashesOf, isEmbeddingFile, readEmbeddings, type Embedding } from '../../src/core/adapters';
import { openTensorFile, type ByteSource } from '../../src/core/formats';
import { Sha256 } from '../../src/core/math';
import { FAMILY, MODEL, ofFile, orError, withAdapter } from './adapter-file';
import type { Question } from './question';

const PICTURE = /\.(png|webp)$/i;

export const ADAPTER: Question = {
  summary:
    'a LoRA or embedding file: {"kind":"lora","family":"sd15","modules":264,...}, or {"error":"..."} with what a user would read',
  examples: ['adapter src/core/adapters/fixtures/sd15-rank-2.safetensors --family sd15'],
  options: {
    family: FAMILY,
    model: MODEL,
    reasons: { help: 'says of each unused tensor why' },
  },
  ask: (args) =>
    withAdapter(args, (asked) =>
      orError(async () => {
        const { source } = asked;
        if (PICTURE.test(source.name)) return describe(await readEmbeddings(source), { sha256: await sha256(source) });
        const file = await openTensorFile(source);
        if (isEmbeddingFile(file.tensors)) return describe(await readEmbeddings(source), await hashesOf(file));
        const adapter = await ofFile(file, asked);
        return {
          ...adapterSummary(adapter),
          ...(args.has('reasons') && { unused: adapter.unused }),
          hashes: await hashesOf(file),
        };
      }),
    ),
};

function describe(embeddings: readonly Embedding[], hashes: object): object {
  const described = embeddings.map(({ name, family, vectors, ignored }) => ({
    name,
    family,
    vectors: Object.fromEntries(vectors.map(({ component, count, width }) => [component, [count, width]])),
    ignored,
  }));
  return { kind: 'embedding', ...(described.length === 1 ? described[0] : { embeddings: described }), hashes };
}

async function sha256(source: ByteSource): Promise<string> {
  return new Sha256().update(await source.read(0, source.size)).hex();
}
