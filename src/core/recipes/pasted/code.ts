/** Calls of diffusers' pipelines, as scripts and model cards have them. */
import { FIRST_TAKEN, firstOf, type Pairs } from './pairs';

/** The first text of a call that has named arguments behind it. */
const FIRST_ARGUMENT =
  /(?<!\w)(\w{1,60})\(\s{0,80}[fr]?("""|'''|"|')((?:\\[^]|(?!\2)[^\\])*)\2\s{0,80},\s{0,80}\w+\s*=/g;
/** Their first argument is a name of a model or a file. */
const OF_FILES = /^(?:from_|load(?:_|$)|save|open|set_|fuse_|download|hf_hub_|cached_|to$|add_|logger|print)/;
/** Arguments of calls that paint. */
const OF_PAINTING = /\b(?:num_inference_steps|guidance_scale|negative_prompt|generator)\s*=/;
/** A list of prompts, of which each is painted. */
const LIST = /(?<!\w)prompts?\s*=\s*\[\s*[fr]?("""|'''|"|')((?:\\[^]|(?!\1)[^\\])*)\1\s*,/;
const ARGUMENT = /\b(\w+)\s*=\s*(?:\(?\s*[fr]?("""|'''|"|')((?:\\[^]|(?!\2)[^\\])*)\2|(-?\d[\d.]*)(?=\s*[,;)}\n]))/g;
const SCHEDULER = /\b(\w+Scheduler)(?:\.from_(?:config|pretrained))?\(([^()]*(?:\([^()]*\)[^()]*)*)\)/;
const MODEL = /\.from_(?:pretrained|single_file)\(\s*[fr]?(["'])([^"'\n]{1,200})\1/;
/** They have a model of their own. */
const OF_PARTS =
  /(?:VAE|Autoencoder\w*|ControlNetModel|T2IAdapter|Scheduler|TextModel|Tokenizer|Adapter|Encoder|Processor|Vision\w*|UNet\w*)$/i;
const MOST_LETTERS_OF_A_CALL = 400;

/** `pipe(prompt="a cat", num_inference_steps=30, generator=torch.manual_seed(7))`, with the model and scheduler around it. */
export function readCall(source: string): Pairs | undefined {
  const text = joinedTexts(source);
  // Objects of C# and tables of Lua have signs of equality, too.
  if (!/\w\(|\{\s*\w+\s*=/.test(text)) return undefined;
  // The prompt is a pipeline's first argument, and may have no name.
  const calls = [...text.matchAll(FIRST_ARGUMENT)]
    .filter(({ 1: name }) => !OF_FILES.test(name))
    .filter(({ index }, i, all) =>
      OF_PAINTING.test(text.slice(index, i + 1 < all.length ? all[i + 1].index : undefined)),
    );
  const isNamed = /(?<!\w)prompt\s*=\s*\(?\s*[fr]?["']/i.test(text);
  const listed = isNamed ? undefined : LIST.exec(text)?.[2];
  const first = listed ?? (calls.length > 0 ? calls[0][3] : undefined);
  if (!isNamed && (first === undefined || !/\bnum_inference_steps\s*=/.test(text))) return undefined;
  // What the second call says is of another picture.
  const end = isNamed || listed !== undefined || calls.length < 2 ? text.length : calls[1].index;
  const all: Pairs = [...text.slice(0, end).matchAll(ARGUMENT)].map(([, key, , words, number]) => [
    key,
    words ?? Number(number),
  ]);
  const pairs = firstOf(all);
  if (end < text.length || listed !== undefined) pairs.notes = [FIRST_TAKEN];
  if (!isNamed && first !== undefined) pairs.unshift(['prompt', first]);
  const isSaid = (key: string) => pairs.some(([known]) => known === key);
  const [, seed] = /manual_seed\(\s*(\d+)\s*\)/.exec(text.slice(0, end)) ?? [];
  if (seed !== undefined && !isSaid('seed')) pairs.push(['seed', seed]);
  const model = isSaid('model') ? undefined : modelOf(text);
  if (model !== undefined) pairs.push(['model', model]);
  if (!isSaid('scheduler') && !isSaid('sampler')) pairs.push(...schedulerOf(text));
  return pairs;
}

/** Python's texts on lines of their own are one: "a cat, " and "in a hat". */
const joinedTexts = (text: string): string => text.replace(/(?<!["'\\])(["'])[ \t]*\r?\n[ \t]*[fr]?\1(?!\1)/g, '');

/** What the pipeline was made of. */
function modelOf(text: string): string | undefined {
  for (const { index } of text.matchAll(/\b\w+\.from_(?:pretrained|single_file)\(/g)) {
    const [name = ''] = /^\w+/.exec(text.slice(index, index + 80)) ?? [];
    const [, , model] = MODEL.exec(text.slice(index, index + MOST_LETTERS_OF_A_CALL)) ?? [];
    if (model !== undefined && !OF_PARTS.test(name)) return model.replace(/^.*\/(?=[^/]+\.(?:safetensors|ckpt)$)/, '');
  }
  return undefined;
}

/** `DPMSolverMultistepScheduler.from_config(pipe.scheduler.config, use_karras_sigmas=True)`. */
function schedulerOf(text: string): Pairs {
  const [, name, inside = ''] = SCHEDULER.exec(text) ?? [];
  if (name === undefined) return [];
  const [, algorithm] = /\balgorithm_type\s*=\s*["']([\w+-]+)["']/.exec(inside) ?? [];
  const sigmas = [...inside.matchAll(/\b(use_\w+_sigmas)\s*=\s*True\b/g)].map(({ 1: key }): [string, unknown] => [
    key,
    true,
  ]);
  return [['scheduler', { _class_name: name, algorithm_type: algorithm, ...Object.fromEntries(sigmas) }]];
}
