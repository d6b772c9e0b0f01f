/** Calls of diffusers' pipelines, as scripts and model cards have them. */
import { FIRST_TAKEN, type Pairs } from './pairs';

/** The first text of a call that has named arguments behind it. */
const FIRST_ARGUMENT = /\w\(\s{0,80}[fr]?("""|'''|"|')((?:\\[^]|(?!\1)[^\\])*)\1\s{0,80},\s{0,80}\w+\s*=/g;
const ARGUMENT = /\b(\w+)\s*=\s*(?:[fr]?("""|'''|"|')((?:\\[^]|(?!\2)[^\\])*)\2|(-?\d[\d.]*)(?=\s*[,)\n]))/g;
const SCHEDULER = /\b(\w+Scheduler)(?:\.from_(?:config|pretrained))?\(([^()]*(?:\([^()]*\)[^()]*)*)\)/;
const MODEL = /\.from_(?:pretrained|single_file)\(\s*[fr]?(["'])([^"'\n]{1,200})\1/;
/** They have a model of their own. */
const OF_PARTS =
  /(?:VAE|Autoencoder\w*|ControlNetModel|T2IAdapter|Scheduler|TextModel|Tokenizer|Adapter|Encoder|Processor|Vision\w*|UNet\w*)$/i;
const MOST_LETTERS_OF_A_CALL = 400;

/** `pipe(prompt="a cat", num_inference_steps=30, generator=torch.manual_seed(7))`, with the model and scheduler around it. */
export function readCall(text: string): Pairs | undefined {
  if (!/\w\(/.test(text)) return undefined;
  // The prompt is a pipeline's first argument, and may have no name.
  const first = [...text.matchAll(FIRST_ARGUMENT)].map(({ 2: words }) => words)[0] as string | undefined;
  const isNamed = /(?<!\w)prompt\s*=\s*[fr]?["']/.test(text);
  if (!isNamed && (first === undefined || !/\bnum_inference_steps\s*=/.test(text))) return undefined;
  const all: Pairs = [...text.matchAll(ARGUMENT)].map(([, key, , words, number]) => [key, words ?? Number(number)]);
  const next = all.findIndex(([key], i) => key === 'prompt' && all.slice(0, i).some(([known]) => known === 'prompt'));
  const pairs: Pairs = next < 0 ? all : all.slice(0, next);
  if (next >= 0) pairs.notes = [FIRST_TAKEN];
  if (!isNamed && first !== undefined) pairs.unshift(['prompt', first]);
  const isSaid = (key: string) => pairs.some(([known]) => known === key);
  const [, seed] = /manual_seed\(\s*(\d+)\s*\)/.exec(text) ?? [];
  if (seed !== undefined && !isSaid('seed')) pairs.push(['seed', seed]);
  const model = isSaid('model') ? undefined : modelOf(text);
  if (model !== undefined) pairs.push(['model', model]);
  if (!isSaid('scheduler') && !isSaid('sampler')) pairs.push(...schedulerOf(text));
  return pairs;
}

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
