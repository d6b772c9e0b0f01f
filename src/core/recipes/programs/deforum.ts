/** Deforum: settings of a film; the first of its pictures is read. @see deforum/sd-webui-deforum scripts/deforum_helpers/args.py, settings.py */
import { asBag, type Bag } from '../json-pairs';
import type { Program } from './program';

/** "0: (7), 30: (5)" begins with 7. */
const atStart = (schedule: unknown): string | undefined =>
  /^\s*0\s*:\s*\(\s*(-?\d+(?:\.\d+)?)\s*\)/.exec(String(schedule))?.[1];

/** Prompts by the frames at which they begin. */
function firstPrompt(prompts: unknown): string {
  const [first] = Object.entries(asBag(prompts) ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  return typeof first?.[1] === 'string' ? first[1] : '';
}

export const DEFORUM: Program = {
  name: 'Deforum',
  isIts: (json) => 'animation_mode' in json && 'max_frames' in json && asBag(json['prompts']) !== undefined,
  flatten(json) {
    const [own, avoided = ''] = firstPrompt(json['prompts']).split('--neg');
    const whole = (...parts: unknown[]): string =>
      parts
        .map((part) => (typeof part === 'string' ? part.trim() : ''))
        .filter((part) => part !== '')
        .join(' ');
    const flat: Bag = {
      prompt: whole(json['animation_prompts_positive'], own),
      negative_prompt: whole(avoided, json['animation_prompts_negative']),
      steps: json['steps'],
      sampler: json['sampler'],
      seed: json['seed'],
      width: json['W'],
      height: json['H'],
      cfg_scale: atStart(json['cfg_scale_schedule']) ?? json['scale'],
      model: json['sd_model_name'],
      tiling: json['tiling'],
      ...(json['enable_clipskip_scheduling'] === true && { clip_skip: atStart(json['clipskip_schedule']) }),
      ...(json['use_init'] === true && { init_image: json['init_image'] }),
      film: true,
    };
    return flat;
  },
  keys: {
    film: (_, draft) =>
      draft.note(
        'Film',
        'These are settings of a film (Deforum): its first picture is read; motion, later prompts and other schedules are not carried over.',
      ),
  },
};
