/** What a file of an adapter says of itself: its alias, title and trigger words. @see kohya-ss/sd-scripts train_util.py (ss_); sai_model_spec.py */

export interface TriggerWord {
  word: string;
  /** How many pictures had it; absent where the author names it. */
  count?: number;
}

export interface AdapterFacts {
  /** Another name for it in prompts. */
  alias?: string;
  title?: string;
  author?: string;
  description?: string;
  usageHint?: string;
  /** The model it was trained on: "sd_v1", "stable-diffusion-xl-v1-base/lora". */
  base: string[];
  triggerWords: TriggerWord[];
  isNegativeEmbedding: boolean;
}

type Metadata = Readonly<Record<string, string>>;

/** Trainers write "None" where nothing was set. */
function textAt(metadata: Metadata, key: string): string | undefined {
  const text = Object.hasOwn(metadata, key) ? metadata[key].trim() : '';
  return text === '' || text === 'None' || text === 'null' ? undefined : text;
}

export function readFacts(metadata: Metadata): AdapterFacts {
  const [alias, title] = [textAt(metadata, 'ss_output_name'), textAt(metadata, 'modelspec.title')];
  const [author, description] = [textAt(metadata, 'modelspec.author'), textAt(metadata, 'modelspec.description')];
  const usageHint = textAt(metadata, 'modelspec.usage_hint');
  return {
    ...(alias !== undefined && { alias }),
    ...(title !== undefined && { title }),
    ...(author !== undefined && { author }),
    ...(description !== undefined && { description }),
    ...(usageHint !== undefined && { usageHint }),
    base: basesOf(metadata),
    triggerWords: triggerWords(metadata),
    isNegativeEmbedding: textAt(metadata, 'modelspec.is_negative_embedding')?.toLowerCase() === 'true',
  };
}

function basesOf(metadata: Metadata): string[] {
  const told = ['ss_base_model_version', 'modelspec.architecture'].map((key) => textAt(metadata, key));
  const isSecond = textAt(metadata, 'ss_v2')?.toLowerCase() === 'true' ? 'sd_v2' : undefined;
  return [...told, isSecond].filter((base) => base !== undefined);
}

/** How many of a file's tags are offered. */
const MOST_WORDS = 24;

/** The author's, else the most frequent tags of the pictures it was trained on. */
function triggerWords(metadata: Metadata): TriggerWord[] {
  const phrase = textAt(metadata, 'modelspec.trigger_phrase');
  if (phrase !== undefined)
    return phrase
      .split(',')
      .map((word) => ({ word: word.trim() }))
      .filter(({ word }) => word !== '');
  const counts = tagCounts(textAt(metadata, 'ss_tag_frequency'));
  return [...(areSentences(counts) ? wordCounts(counts) : counts)]
    .map(([word, count]) => ({ word, count }))
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    .slice(0, MOST_WORDS);
}

/** {folder: {tag: count}}, summed over the folders. */
function tagCounts(json: string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const folder of values(parsed(json)))
    for (const [tag, count] of Object.entries(isObject(folder) ? folder : {}))
      if (typeof count === 'number' && count > 0 && tag.trim() !== '')
        counts.set(tag.trim(), (counts.get(tag.trim()) ?? 0) + count);
  return counts;
}

/** Tags have a few words; where they average this many letters they are captions. @see A1111 ui_edit_user_metadata.py */
const CAPTION_LETTERS = 16;

function areSentences(counts: ReadonlyMap<string, number>): boolean {
  const letters = [...counts.keys()].reduce((sum, tag) => sum + tag.length, 0);
  return counts.size > 0 && letters / counts.size >= CAPTION_LETTERS;
}

function wordCounts(counts: ReadonlyMap<string, number>): Map<string, number> {
  const words = new Map<string, number>();
  for (const [caption, count] of counts)
    for (const [word] of caption.toLowerCase().matchAll(/[\p{L}\p{N}_'-]{3,}/gu))
      words.set(word, (words.get(word) ?? 0) + count);
  return words;
}

function parsed(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const values = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);
