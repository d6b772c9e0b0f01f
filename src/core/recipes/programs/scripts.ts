/** A1111's API keeps its parts and extensions as `alwayson_scripts: {"Seed": {"args": [...]}}`, arguments without names. */
import { asBag } from '../json-pairs';
import { isNothing, type Draft } from './draft';
import type { Reader } from './program';

/** A1111's own parts: where each argument goes. @see A1111 modules/processing_scripts, Forge modules/processing_scripts/sampler.py */
const OWN: Readonly<Record<string, (args: readonly unknown[], draft: Draft) => void>> = {
  seed([seed, hasExtra, variation, strength], draft) {
    if (seed !== -1) draft.put('Seed', seed);
    if (hasExtra !== true) return;
    draft.put('Variation seed', variation === -1 ? undefined : variation);
    draft.put('Variation seed strength', strength === 0 ? undefined : strength);
  },
  sampler([steps, sampler, schedule], draft) {
    draft.put('Steps', steps);
    draft.put('Sampler', sampler);
    draft.put('Schedule type', schedule);
  },
  refiner([isOn, checkpoint, at], draft) {
    if (isOn !== true || isNothing(checkpoint)) return;
    draft.put('Refiner', checkpoint);
    draft.put('Refiner switch at', at);
  },
  comments: () => undefined,
  'extra options': () => undefined,
};

/** Those that are on and not read are named. */
export const readScripts: Reader = (value, draft) => {
  const left: string[] = [];
  for (const [name, script] of Object.entries(asBag(value) ?? {})) {
    const args = asBag(script)?.['args'] ?? script;
    const list = Array.isArray(args) ? (args as unknown[]) : Object.values(asBag(args) ?? {});
    const own = name.toLowerCase();
    if (Object.hasOwn(OWN, own)) OWN[own](list, draft);
    else if (isOn(list)) left.push(name);
  }
  if (left.length > 0) draft.note('Scripts', `Not carried over of alwayson_scripts: ${left.join(', ')}.`);
};

/** The first argument is the switch, where it is one; units of ControlNet have one each. */
function isOn(args: readonly unknown[]): boolean {
  if (typeof args[0] === 'boolean') return args[0];
  const units = args.map(asBag).filter((unit) => unit !== undefined);
  if (units.length > 0) return units.some((unit) => unit['enabled'] !== false && unit['enable'] !== false);
  return args.some((one) => !isNothing(one));
}

/** A1111's scripts that start from a picture, by title, and what does the same here. @see A1111 scripts: loopback, outpainting_mk_2, poor_mans_outpainting, sd_upscale */
const HERE: Readonly<Record<string, string>> = {
  loopback: 'Each of its rounds is a picture here: Start from this picture, with the next seed.',
  'outpainting mk2': 'Extend gives a picture more room here.',
  outpainting: 'Extend gives a picture more room here.',
  "poor man's outpainting": 'Extend gives a picture more room here.',
  'sd upscale': 'Upscale tile by tile, under Advanced, does the same here.',
  'ultimate sd upscale': 'Upscale tile by tile, under Advanced, does the same here.',
};

export const readScriptName: Reader = (value, draft) => {
  if (isNothing(value)) return;
  const name = String(value);
  const title = name.trim().toLowerCase();
  const way = Object.hasOwn(HERE, title) ? ` ${HERE[title]}` : '';
  draft.note('Script', `The script "${name}" (script_name) is not carried over.${way}`);
};
