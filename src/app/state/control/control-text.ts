/** ControlNets and T2I-Adapters in words, and for which models they are. */
import type { ModelEntry } from '../../../core/catalog';
import { familyOf } from '../../../core/families';
import { shortNameOf } from '../../../core/families/recognise';
import {
  preprocessorsFor,
  PREPROCESSOR_IDS,
  readsPicture,
  type PreprocessorId,
} from '../../../core/hints/preprocessors';
import type { ControlType } from '../../../core/hints/preprocessor';
import type { StoredModel } from '../../../engine/library-api';
import { formatBytes } from '../page/format';

type Model = Pick<ModelEntry, 'name' | 'family'>;

const KINDS = { network: 'ControlNet', adapter: 'T2I-Adapter', picture: 'IP-Adapter' } as const;
/** Those that are for no family. */
const HELPERS = { tower: 'CLIP vision encoder, for IP-Adapters', annotator: 'Draws hints' } as const;

/** Whether it can be chosen for a unit. */
export const steers = ({ control }: Pick<StoredModel, 'control'>): boolean =>
  control !== undefined && Object.hasOwn(KINDS, control);

const kindText = (control: keyof typeof KINDS, { isControlLora }: Pick<StoredModel, 'isControlLora'>): string =>
  isControlLora ? 'Control-LoRA' : KINDS[control];

/** "ControlNet for SD 1.5 · 370 MB". */
export function controlText({ control = 'network', family, bytes, ...rest }: StoredModel): string {
  const what =
    control === 'tower' || control === 'annotator'
      ? HELPERS[control]
      : `${kindText(control, rest)} for ${shortNameOf(family)}`;
  return `${what} · ${formatBytes(bytes)}`;
}

const ARTICLES = { network: 'a', adapter: 'a', picture: 'an' } as const;
/** Used by themselves, where they are wanted. */
const USES = {
  tower: 'a CLIP vision encoder, with which IP-Adapters look at pictures',
  annotator: 'with it preprocessors draw hints',
} as const;

/** What came of adding its file. */
export function addedControlText({
  name,
  control = 'network',
  ...rest
}: Pick<StoredModel, 'name' | 'control' | 'isControlLora'>): string {
  if (control === 'tower' || control === 'annotator')
    return `${name} is on this computer: ${USES[control]}. Nothing is to be chosen.`;
  const what = `${ARTICLES[control]} ${kindText(control, rest)}`;
  return `${name} is on this computer: ${what}, to be chosen in the form, under “Control”.`;
}

/** Where those of the library are chosen. */
export const whereControls = (all: readonly Pick<StoredModel, 'control'>[]): string =>
  all.every(steers)
    ? 'To be chosen in the form, under “Control”.'
    : 'ControlNets and adapters are to be chosen in the form, under “Control”; what draws hints and looks at pictures is used by them.';

/** A T2I-Adapter does not tell its family by what it reads, which is no text: for the small model that comes with the app the engine tells. */
export const fitsModel = ({ control, family }: StoredModel, model: Model): boolean =>
  control === 'tower' ||
  control === 'annotator' ||
  model.family === undefined ||
  family === model.family ||
  (control === 'adapter' && familyOf(model.family).builtIn !== undefined);

export const misfitText = (one: StoredModel, model: Model): string | undefined =>
  fitsModel(one, model)
    ? undefined
    : `${one.name} is for ${shortNameOf(one.family)}, not for ${model.name}: choose another, or another model.`;

/** Those that fit first, each by their names. */
export const sortControls = (all: readonly StoredModel[], model: Model): StoredModel[] =>
  all.toSorted((a, b) => Number(fitsModel(b, model)) - Number(fitsModel(a, model)) || a.name.localeCompare(b.name));

/** Those for it alone read the picture, and make no hint. */
const OF_PICTURES = PREPROCESSOR_IDS.filter(readsPicture);

/** Types of control in files' names, the more particular first. */
const TYPES: readonly (readonly [RegExp, ControlType])[] = [
  [/canny/i, 'canny'],
  [/line[-_ ]?art|anime/i, 'lineart'],
  [/soft[-_ ]?edge|hed|pidi/i, 'softedge'],
  [/scribble|sketch/i, 'scribble'],
  [/mlsd/i, 'mlsd'],
  [/depth/i, 'depth'],
  [/normal/i, 'normal'],
  [/pose/i, 'openpose'],
  [/seg/i, 'segmentation'],
  [/tile/i, 'tile'],
  [/blur/i, 'blur'],
  [/inpaint/i, 'inpaint'],
  [/shuffle/i, 'shuffle'],
  [/recolor/i, 'recolor'],
  [/color/i, 'color'],
];

/** What it was trained on, where its name says. */
export const typeOf = (name: string): ControlType | undefined => TYPES.find(([words]) => words.test(name))?.[1];

/** Preprocessors for it, those that suit it first. */
export function preprocessorOrder(name: string, control?: StoredModel['control']): PreprocessorId[] {
  if (control === 'picture') return OF_PICTURES;
  const type = typeOf(name);
  const suiting = type === undefined ? [] : preprocessorsFor(type).filter((id) => id !== 'none');
  return [
    'none',
    ...suiting,
    ...PREPROCESSOR_IDS.filter((id) => id !== 'none' && !suiting.includes(id) && !readsPicture(id)),
  ];
}
