/** Prompts, encoded; and what of them guides each model call. */
import {
  entryAt,
  isSameName,
  planPrompt,
  type NetworkTag,
  type PromptPlan,
  type ReadingOptions,
  type TimelineEntry,
} from '../../../core/prompt';
import type { EmbeddingNames } from '../../models/embeddings';
import type { Encoder } from '../../models/encoder';
import { encodeTexts, type Context } from './encode';
import { findEmbeddings, NO_EMBEDDINGS, type FoundEmbeddings } from './find-embeddings';
import { joinChannels, zeroed } from './join-contexts';
import { readNegative, readPositive, type PlainPrompts, type ReadPlan } from './plain-prompts';

/** D = D_negative + Σ weight · cfgScale · (D_part − D_negative). */
export interface Guidance {
  /** Contexts with their weights, at least one; all of the same number of tokens. */
  positive: readonly { context: Context; weight: number }[];
  /** Undefined where it has no share. */
  negative: Context | undefined;
}

/** Guidance of the model call with this index, from 0. The same object for the same texts. */
export type GuidanceAt = (call: number) => Guidance;

/** A prompt to be encoded. */
export interface PromptText extends ReadingOptions {
  text: string;
  /** It is read without tags of networks and without AND, and empty it may be zeros. */
  isNegative?: boolean;
  /** What prompt editing counts: steps, or 2 × steps for samplers that `countsDouble`. */
  calls: number;
  /** Calls of the first pass, in the second pass of hires fix. */
  firstPassCalls?: number;
  oldTimelines?: boolean;
}

/** A prompt, encoded: everything that a picture needs of it. */
export interface EncodedPrompt {
  /** Parts of the prompt, at least one; just one in a negative prompt. */
  parts: readonly EncodedPart[];
  /** Tokens of the longest context. */
  tokens: number;
  /** What of it was left out: a sentence each. */
  notices: readonly string[];
}

interface EncodedPart {
  weight: number;
  schedule: readonly TimelineEntry[];
  /** Contexts by text. */
  contexts: Map<string, Context>;
}

export interface EncodingOptions {
  /** An empty negative prompt is zeros, under A1111's dialect: see Family. */
  zeroesEmptyNegative?: boolean;
  /** How prompts are read for models that know few sentences. */
  plainPrompts?: PlainPrompts | undefined;
  /** What prompts may name; none where absent. */
  embeddings?: EmbeddingNames;
  /** Awaited before each row that is encoded; what it throws ends the work. */
  pause?(): Promise<void>;
}

/**
 * All of them, with the first encoder, then with SDXL's second: where memory is short only one is loaded at a time.
 *
 * @param encoders  one, or SDXL's two
 * @returns in the order of `prompts`
 * @throws AppError 'not-a-number' when weights are too large; what `pause` or the runtime throws
 */
export async function encodePrompts(
  prompts: readonly PromptText[],
  encoders: readonly Encoder[],
  { zeroesEmptyNegative = false, plainPrompts, embeddings, pause }: EncodingOptions = {},
): Promise<EncodedPrompt[]> {
  const read: { prompt: PromptText; plan: PromptPlan; notices: string[]; vectors: FoundEmbeddings }[] = [];
  for (const prompt of prompts) {
    const { plan, notices } = await readPlan(
      prompt,
      plainPrompts && { ...plainPrompts, names: embeddings?.names ?? [] },
    );
    const vectors = embeddings ? await embeddingsIn(plan, prompt, { embeddings, encoders }) : NO_EMBEDDINGS;
    read.push({ prompt, plan, notices, vectors });
  }
  const encodings = read.map(({ plan }) => plan.parts.map(() => ({ found: new Map<string, Context[]>() })));
  const unknown = read.map(() => new Set<string>());
  for (const encoder of encoders)
    for (const [i, { prompt, plan, vectors }] of read.entries())
      for (const [j, { schedule }] of plan.parts.entries()) {
        const { found } = encodings[i][j];
        const texts = schedule.map(({ text }) => text);
        const options = { ...prompt, embeddings: vectors.found, ...(pause && { pause }) };
        const encoded = await encodeTexts(texts, encoder, options);
        for (const [text, context] of encoded.contexts) found.set(text, [...(found.get(text) ?? []), context]);
        for (const name of encoded.unknown) unknown[i].add(name);
      }
  return read.map(({ prompt, plan, notices, vectors }, i) => {
    const isTold = (name: string): boolean => vectors.refused.some((one) => isSameName(one, name));
    const missing = [...unknown[i]].filter((name) => !isTold(name));
    const parts = plan.parts.map(({ weight, schedule }, j): EncodedPart => ({
      weight,
      schedule,
      contexts: new Map([...encodings[i][j].found].map(([text, contexts]) => [text, joinChannels(contexts)])),
    }));
    if (prompt.isNegative && zeroesEmptyNegative && prompt.dialect !== 'comfyui') parts.forEach(zeroWhereEmpty);
    return {
      parts,
      tokens: Math.max(...parts.flatMap(({ contexts }) => [...contexts.values()].map(({ tokens }) => tokens))),
      notices: [
        ...new Set([
          ...notices,
          ...plan.networks.map(networkNotice),
          ...vectors.notices,
          ...missing.map(embeddingNotice),
        ]),
      ],
    };
  });
}

/** Embeddings that all of a prompt's texts name. */
function embeddingsIn(
  { parts }: PromptPlan,
  reading: ReadingOptions,
  { embeddings, encoders }: { embeddings: EmbeddingNames; encoders: readonly Encoder[] },
): Promise<FoundEmbeddings> {
  const texts = new Set(parts.flatMap(({ schedule }) => schedule.map(({ text }) => text)));
  return findEmbeddings([...texts], embeddings, { tokenizer: encoders[0].tokenizer, reading });
}

/** The plan of a prompt, in the model's own words where it has some. */
async function readPlan(
  { text, isNegative = false, ...options }: PromptText,
  plainPrompts: PlainPrompts | undefined,
): Promise<ReadPlan> {
  const plan = planPrompt(text, { ...options, isNegative });
  if (!plainPrompts) return { plan, notices: [] };
  if (!isNegative) return readPositive(plan, plainPrompts);
  const negative = await readNegative(plan, plainPrompts);
  return { plan: negative, notices: [] };
}

/**
 * A1111 gives SDXL zeros where every text of the negative prompt is empty, for the tokens and the pooled vector alike.
 * @see A1111 modules/sd_models_xl.py get_learned_conditioning, force_zero_negative_prompt
 */
function zeroWhereEmpty({ contexts }: EncodedPart): void {
  if ([...contexts.keys()].some((text) => text !== '')) return;
  for (const [text, context] of contexts) contexts.set(text, zeroed(context));
}

export function guidanceOf(positive: EncodedPrompt, negative: EncodedPrompt | undefined): GuidanceAt {
  const known = new Map<string, Guidance>();
  return (call) => {
    const chosen = positive.parts.map((part) => contextAt(part, call));
    const against = negative && contextAt(negative.parts[0], call);
    const key = JSON.stringify([...chosen, against].map((choice) => choice?.text));
    const guidance = known.get(key) ?? {
      positive: padded(chosen.map(({ context }) => context)).map((context, i) => ({
        context,
        weight: positive.parts[i].weight,
      })),
      negative: against?.context,
    };
    known.set(key, guidance);
    return guidance;
  };
}

function contextAt({ schedule, contexts }: EncodedPart, call: number): { text: string; context: Context } {
  const { text } = entryAt(schedule, call);
  const context = contexts.get(text);
  if (!context) throw new RangeError(`no context for "${text}"`); // each text of the schedule was encoded
  return { text, context };
}

/** All as long as the longest: the last vector is repeated. @see A1111 modules/prompt_parser.py reconstruct_multicond_batch */
function padded(contexts: readonly Context[]): Context[] {
  const tokens = Math.max(...contexts.map((context) => context.tokens));
  return contexts.map((context) => {
    if (context.tokens === tokens) return context;
    const { data, width } = context;
    const longer = new Float32Array(tokens * width);
    longer.set(data);
    for (let i = data.length; i < longer.length; i += width) longer.set(data.subarray(data.length - width), i);
    return { ...context, data: longer, tokens };
  });
}

function networkNotice({ kind, name, raw, problem }: NetworkTag): string {
  const reason = { lora: `LoRA "${name}"`, hypernet: `hypernetwork "${name}"`, unknown: 'network of that kind' }[kind];
  return `${raw} was left out: there is no ${reason} here.${problem ? ` ${problem}` : ''}`;
}

function embeddingNotice(name: string): string {
  return `embedding:${name} was left out: there is no embedding "${name}" here.`;
}
