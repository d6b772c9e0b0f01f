/** LoRAs and embeddings of the command line's files, as the engine is given them. */
import {
  hashesOf,
  holdsEmbedding,
  isEmbeddingFile,
  readEmbeddings,
  readFacts,
  stemOf,
  type AdapterHashes,
} from '../../src/core/adapters';
import { bytesSource, openTensorFile } from '../../src/core/formats';
import { stripComments } from '../../src/core/prompt/comments';
import { extractNetworks } from '../../src/core/prompt/networks';
import { findAdapter } from '../../src/core/workflow/adapter-nodes';
import type { GivenAdapter } from '../workflow-page/workflow-page';

/** LoRAs and embeddings of files, under the names that prompts call them by. @throws AppError for what cannot be read */
export async function readAdapters(files: readonly { name: string; bytes: Buffer }[]): Promise<ReadAdapter[]> {
  return Promise.all(
    files.map(async ({ name, bytes }): Promise<ReadAdapter> => {
      const source = bytesSource(name, new Uint8Array(bytes));
      const isPicture = await holdsEmbedding(new Uint8Array(bytes));
      const [first] = isPicture ? await readEmbeddings(source) : [];
      const file = first ? undefined : await openTensorFile(source);
      const kind = !file || isEmbeddingFile(file.tensors) ? 'embedding' : 'lora';
      const alias = file && readFacts(file.metadata).alias;
      const hashes = await hashesOf(file ?? { source, format: undefined, metadata: {} });
      const names = [first?.name ?? stemOf(name), ...(alias === undefined ? [] : [alias])];
      return {
        kind,
        id: `${kind}-${hashes.sha256}`,
        names,
        revision: hashes.sha256,
        hashes,
        data: bytes.toString('base64'),
      };
    }),
  );
}

export type ReadAdapter = GivenAdapter & { hashes: AdapterHashes };

/** Hashes of the LoRAs that tags name: see `Recipe.loraHashes`. */
export function hashesIn(prompt: string, loras: readonly ReadAdapter[]): Record<string, string> | undefined {
  const found = extractNetworks(stripComments(prompt)).networks.flatMap(({ name }): [string, string][] => {
    const hashes = findAdapter(name, loras)?.hashes;
    return hashes ? [[name.replace(/[:,]/g, ''), hashes.addnetShort ?? hashes.sha256.slice(0, 12)]] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
