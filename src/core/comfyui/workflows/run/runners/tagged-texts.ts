/** Texts that packs read in their own ways: with weights, LoRA tags and wildcards; and values on a bus. @see nodes/text-packs.ts for whose they are */
import { parseEmphasis } from '../../../../prompt';
import type { Place, Runners } from '../graph-walk';
import type { ConditioningValue, Value } from '../values';
import { textOf } from './conditioning';
import { addStack, type LoraParts } from './stacks';
import { literal } from './values';

const BUS = ['any1', 'any2', 'any3', 'any4'] as const;

export const TAGGED_TEXT_RUNNERS: Runners = {
  encode_text_weighed: (at) => {
    const text = at.text('text');
    noteWeights(at, text, at.text('weight_interpretation'), at.text('token_normalization'));
    return [textOf(at, text, at.take('clip', 'CLIP'))];
  },
  populated_text: (at) => literal(populated(at)),
  encode_tagged_text: (at) => {
    const text = populated(at);
    const { model, clip, conditioning } = taggedText(at, text, {
      model: at.take('model', 'MODEL'),
      clip: at.take('clip', 'CLIP'),
    });
    return [model, clip, conditioning, ...literal(text)];
  },
  combine_many_texts: (at) => {
    const names = Object.keys(at.node.inputs).filter((name) => /^conditioning\d+$/.test(name));
    const items = names.flatMap((name) => at.maybe(name, 'CONDITIONING')?.items ?? []);
    if (items.length === 0) throw at.stop('nothing is joined to it.');
    return [{ type: 'CONDITIONING', items }];
  },
  value_in_two: (at) => [...literal(at.number('value')), ...literal(Math.trunc(at.number('value'))), ...literal('')],
  bus_in: (at) => {
    const before = at.maybe('pipe', 'PIPE')?.parts ?? {};
    const own = BUS.map((name): [string, Value | undefined] => [name, at.value(name) ?? before[name]]);
    return [{ type: 'PIPE', parts: Object.fromEntries(own) }, ...literal('')];
  },
  bus_out: (at) => {
    const pipe = at.take('pipe', 'PIPE');
    return [pipe, ...BUS.map((name) => pipe.parts[name]), ...literal('')];
  },
};

/** All interpretations agree on a text without weights; one with them is counted as ComfyUI counts it, which is said. */
export function noteWeights(at: Place, text: string, interpretation: string, normalization: string): void {
  if (interpretation === 'comfy' && normalization === 'none') return;
  if (parseEmphasis(text, 'comfyui').every(({ weight }) => weight === 1)) return;
  at.walk.notices.add(
    `Weights in texts are counted as ComfyUI's own nodes count them here, not by "${interpretation}" and "${normalization}".`,
  );
}

/** What is drawn anew, as Impact's wildcards are. */
const DRAWN = /__[\w.\-+/*\\]+__|\{[^{}]*\|[^{}]*\}/;

/** @see Impact Pack wildcards.py: `populate` draws `wildcard_text` when the prompt is queued */
function populated(at: Place): string {
  const [wild, last] = [at.text('wildcard_text'), at.text('populated_text')];
  if (at.text('mode') !== 'populate' || wild === '') return last;
  if (!DRAWN.test(wild)) return wild;
  if (last === '') throw at.stop('its wildcards were never drawn, and are not drawn here.');
  at.walk.notices.add('Wildcards of Impact are not drawn anew here: the text that was drawn last is taken.');
  return last;
}

/** `<lora:name:strength:strength of the text encoders>`; what more there is, is Inspire's. */
const TAG = /<lora:([^<>]+)>/g;

/**
 * The text without its LoRA tags, read by a model that has them: of several with one name the first.
 *
 * @throws Stop for what else they say
 * @see Impact Pack wildcards.py, extract_lora_values
 */
export function taggedText(at: Place, text: string, before: LoraParts, node = at.id) {
  const names = new Set<string>();
  const loras = [...text.matchAll(TAG)].flatMap(([tag, said = '']) => {
    const [name = '', ...rest] = said
      .replace(/^:+/, '')
      .split(':')
      .map((part) => part.trim());
    if (names.has(name)) return [];
    names.add(name);
    if (rest.some((part) => /=/.test(part)))
      throw at.stop(`${tag} says more than two strengths, which does not run here.`);
    const [first = '', second = ''] = rest;
    const denoiser = first === '' ? 1 : Number(first);
    const own = second === '' ? denoiser : Number(second);
    if (!Number.isFinite(denoiser) || !Number.isFinite(own)) throw at.stop(`${tag} has a strength that is no number.`);
    return [{ name: /\.\w+$/.test(name) ? name : `${name}.safetensors`, denoiser, text: own }];
  });
  const bare = text.replace(TAG, '');
  if (/\bBREAK\b/.test(bare)) throw at.stop('BREAK in its text does not run here.');
  const { model, clip } = addStack(at, before, loras);
  const conditioning: ConditioningValue = textOf(at, bare, clip, node);
  return { model, clip, conditioning };
}
