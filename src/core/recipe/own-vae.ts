/** The autoencoder and the text encoders that a request asks for in place of the model's own. */
import type { GenerationRequest } from './request';

/** Name of the VAE's file in the library; undefined where it is the model's own. */
export const ownVae = ({ vae = 'automatic' }: Pick<GenerationRequest, 'vae'>): string | undefined =>
  vae === 'automatic' ? undefined : vae;

/** Names of files, the first setting's first: the second's takes the place of what both hold. */
export const ownTexts = ({
  textEncoder = 'automatic',
  secondTextEncoder = 'automatic',
}: Pick<GenerationRequest, 'textEncoder' | 'secondTextEncoder'>): string[] => [
  ...new Set([textEncoder, secondTextEncoder].filter((name) => name !== 'automatic')),
];

/** What of a request names parts of its model. */
export type PartNames = Pick<GenerationRequest, 'vae' | (typeof TEXT_FIELDS)[number]>;

export const partNames = ({ vae, textEncoder, secondTextEncoder }: PartNames): PartNames => ({
  ...(vae !== undefined && { vae }),
  ...(textEncoder !== undefined && { textEncoder }),
  ...(secondTextEncoder !== undefined && { secondTextEncoder }),
});

/** Settings that name a file of text encoders. */
export const TEXT_FIELDS = ['textEncoder', 'secondTextEncoder'] as const;

/** A file's name without its folder and its ending, where that is one of weights. */
export const fileStem = (said: string): string =>
  said.replace(/^.*[\\/]/, '').replace(/\.(safetensors|sft|ckpt|pt|pth|bin)$/i, '');

/** What texts may call a file of the library: by its name here, and by the file's own. */
export const namesOfFile = ({ name, fileName }: { name: string; fileName: string }): string[] => [
  ...new Set([name, fileStem(fileName)]),
];

/** Facts of a VAE as A1111 tells them: the file's name with its ending, and the first ten digits of its hash. */
export const vaeFacts = (
  file: { fileName: string; sha256?: string } | undefined,
): { vae?: string; vaeHash?: string } =>
  file ? { vae: file.fileName, ...(file.sha256 && { vaeHash: file.sha256.slice(0, 10) }) } : {};
