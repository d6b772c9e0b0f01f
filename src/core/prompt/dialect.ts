/** The two ways to read a prompt, and what emphasis does to the encoded text. */

/** Ids travel in requests and metadata. */
export const DIALECTS = {
  a1111: { label: 'AUTOMATIC1111' },
  comfyui: { label: 'ComfyUI' },
} as const satisfies Record<string, { label: string }>;

export type Dialect = keyof typeof DIALECTS;

/**
 * A1111's option "Emphasis mode"; the label is the infotext's word. ComfyUI has one rule of its own.
 * @see A1111 modules/sd_emphasis.py
 */
export const EMPHASIS_MODES = {
  original: { label: 'Original', description: 'Weights multiply, then the mean is restored.' },
  no_norm: { label: 'No norm', description: 'Weights multiply.' },
  ignore: { label: 'Ignore', description: 'Brackets are read, their weights are not applied.' },
  none: { label: 'None', description: 'Brackets are plain text.' },
} as const satisfies Record<string, { label: string; description: string }>;

export type EmphasisMode = keyof typeof EMPHASIS_MODES;

export function isEmphasisMode(value: unknown): value is EmphasisMode {
  return typeof value === 'string' && Object.hasOwn(EMPHASIS_MODES, value);
}
