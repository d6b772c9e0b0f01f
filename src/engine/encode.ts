/** Prompt → context: tokens in chunks, each through the text encoder, joined along the token axis. */
import { chunkTokens, type Tokenizer } from '../core/tokenizer';
import type { Session } from './ports';

/** What cross-attention reads: [1, tokens, width]. */
export interface Context {
  data: Float32Array;
  tokens: number;
  width: number;
}

/** Chunks of 77 are encoded one by one, as A1111 does, so that a prompt of any length works. */
export async function encodePrompt(
  text: string,
  { tokenizer, textEncoder, width }: { tokenizer: Tokenizer; textEncoder: Session; width: number },
): Promise<Context> {
  const chunks = chunkTokens(tokenizer.encode(text), tokenizer);
  const length = tokenizer.contextLength;
  const data = new Float32Array(chunks.length * length * width);
  for (const [i, chunk] of chunks.entries()) {
    const ids = { data: Int32Array.from(chunk), dims: [1, length] };
    const outputs = await textEncoder.run({ input_ids: ids });
    data.set(outputs['last_hidden_state'], i * length * width);
  }
  return { data, tokens: chunks.length * length, width };
}
