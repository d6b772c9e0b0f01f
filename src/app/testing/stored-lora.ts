/** A LoRA as the library lists it, for tests and for work on the page. */
import type { StoredAdapter } from '../../engine/library-api';

export function storedLora(name: string, change: Partial<StoredAdapter> = {}): StoredAdapter {
  const sha256 = [...name]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0');
  return {
    ...{ id: `lora-${name}`, kind: 'lora', word: 'lora', name, fileName: `${name}.safetensors`, family: 'sd15' },
    ...{ rank: 16, aliases: [], triggerWords: [], notices: [], bytes: 18e6, addedAt: 0, hasPreview: false },
    hashes: { sha256, short: sha256.slice(0, 10), addnet: `ab${sha256.slice(2)}` },
    ...change,
  };
}
