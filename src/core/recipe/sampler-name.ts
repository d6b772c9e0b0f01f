/** A sampler with its schedule as infotexts name them: old ones in one word, "DPM++ 2M Karras". */
import { FOREIGN_NAMES } from './foreign-samplers';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../samplers';
import { findSchedule, SCHEDULES, type ScheduleEntry, type ScheduleId } from '../schedules';

const samplers = Object.entries(SAMPLERS) as [SamplerId, SamplerEntry][];
const schedules = Object.entries(SCHEDULES) as [ScheduleId, ScheduleEntry][];

/** Case, `-`, `_`, spaces and a `k_` in front say nothing; `++` is `pp`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('++', 'pp')
    .replace(/[\s_-]+/g, '')
    .replace(/^(sample|k(?=[dehl]))/, '');
}

const BY_NAME: ReadonlyMap<string, SamplerId> = new Map([
  ...FOREIGN_NAMES,
  ...samplers.flatMap(([id, { label, aliases }]) =>
    [id, label, ...aliases].map((word) => [plainName(word), id] as const),
  ),
]);

/** An id, a label of A1111 or Forge, or a name of another program, however it is spelt. */
export function findSampler(name: string): SamplerId | undefined {
  return BY_NAME.get(plainName(name));
}

export interface SamplerName {
  /** Undefined where nobody knows it. */
  sampler: SamplerId | undefined;
  /** The schedule at the end of the name. */
  schedule: ScheduleId | undefined;
  /** The sampler is the nearest, not the same. */
  isNearest?: boolean;
  /** What stands where a schedule should, and is none. */
  unknownSchedule?: string;
  /** The name is of a list of presets, which a text does not hold: the schedule is what the list says where nobody changed it. */
  preset?: string;
  /** It is written as ComfyUI's savers do: sampler, "_", scheduler. */
  isComfy?: boolean;
  /** A bar or a bracket parts them: what is said as "Schedule type" counts more. */
  isParted?: boolean;
}

/** Most letters of a name with its schedule: longer ones are none. */
const MOST_LETTERS = 120;

/** @see A1111 modules/sd_samplers.py, get_sampler_and_scheduler: the whole name is not tried first, only the label is cut off */
export function readSamplerName(name: string): SamplerName {
  if (name.length > MOST_LETTERS) return { sampler: undefined, schedule: undefined };
  const whole = findSampler(name);
  if (whole) return { sampler: whole, schedule: undefined, isComfy: isComfyName(name) };
  const joined = readJoinedName(name) ?? readNearest(name);
  if (joined) return joined;
  for (const [id, { label, aliases }] of schedules) {
    const words = [label, id, ...aliases].map((word) => ` ${word}`);
    const ending = words.find((word) => name.toLowerCase().endsWith(word.toLowerCase()));
    if (ending) return { sampler: findSampler(name.slice(0, -ending.length)), schedule: id };
  }
  return { sampler: undefined, schedule: undefined };
}

/** Whether a name is an id that only ComfyUI writes; where ids have no `_`, others write the same. */
function isComfyName(name: string): boolean {
  return (
    /^[a-z0-9]+(_[a-z0-9]+)+$/.test(name) &&
    !name.startsWith('k_') &&
    Object.hasOwn(SAMPLERS, name.replace(/_gpu$/, ''))
  );
}

/** A sampler, then a space or "_", then a schedule of any program: the longest schedule that leaves a sampler. */
function readJoinedName(name: string): SamplerName | undefined {
  const pair = /^(.*?)\s*\(([a-z0-9_]+) \/ ([a-z0-9_]+)\)$/.exec(name);
  // The plugin of Krita writes its own name and ComfyUI's two.
  if (pair) return readJoinedName(`${pair[2]}_${pair[3]}`) ?? readNearest(`${pair[2]}_${pair[3]}`);
  for (let at = 1; at < name.length; at++) {
    if (name[at] !== ' ' && name[at] !== '_') continue;
    const own = findSampler(name.slice(0, at));
    const isComfy = name[at] === '_';
    const schedule = own && findSchedule(name.slice(at + 1), isComfy ? 'comfyui' : 'a1111');
    if (own && schedule) return { sampler: own, schedule, isComfy };
  }
  return undefined;
}

/** CFG++ and variants of solvers: the plain sampler that the name begins with. What is left may be a schedule. */
function readNearest(name: string): SamplerName | undefined {
  const plain = name.replace(VARIANT, '');
  if (plain !== name) {
    const read = findSampler(plain) ? { sampler: findSampler(plain), schedule: undefined } : readJoinedName(plain);
    if (read) return { ...read, isNearest: true };
  }
  for (let at = name.length - 1; at > 0; at--) {
    const own = name[at] === '_' ? findSampler(name.slice(0, at)) : undefined;
    if (own) return { sampler: own, schedule: undefined, unknownSchedule: name.slice(at + 1), isComfy: true };
  }
  return undefined;
}

const VARIANT = /[\s_]*(cfg\s?\+\+|cfg_?pp|bh[12]|alt|substep|edm|heun cfg\+\+)(?=$|[\s_])/i;

export { findSchedule };
