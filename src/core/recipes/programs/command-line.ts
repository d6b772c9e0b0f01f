/** Commands of programs that paint from a shell: stable-diffusion.cpp, scripts of CompVis and diffusers, mflux. */
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
  vae_on_cpu,clip_on_cpu,diffusion_fa,fa,offload_to_cpu,precision,skip_grid,skip_save,path,q,quantize,metadata,low_ram`
    .split(',')
    .map((flag) => flag.trim()),
);
const FILES: ReadonlySet<string> = new Set(['Model', 'VAE']);
const STARTS = /(?:^|\s)(?:-p|--prompt)(?:[ =])\s*["'\w]/;
const MOST_LETTERS = 20_000;

/** Undefined where the text is no such command, or says nothing but a prompt. */
export function readCommandLine(text: string): { recipe: Recipe; notes: Note[] } | undefined {
  if (text.length > MOST_LETTERS || !STARTS.test(text)) return undefined;
  const prompts = { prompt: '', negativePrompt: '' };
  const pairs: Pair[] = [];
  const left: string[] = [];
  const flags = flagsOf(text);
  const hasPicture = flags.some(([flag]) => /^(i|init_img|init_image|init)$/.test(flag));
  for (const [flag, value] of flags) {
    if (PROMPTS.has(flag)) prompts.prompt = value;
    else if (NEGATIVES.has(flag)) prompts.negativePrompt = value;
    else if (flag === 'plms' || flag === 'dpm_solver') pairs.push({ key: 'Sampler', value: flag });
    else if (flag === 'strength' && !hasPicture) continue;
    else if (Object.hasOwn(KEYS, flag))
      pairs.push({ key: KEYS[flag], value: FILES.has(KEYS[flag]) ? fileStem(value) : value });
    else if (!HARMLESS.has(flag)) left.push(value === '' ? flag : `${flag} ${value}`);
  }
  if (prompts.prompt === '' || pairs.length < 2) return undefined;
  const { recipe, notes } = readPairs(prompts, pairs);
  const message = `Of this command these are not carried over: ${left.join(', ')}.`;
  return { recipe, notes: left.length === 0 ? notes : [...notes, { key: 'Command', message }] };
}

const TOKEN = /"((?:\\.|[^"\\])*)"|'([^']*)'|((?:\\[^\n]|[^\s"'\\])+)/g;

/** A flag and what follows it, up to the next. */
function flagsOf(text: string): [flag: string, value: string][] {
  const flags: [string, string][] = [];
  for (const [, double, single, bare] of text.replace(/\\\r?\n/g, ' ').matchAll(TOKEN)) {
    const [, name, value] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/.exec(bare ?? '') ?? [];
    const last = flags[flags.length - 1] as [string, string] | undefined;
    if (name !== undefined) flags.push([name.replaceAll('-', '_'), value ?? '']);
    else if (last?.[1] === '') last[1] = double?.replace(/\\(.)/g, '$1') ?? single ?? bare;
  }
  return flags;
}
