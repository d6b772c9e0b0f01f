/** A prompt as ComfyUI's text node gets it: its tags of LoRAs become nodes. */
import { extractNetworks } from '../../prompt/networks';
import type { LoraWeight } from '../../recipe/lora-weight';
import type { Note } from '../../recipe/recipe';
import type { CompleteRequest } from '../../recipe/request';

export interface Words {
  positive: string;
  negative: string;
  loras: LoraWeight[];
  notes: Note[];
}

/** What A1111's syntax has and ComfyUI's does not, each with what becomes of it. */
const CONSTRUCTS: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/(^|\s)BREAK(\s|$)/, 'BREAK is only a word in ComfyUI.'],
  [/(^|\s)AND(\s|$)/, 'AND is only a word in ComfyUI: two prompts are two text nodes there.'],
  [/\[[^\][]*:[^\][]*\]/, '[from:to:when] is only text in ComfyUI.'],
  [/\[[^\][]*\|[^\][]*\]/, '[a|b] is only text in ComfyUI.'],
  [/\[[^\][:|]*\]/, 'Square brackets do not make words weaker in ComfyUI.'],
];

export function wordsOf({ prompt, negativePrompt, dialect, emphasis }: CompleteRequest): Words {
  if (dialect === 'comfyui') return { positive: prompt, negative: negativePrompt, loras: [], notes: [] };
  const { text, networks } = extractNetworks(prompt);
  const loras = networks
    .filter(({ kind }) => kind === 'lora')
    .map(({ name, unetWeight, textWeight }) => ({ name, unet: unetWeight, text: textWeight }));
  const lost = networks.filter(({ kind, blocks, dyn }) => kind !== 'lora' || blocks !== undefined || dyn !== undefined);
  const both = `${text}\n${negativePrompt}`;
  const notes = [
    ...lost.map(({ raw }): Note => ({ key: 'LoRA', message: `${raw} is not carried over as it is.` })),
    ...CONSTRUCTS.filter(([pattern]) => pattern.test(both)).map(([, message]): Note => ({ key: 'Prompt', message })),
  ];
  const hasWeights = /[([]/.test(both) && emphasis !== 'ignore';
  if (hasWeights)
    notes.push({
      key: 'Prompt',
      message: 'ComfyUI weighs words in another way than A1111: (word:1.2) is stronger or weaker.',
    });
  return { positive: text.trim(), negative: negativePrompt, loras, notes };
}
