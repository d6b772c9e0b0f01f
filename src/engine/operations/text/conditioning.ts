/** What guides each model call: the parts of the positive prompt with their weights, and the negative prompt. */
import { usesNegative } from '../../../core/guidance';
import { entryAt, planPrompt, type NetworkTag, type PromptPlan, type ScheduleEntry } from '../../../core/prompt';
import type { CompleteRequest } from '../../../core/recipe/request';
import { encodeTexts, type Context, type EncodeOptions } from './encode';
import type { Encoder } from '../../models/encoder';
import { joinChannels, zeroed } from './join-contexts';
import { readNegative, readPositive, type PlainPrompts, type ReadPlan } from './plain-prompts';

/** D = D_negative + Σ weight · cfgScale · (D_part − D_negative). */
export interface Guidance {
  /** At least one; all of the same number of tokens. */
  positive: readonly { context: Context; weight: number }[];
  /** Undefined where it has no share: see usesNegative. */
  negative: Context | undefined;
}

export interface Conditioning {
  /** Of the model call with this index, from 0. The same object for the same texts. */
  at(call: number): Guidance;
  /** Of the longest context. */
  tokens: number;
  /** What of the prompts was left out: a sentence each. */
  notices: readonly string[];
}

export interface ConditioningOptions {
  /** Calls that prompt editing counts: steps, or 2 × steps for samplers that `countsDouble`. */
  calls: number;
  /** In the second pass of hires fix: the calls of the first. */
  firstPassCalls?: number;
  oldTimelines?: boolean;
  /** The CFG scale that is used, where it is not the request's. */
  cfgScale?: number;
  /** The negative is wanted where it has no share, too. */
  needsNegative?: boolean;
  /** An empty negative prompt is zeros, under A1111's dialect: see Family. */
  zeroesEmptyNegative?: boolean;
  /** Of models that know few sentences. */
  plainPrompts?: PlainPrompts;
  /** Awaited before each row that is encoded; what it throws ends the work. */
  pause?(): Promise<void>;
}

type PromptFields = Pick<CompleteRequest, 'prompt' | 'negativePrompt' | 'cfgScale' | 'dialect' | 'emphasis'>;

/**
 * Everything is encoded here, before the first call: with the first encoder, then with SDXL's second.
 *
 * @param encoders  one, or SDXL's two
 * @throws AppError 'not-a-number' when weights are too large; what `pause` or the runtime throws
 */
export async function createConditioning(
  request: PromptFields,
  encoders: readonly Encoder[],
  options: ConditioningOptions,
): Promise<Conditioning> {
  const {
    cfgScale = request.cfgScale,
    needsNegative = false,
    plainPrompts,
    calls,
    firstPassCalls,
    oldTimelines,
  } = options;
  const { prompt, negativePrompt, dialect, emphasis } = request;
  const planOptions = { dialect, calls, firstPassCalls, oldTimelines };
  const { plan, notices } = await readPlan(planPrompt(prompt, planOptions), plainPrompts);
  const weights = plan.parts.map(({ weight }) => weight);
  const hasNegative = needsNegative || usesNegative(weights, cfgScale);
  const against = planPrompt(negativePrompt, { ...planOptions, isNegative: true });
  const negativePlan = plainPrompts ? await readNegative(against, plainPrompts) : against;
  const parts = [...plan.parts, ...(hasNegative ? negativePlan.parts.slice(0, 1) : [])];
  const { encoded, unknown } = await encodeParts(parts, encoders, { dialect, emphasis, pause: options.pause });
  const positive = encoded.slice(0, plan.parts.length);
  const negative = encoded.at(plan.parts.length);
  if (negative && options.zeroesEmptyNegative && dialect !== 'comfyui') zeroWhereEmpty(negative);
  return {
    at: createGuidance(positive, negative),
    tokens: Math.max(...encoded.flatMap(({ contexts }) => [...contexts.values()].map(({ tokens }) => tokens))),
    notices: [...new Set([...notices, ...plan.networks.map(networkNotice)]), ...unknown.map(embeddingNotice)],
  };
}

function readPlan(plan: PromptPlan, plainPrompts: PlainPrompts | undefined): Promise<ReadPlan> {
  return plainPrompts ? readPositive(plan, plainPrompts) : Promise.resolve({ plan, notices: [] });
}

interface EncodedPart {
  weight: number;
  schedule: readonly ScheduleEntry[];
  contexts: Map<string, Context>;
}

/** One encoder after another, each all parts: where memory is short only one of them is loaded at a time. */
async function encodeParts(
  parts: PromptPlan['parts'],
  encoders: readonly Encoder[],
  options: EncodeOptions,
): Promise<{ encoded: EncodedPart[]; unknown: string[] }> {
  const found = parts.map(() => new Map<string, Context[]>());
  const unknown = new Set<string>();
  for (const encoder of encoders)
    for (const [i, { schedule }] of parts.entries()) {
      const texts = schedule.map(({ text }) => text);
      const read = await encodeTexts(texts, encoder, options);
      for (const [text, context] of read.contexts) found[i].set(text, [...(found[i].get(text) ?? []), context]);
      for (const name of read.unknown) unknown.add(name);
    }
  const encoded = parts.map(({ weight, schedule }, i) => ({
    weight,
    schedule,
    contexts: new Map([...found[i]].map(([text, contexts]) => [text, joinChannels(contexts)])),
  }));
  return { encoded, unknown: [...unknown] };
}

/**
 * A1111 gives SDXL zeros where every text of the negative prompt is empty, for the tokens and the pooled vector alike.
 * @see A1111 modules/sd_models_xl.py get_learned_conditioning, force_zero_negative_prompt
 */
function zeroWhereEmpty({ contexts }: EncodedPart): void {
  if ([...contexts.keys()].some((text) => text !== '')) return;
  for (const [text, context] of contexts) contexts.set(text, zeroed(context));
}

function createGuidance(positive: readonly EncodedPart[], negative: EncodedPart | undefined): Conditioning['at'] {
  const known = new Map<string, Guidance>();
  return (call) => {
    const chosen = positive.map((part) => contextAt(part, call));
    const against = negative && contextAt(negative, call);
    const key = JSON.stringify([...chosen, against].map((choice) => choice?.text));
    const guidance = known.get(key) ?? {
      positive: padded(chosen.map(({ context }) => context)).map((context, i) => ({
        context,
        weight: positive[i].weight,
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
