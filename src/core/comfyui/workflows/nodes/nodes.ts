/** NODES: every class that is known here, a line each. */
import { CONDITIONINGS } from './conditioning';
import { GUIDANCE } from './guidance';
import { IMAGE_JOINS } from './image-joins';
import { IMAGES } from './images';
import { LATENTS } from './latents';
import { LOADERS } from './loaders';
import { MASKS } from './masks';
import { MERGING } from './merging';
import { MODELS } from './models';
import { PACKS } from './packs';
import { SAMPLING } from './sampling';
import { isWidget, type NodeSpec, type NodeTable, type Widget } from './spec';
import { EDITOR, VALUES } from './values';
import { withReasons } from './why-not';

export const NODES: NodeTable = withReasons({
  ...LOADERS,
  ...CONDITIONINGS,
  ...LATENTS,
  ...SAMPLING,
  ...IMAGES,
  ...IMAGE_JOINS,
  ...MASKS,
  ...MODELS,
  ...GUIDANCE,
  ...MERGING,
  ...VALUES,
  ...EDITOR,
  ...PACKS,
});

/** Undefined for classes that nobody here knows. */
export function nodeSpec(type: string): NodeSpec | undefined {
  return Object.hasOwn(NODES, type) ? NODES[type] : undefined;
}

/** Widgets in the order of their values. */
export function widgetSpecs(spec: NodeSpec): [name: string, widget: Widget][] {
  return Object.entries(spec.inputs).filter((entry): entry is [string, Widget] => isWidget(entry[1]));
}

/** What an option of a choice brings with it. @param option  as it is said; anything else is the default */
export function revealed(name: string, widget: Widget, option: unknown): [name: string, widget: Widget][] {
  if (widget.kind !== 'choice' || !widget.reveals) return [];
  const said = typeof option === 'string' ? option : widget.default;
  const further = Object.hasOwn(widget.reveals, said) ? widget.reveals[said] : {};
  return Object.entries(further).map(([own, spec]) => [`${name}.${own}`, spec]);
}

export function isVirtual(type: string): boolean {
  return nodeSpec(type)?.isVirtual === true;
}

const TYPES: Readonly<Record<Widget['kind'], string>> = {
  int: 'INT',
  float: 'FLOAT',
  text: 'STRING',
  flag: 'BOOLEAN',
  choice: 'COMBO',
  file: 'COMBO',
  other: '*',
};

/** The type of an input as links have it. */
export function inputType(spec: NodeSpec, name: string): string | undefined {
  const input = Object.hasOwn(spec.inputs, name) ? spec.inputs[name] : undefined;
  if (input) return isWidget(input) ? TYPES[input.kind] : input.type;
  return spec.more && new RegExp(`^(?:${spec.more.pattern})$`).test(name) ? spec.more.type : undefined;
}

/** Equal or with a type in common, whatever the case; `*` and nothing fit all. */
export function fits(a: string, b: string): boolean {
  if (a === '*' || b === '*' || a === '' || b === '' || a === '0' || b === '0') return true;
  const types = new Set(a.toLowerCase().split(','));
  return b
    .toLowerCase()
    .split(',')
    .some((type) => types.has(type));
}
