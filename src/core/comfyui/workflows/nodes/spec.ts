/** What a node class is: inputs in declared order, each a socket or a widget, and outputs. Plain data, and the words to write it. */

/** ComfyUI's folders of models, as `properties.models[].directory` has them. */
export type ModelFolder =
  | 'checkpoints'
  | 'configs'
  | 'loras'
  | 'vae'
  | 'text_encoders'
  | 'diffusion_models'
  | 'clip_vision'
  | 'style_models'
  | 'embeddings'
  | 'controlnet'
  | 'ipadapter'
  | 'gligen'
  | 'upscale_models'
  | 'hypernetworks';

interface Common {
  /** May be left out of a prompt. */
  optional?: true;
  /** Text beside it in the editor where its name says too little. */
  label?: string;
}

/** Joined by a link only. Several types have commas between them; `*` is any. */
export interface Socket extends Common {
  kind: 'socket';
  type: string;
  /** The input is not computed before the node asks for it. */
  isLazy?: true;
}

export interface NumberWidget extends Common {
  kind: 'int' | 'float';
  default: number;
  min: number | bigint;
  max: number | bigint;
  /** Step of the field's arrows; a value between steps is allowed. */
  step: number;
  /** The value of `control_after_generate` stands after it. */
  hasControl?: true;
  /** What stands in its place in early files: words and truth values, as texts. */
  aliases?: Readonly<Record<string, number>>;
}

export interface TextWidget extends Common {
  kind: 'text';
  default: string;
  isMultiline?: true;
  /** `{a|b}` is drawn, comments are dropped. */
  isDynamic?: true;
  /** `%date:…%` and `%Node.widget%` are filled in. */
  hasMarks?: true;
}

export interface FlagWidget extends Common {
  kind: 'flag';
  default: boolean;
}

export interface ChoiceWidget extends Common {
  kind: 'choice';
  options: readonly string[];
  default: string;
  /** Packs and newer versions have more: others are let through. */
  isOpen?: true;
  /** Further widgets of an option: they stand behind it and are called `name.further`. */
  reveals?: Readonly<Record<string, Readonly<Record<string, Widget>>>>;
  /** What stands in files of 2023 for an option of today; truth values as texts. */
  aliases?: Readonly<Record<string, string>>;
}

/** The name of a file: of a model by its folder, or of a picture in `input`. */
export interface FileWidget extends Common {
  kind: 'file';
  folder: ModelFolder | 'input';
  /** The text of a button stands after it: "image". */
  hasUpload?: true;
}

/** Whatever a script of the pack draws: kept and handed on. */
export interface OtherWidget extends Common {
  kind: 'other';
  default: null;
}

export type Widget = NumberWidget | TextWidget | FlagWidget | ChoiceWidget | FileWidget | OtherWidget;
export type InputSpec = Socket | Widget;

export interface OutputSpec {
  name: string;
  type: string;
  /** Gives a list of values: what it is joined to runs once for each. */
  isList?: true;
}

export interface NodeSpec {
  /** Title as the menu shows it; the class where absent. */
  title?: string;
  /** Path in the menu, with `/` between. */
  category: string;
  inputs: Readonly<Record<string, InputSpec>>;
  outputs: readonly OutputSpec[];
  /** Runs for its own sake: saves or shows. */
  isOutput?: true;
  /** Inputs that come as they are needed: names that match (the whole of it) are sockets of this type. */
  more?: { pattern: string; type: string };
  /** It is handed whole lists. */
  takesLists?: true;
  /** The node is only in the editor: no part of a prompt. */
  isVirtual?: true;
  /** Id of its pack in the registry, absent for ComfyUI's own: see `packs.ts`. */
  pack?: string;
  /** Superseded; still opens and runs. */
  isOld?: true;
  /** The id of what compiles it (run/table.ts); absent: it does not run yet. */
  operation?: string;
  /** Why not, where more can be said than that nothing computes it: the end of a sentence. */
  whyNot?: string;
}

export type NodeTable = Readonly<Record<string, NodeSpec>>;

/** The longest side of anything. @see ComfyUI nodes.py MAX_RESOLUTION */
export const LONGEST = 16_384;
const SEED_MAX = 2n ** 64n - 1n;

export const socket = (type: string, more: Omit<Partial<Socket>, 'kind' | 'type'> = {}): Socket => ({
  kind: 'socket',
  type,
  ...more,
});

/** The input may be left out. */
export const maybe = <Spec extends InputSpec>(spec: Spec): Spec => ({ ...spec, optional: true });

type Limits = readonly [min: number | bigint, max: number | bigint, step?: number];

export const int = (value: number, [min, max, step = 1]: Limits): NumberWidget => ({
  kind: 'int',
  default: value,
  min,
  max,
  step,
});

export const float = (value: number, [min, max, step = 0.01]: Limits): NumberWidget => ({
  kind: 'float',
  default: value,
  min,
  max,
  step,
});

export const seed = (): NumberWidget => ({ ...int(0, [0, SEED_MAX]), hasControl: true });

export const text = (value = '', more: Omit<Partial<TextWidget>, 'kind' | 'default'> = {}): TextWidget => ({
  kind: 'text',
  default: value,
  ...more,
});

export const multiline = (value = ''): TextWidget => text(value, { isMultiline: true });
export const dynamic = (): TextWidget => text('', { isMultiline: true, isDynamic: true });
export const flag = (value: boolean): FlagWidget => ({ kind: 'flag', default: value });

export const choice = (options: readonly string[], value = options[0] ?? ''): ChoiceWidget => ({
  kind: 'choice',
  options,
  default: value,
});

/** A choice whose options bring further widgets with them. */
export const revealing = (reveals: NonNullable<ChoiceWidget['reveals']>): ChoiceWidget => ({
  ...choice(Object.keys(reveals)),
  reveals,
});

export const open = (widget: ChoiceWidget): ChoiceWidget => ({ ...widget, isOpen: true });
export const file = (folder: FileWidget['folder']): FileWidget => ({ kind: 'file', folder });
export const other = (): OtherWidget => ({ kind: 'other', default: null });

/** `'LATENT'`, or `'width:INT'` where the name is another; `[]` behind it for a list. */
export const outs = (...written: readonly string[]): OutputSpec[] =>
  written.map((one) => {
    const isList = one.endsWith('[]');
    const [name, type = name] = (isList ? one.slice(0, -2) : one).split(':');
    return { name: name ?? '', type: type ?? '*', ...(isList && { isList: true as const }) };
  });

/** A length in pixels: `least`… in steps. */
export const px = (value: number, least = 0, step = 8): NumberWidget => int(value, [least, LONGEST, step]);

export const MODEL = socket('MODEL');
export const CLIP = socket('CLIP');
export const VAE = socket('VAE');
export const CONDITIONING = socket('CONDITIONING');
export const LATENT = socket('LATENT');
export const IMAGE = socket('IMAGE');
export const MASK = socket('MASK');
export const CONTROL_NET = socket('CONTROL_NET');
export const SIGMAS = socket('SIGMAS');
export const SAMPLER = socket('SAMPLER');
export const GUIDER = socket('GUIDER');
export const NOISE = socket('NOISE');
export const ANY = socket('*');

/** A number of 0…1, in hundredths. */
export const share = (value: number): NumberWidget => float(value, [0, 1]);
/** A point of the steps, in thousandths. */
export const percent = (value: number): NumberWidget => float(value, [0, 1, 0.001]);
export const strength = (value = 1): NumberWidget => float(value, [0, 10]);

export const isWidget = (spec: InputSpec): spec is Widget => spec.kind !== 'socket';
