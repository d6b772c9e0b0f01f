/** NovelAI's comment, as A1111 takes it. @see A1111 modules/images.py, read_info_from_image; novelai-python */
import { asBag } from '../json-pairs';
import { isNothing, isTrue, type Draft } from './draft';
import { readElsewhere, type Program, type Reader } from './program';

/** Prompts of its fourth model: one for all, which stands elsewhere too, and those that have a place in the picture each. */
const readCharacters =
  (key: string): Reader =>
  (value, draft) => {
    const caption = asBag(asBag(value)?.['caption']);
    const base = caption?.['base_caption'];
    if (typeof base === 'string' && key === 'v4_prompt') draft.prompt ??= base;
    else if (typeof base === 'string') draft.negativePrompt ||= base;
    const captions = caption?.['char_captions'];
    const texts = (Array.isArray(captions) ? captions : [])
      .map((one) => asBag(one)?.['char_caption'])
      .filter((text) => typeof text === 'string' && text !== '');
    if (texts.length > 0)
      draft.note(
        key,
        `Prompts of single characters are not carried over: ${texts.map((text) => `"${String(text)}"`).join(', ')}.`,
      );
  };

const noteSwitch =
  (key: string, words: string): Reader =>
  (value, draft) => {
    if (!isNothing(value) && value !== 0 && value !== 1) draft.note(key, `NovelAI's ${words} is not carried over.`);
    else if (isTrue(value)) draft.note(key, `NovelAI's ${words} is not carried over.`);
  };

/** Two lists say it, once each. */
const readVibe: Reader = (value, draft) => {
  if (!isNothing(value) && !draft.notes.some(({ key }) => key === 'vibe'))
    draft.note('vibe', "NovelAI's vibe transfer is not carried over.");
};

const SCHEDULES: Readonly<Record<string, string>> = {
  native: 'Uniform',
  karras: 'Karras',
  exponential: 'Exponential',
  polyexponential: 'Polyexponential',
};

export const NOVEL_AI: Program = {
  name: 'NovelAI',
  isIts: (json) =>
    asBag(json['v4_prompt'])?.['caption'] !== undefined ||
    ((typeof json['uc'] === 'string' || 'v4_prompt' in json || 'noise_schedule' in json) &&
      ('sampler' in json || 'scale' in json)),
  keys: {
    scale: (value, draft) => draft.put('CFG scale', value),
    'cfg rescale': (value, draft) => draft.put('CFG Rescale', value === 0 ? undefined : value),
    'noise schedule': (value, draft) => draft.put('Schedule type', SCHEDULES[String(value)] ?? value),
    sampler: readNovelSampler,
    'v4 prompt': readCharacters('v4_prompt'),
    'v4 negative prompt': readCharacters('v4_negative_prompt'),
    sm: noteSwitch('sm', 'SMEA'),
    'sm dyn': noteSwitch('sm_dyn', 'dynamic SMEA'),
    'dynamic thresholding': noteSwitch('dynamic_thresholding', 'decrisper'),
    'skip cfg above sigma': noteSwitch('skip_cfg_above_sigma', 'variety boost'),
    'reference image multiple': readVibe,
    'reference strength multiple': readVibe,
    'request type': (value, draft, keys) => {
      if (/img2img|inpaint|infill/i.test(String(value))) draft.put('Denoising strength', keys.get('strength') ?? 0.7);
    },
    strength: readElsewhere,
    prompt: (value, draft) => {
      draft.prompt ??= String(value);
      const [sign] = /[{}]|-?\d*\.?\d+::/.exec(draft.prompt) ?? [];
      if (sign !== undefined)
        draft.note('prompt', `NovelAI's emphasis ("${sign}") is not carried over: here it is words of the prompt.`);
    },
    // Its pages write 0 where nothing was asked for.
    'uncond scale': (value, draft) => {
      if (value !== 1 && value !== 0)
        draft.note('uncond_scale', `"uncond_scale: ${String(value)}" is not carried over.`);
    },
  },
  ignored: [
    'noise',
    'extra noise seed',
    'legacy',
    'legacy v3 extend',
    'legacy uc',
    'params version',
    'signed hash',
    'quality toggle',
    'qualitytoggle',
    'uc preset',
    'lora unet weights',
    'lora clip weights',
    'deliberate euler ancestral bug',
    'prefer brownian',
    'cfg sched eligibility',
    'explike fine detail',
    'minimize sigma inf',
    'uncond per vibe',
    'wonky vibe correlation',
    'hide debug overlay',
    'normalize reference strength multiple',
    'reference information extracted multiple',
    'reference information extracted',
    'reference strength',
    'dynamic thresholding percentile',
    'dynamic thresholding mimic scale',
    'controlnet strength',
    'controlnet model',
    'add original image',
    'stream',
    'autosmea',
    'use coords',
    'characterprompts',
    'character prompts',
    'image',
    'mode',
    'prompt guidance',
    'color correct',
    'inpaint img2img strength',
    'director reference strengths',
  ],
};

function readNovelSampler(value: unknown, draft: Draft): void {
  const name = String(value);
  draft.put('Sampler', name === 'nai_smea' || name === 'nai_smea_dyn' ? 'k_euler_ancestral' : name);
  if (name.startsWith('nai_smea')) draft.note('Sampler', `"${name}" is not known here: Euler a takes its place.`);
  if (/_v\d$/.test(name))
    draft.note('Sampler', `"${name}" is NovelAI's own: the sampler that is nearest takes its place.`);
}
