/** Commands of programs that paint from a shell: stable-diffusion.cpp, scripts of CompVis and diffusers, mflux; A1111's sheets of such lines. */
import type { Note, Recipe } from '../../recipe/infotext';
import { readPairs } from '../../recipe/infotext/parse';
import type { Pair } from '../../recipe/infotext/scan-pairs';
import { fileStem } from './draft';

/** Flags without their dashes, `_` for `-`. @see leejet/stable-diffusion.cpp, examples/cli; CompVis scripts/txt2img.py; A1111 scripts/prompts_from_file.py */
const KEYS: Readonly<Record<string, string>> = {
  steps: 'Steps',
  ddim_steps: 'Steps',
  num_inference_steps: 'Steps',
  cfg_scale: 'CFG scale',
  scale: 'CFG scale',
  guidance_scale: 'CFG scale',
  guidance: 'CFG scale',
  s: 'Seed',
  seed: 'Seed',
  W: 'width',
  width: 'width',
  H: 'height',
  height: 'height',
  sampling_method: 'Sampler',
  sampler: 'Sampler',
  sampler_name: 'Sampler',
  subseed: 'Variation seed',
  subseed_strength: 'Variation seed strength',
  sd_model: 'Model',
  scheduler: 'Schedule type',
  schedule: 'Schedule type',
  m: 'Model',
  model: 'Model',
  ckpt: 'Model',
  diffusion_model: 'Model',
  vae: 'VAE',
  clip_skip: 'Clip skip',
  eta: 'Eta',
  rng: 'RNG',
  strength: 'Denoising strength',
};
const PROMPTS: ReadonlySet<string> = new Set(['p', 'prompt']);
const NEGATIVES: ReadonlySet<string> = new Set(['n', 'negative_prompt', 'negative']);
/** Where files go, how many, and on what. */
const HARMLESS: ReadonlySet<string> = new Set(
  `o,output,outdir,t,threads,v,verbose,b,batch_count,n_samples,n_iter,n_rows,config,color,type,M,mode,lora_model_dir,embd_dir,vae_tiling,
  vae_on_cpu,clip_on_cpu,diffusion_fa,fa,offload_to_cpu,precision,skip_grid,skip_save,path,q,quantize,metadata,low_ram,batch_size,
  outpath_samples,outpath_grids,prompt_for_display,do_not_save_samples,do_not_save_grid`
    .split(',')
    .map((flag) => flag.trim()),
);
const FILES: ReadonlySet<string> = new Set(['Model', 'VAE']);
const STARTS = /(?:^|\s)(?:-p|--prompt)(?:[ =])\s*["'\w]/;
/** A line of a sheet has no program before its flags. */
const OF_SHEET = /^\s*--(?=[a-z])/;
const MOST_LETTERS = 20_000;
const LEAST_SETTINGS = 2;

/** Undefined where the text is no such command, or the command of a program says nothing but a prompt. Of several the first is read. */
export function readCommandLine(text: string): { recipe: Recipe; notes: Note[] } | undefined {
  if (text.length > MOST_LETTERS || !STARTS.test(text)) return undefined;
  const { first, count, others } = firstOf(text.replace(/\\\r?\n/g, ' '));
  const isSheet = OF_SHEET.test(first);
  const prompts = { prompt: '', negativePrompt: '' };
  const pairs: Pair[] = [];
  const left: string[] = [];
  const flags = flagsOf(first, isSheet);
  const hasPicture = flags.some(([flag]) => /^(i|init_img|init_image|init)$/.test(flag));
  for (const [flag, value] of flags) {
    if (PROMPTS.has(flag)) prompts.prompt = value;
    else if (NEGATIVES.has(flag)) prompts.negativePrompt = value;
    else if (flag === 'plms' || flag === 'dpm_solver') pairs.push({ key: 'Sampler', value: flag });
    else if (flag === 'strength' && !hasPicture) continue;
    else if (flag === 'tiling') pairs.push(...(/^true$/i.test(value) ? [{ key: 'Tiling', value: 'True' }] : []));
    else if (Object.hasOwn(KEYS, flag))
      pairs.push({ key: KEYS[flag], value: FILES.has(KEYS[flag]) ? fileStem(value) : value });
    else if (!HARMLESS.has(flag)) left.push(value === '' ? flag : `${flag} ${value}`);
  }
  if (prompts.prompt === '' || (!isSheet && pairs.length < LEAST_SETTINGS)) return undefined;
  const { recipe, notes } = readPairs(prompts, pairs);
  const messages = [
    ...(left.length > 0 ? [`Of this command these are not carried over: ${left.join(', ')}.`] : []),
    ...(count > 1 ? [`There are ${count} commands with a prompt in this text: the first is taken.`] : []),
    ...(others > 0 ? [`Lines without flags are prompts of their own, and left out: ${others}.`] : []),
  ];
  return { recipe, notes: [...notes, ...messages.map((message) => ({ key: 'Command', message }))] };
}

/**
 * A second prompt on a line of its own begins another command: what stands before the last empty line above it, or above the line
 * itself, is of the first. Lines without any flag among those of a sheet are prompts of their own.
 */
function firstOf(text: string): { first: string; count: number; others: number } {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, i) => (STARTS.test(line) ? [i] : []));
  const isSheet = starts.length > 0 && starts.every((i) => OF_SHEET.test(lines[i])) && isOfLines(lines);
  if (isSheet) {
    const plain = lines.filter((line) => line.trim() !== '' && !OF_SHEET.test(line));
    return { first: lines[starts[0]], count: starts.length, others: plain.length };
  }
  if (starts.length < 2) return { first: text, count: starts.length, others: 0 };
  const gap = lines.findLastIndex((line, i) => i > starts[0] && i < starts[1] && line.trim() === '');
  return { first: lines.slice(0, gap < 0 ? starts[1] : gap).join('\n'), count: starts.length, others: 0 };
}

/** Flags on lines of their own are those of one command: in a sheet each line has its prompt. */
const isOfLines = (lines: readonly string[]): boolean =>
  lines.every((line) => !/(?:^|\s)--?[a-z]/i.test(line) || STARTS.test(line));

const TOKEN = /"((?:\\.|[^"\\])*)"|'([^']*)'|((?:\\[^\n]|[^\s"'\\])+)/g;

/** A flag and what follows it, up to the next. Of sheets the prompts are all words up to there, without quotes, too. */
function flagsOf(text: string, isSheet: boolean): [flag: string, value: string][] {
  const flags: [string, string][] = [];
  for (const [, double, single, bare] of text.matchAll(TOKEN)) {
    const [, name, value] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/.exec(bare ?? '') ?? [];
    const last = flags[flags.length - 1] as [string, string] | undefined;
    if (name !== undefined) flags.push([name.replaceAll('-', '_'), value ?? '']);
    else if (last?.[1] === '') last[1] = double?.replace(/\\(.)/g, '$1') ?? single ?? bare;
    else if (last && isSheet && (PROMPTS.has(last[0]) || NEGATIVES.has(last[0])))
      last[1] += ` ${double?.replace(/\\(.)/g, '$1') ?? single ?? bare}`;
  }
  return flags;
}
