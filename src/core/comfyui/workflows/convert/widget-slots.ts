/** Where a node's values stand, which have no names in older files. */
import { asBag, type Bag, type ComfyNode, type Json } from '../document';
import { nodeSpec, revealed, widgetSpecs, type NodeSpec, type Widget } from '../nodes';
import { scriptedSlots } from './scripted-slots';
import type { WidgetSlot } from './widget-slot';

/** What becomes of a number after a run; truth values in files of early 2023. */
const CONTROL_WORDS: readonly Json[] = ['fixed', 'increment', 'decrement', 'randomize', 'increment-wrap', true, false];
const CONTROL = 'control_after_generate';
const BUTTONS: readonly Json[] = ['image', 'video', 'audio'];

/** Slots in the order of the list. Places past the end of a short list are there too: what stands in them is the default. */
export function widgetSlots(node: ComfyNode): WidgetSlot[] {
  const list = Array.isArray(node.widgets) ? (node.widgets as readonly Json[]) : [];
  const spec = nodeSpec(node.type);
  const scripted = scriptedSlots(node.type, list);
  if (scripted) return scripted;
  return spec ? knownSlots(spec, list) : unknownSlots(node, list);
}

function knownSlots(spec: NodeSpec, list: readonly Json[]): WidgetSlot[] {
  const slots: WidgetSlot[] = [];
  let index = 0;
  for (const [name, widget] of widgetSpecs(spec)) {
    slots.push({ name, widget, index: index++, kind: 'value' });
    for (const [further, own] of revealed(name, widget, list[index - 1]))
      slots.push({ name: further, widget: own, index: index++, kind: 'value' });
    const next = list[index];
    if ('hasControl' in widget && (index >= list.length || isControl(next)))
      slots.push({ name: CONTROL, index: index++, kind: 'control' });
    if ('hasUpload' in widget && index < list.length && isButton(next))
      slots.push({ name: 'upload', index: index++, kind: 'button' });
  }
  return slots;
}

/** Some packs leave a hole there. */
function isControl(value: Json | undefined): boolean {
  return value === null || CONTROL_WORDS.some((word) => word === value);
}

/** A word, or in some files the button itself. */
function isButton(value: Json | undefined): boolean {
  return BUTTONS.some((word) => word === value) || asBag(value)?.['name'] === 'upload';
}

/** Files of 2025 list the sockets of all widgets, in their order; where the numbers differ, nothing tells. */
function unknownSlots(node: ComfyNode, list: readonly Json[]): WidgetSlot[] {
  const names = node.inputs.map(({ widget }) => widget).filter((name) => name !== undefined);
  const withControl = names.flatMap((name) => (/(^|_|\.)seed$/.test(name) ? [name, CONTROL] : [name]));
  const found = [withControl, names].find((one) => one.length === list.length) ?? [];
  return found.map((name, index) => {
    const isUpload = name === 'upload' && isButton(list[index]);
    return { name, index, kind: name === CONTROL ? 'control' : isUpload ? 'button' : 'value' };
  });
}

/** What is joined to its widget stands here too, with the value that it had. */
export function widgetValues(node: ComfyNode): Map<string, Json> {
  const named = asBag(node.named) ?? (Array.isArray(node.widgets) ? undefined : asBag(node.widgets as Bag | undefined));
  const values = new Map<string, Json>();
  const list = Array.isArray(node.widgets) ? (node.widgets as readonly Json[]) : [];
  const slots = widgetSlots(node);
  // ComfyUI's editor goes by places: files that were exchanged by hand stand in the list alone.
  const isWhole = slots.length === list.length;
  for (const { name, index, kind, widget } of slots) {
    if (kind !== 'value') continue;
    const own = named && Object.hasOwn(named, name) ? named[name] : undefined;
    const value =
      own !== undefined && !(isWhole && widget?.kind === 'file' && typeof list[index] === 'string')
        ? own
        : index < list.length
          ? list[index]
          : defaultOf(widget);
    if (value !== undefined) values.set(name, readValue(value, widget));
  }
  for (const [name, value] of Object.entries(named ?? {}))
    if (value !== undefined && !values.has(name) && !isBeside(node, name, value)) values.set(name, value);
  for (const name of absentOf(node)) values.delete(name);
  return values;
}

/** Names that a prompt left out: they stay out of it. See `toWorkflow`. */
export function absentOf({ properties }: ComfyNode): string[] {
  const absent = asBag(properties['gesso'])?.['absent'];
  return Array.isArray(absent) ? absent.filter((name) => typeof name === 'string') : [];
}

/** Default of a widget; those of files have none. */
function defaultOf(widget: Widget | undefined): Json | undefined {
  return widget && 'default' in widget ? (widget.default as Json) : undefined;
}

function readValue(value: Json, widget: Widget | undefined): Json {
  if (!widget || !('aliases' in widget) || !widget.aliases) return value;
  if (typeof value !== 'string' && typeof value !== 'boolean') return value;
  return Object.hasOwn(widget.aliases, String(value)) ? (widget.aliases[String(value)] ?? value) : value;
}

/** Names beside those of inputs: modes of a number, buttons, pictures that are shown. */
function isBeside(node: ComfyNode, name: string, value: Json): boolean {
  if (name.startsWith(CONTROL) || name.startsWith('$$') || CONTROL_WORDS.some((word) => word === name)) return true;
  if (name === 'upload' || name === 'choose file to upload') return isButton(value) || value === null;
  // A preview that VideoHelperSuite keeps with its values.
  return name === 'videopreview' && node.type.startsWith('VHS_');
}

/** What becomes of a number after a run: "fixed", "randomize" …; undefined where the node has none. */
export function controlOf(node: ComfyNode): string | undefined {
  const slot = widgetSlots(node).find(({ kind }) => kind === 'control');
  const value = slot && Array.isArray(node.widgets) ? (node.widgets as readonly Json[])[slot.index] : undefined;
  if (typeof value === 'boolean') return value ? 'randomize' : 'fixed';
  return slot && (typeof value === 'string' ? value : 'fixed');
}

/** The node with another value of a widget, in all the places where it stands. */
export function withWidget(node: ComfyNode, name: string, value: Json): ComfyNode {
  const slots = widgetSlots(node);
  const slot = slots.find((one) => one.name === name);
  const named = node.named && { ...node.named, [name]: value };
  const properties = withoutAbsent(node, name);
  if (node.widgets !== undefined && !Array.isArray(node.widgets))
    return { ...node, properties, widgets: { ...(node.widgets as Bag), [name]: value }, ...(named && { named }) };
  if (!slot) return { ...node, properties, named: { ...node.named, [name]: value } };
  const list = [...((node.widgets as readonly Json[] | undefined) ?? [])];
  for (const one of slots) if (one.index >= list.length && one.index < slot.index) list[one.index] = restOf(one);
  exchange(list, slot, value);
  return { ...node, properties, widgets: list, ...(named && { named }) };
}

/** Changes the list in place: what an option brought with it makes way for what the new one does. */
function exchange(list: Json[], { name, index, widget }: WidgetSlot, value: Json): void {
  const further = (option: Json | undefined) => (widget ? revealed(name, widget, option) : []);
  const isOther = list[index] !== value;
  const before = isOther ? further(list[index]).length : 0;
  const after = isOther ? further(value).map(([, own]) => defaultOf(own) ?? null) : [];
  list.splice(index, 1 + before, value, ...after);
}

function restOf({ kind, widget }: WidgetSlot): Json {
  return kind === 'control' ? 'fixed' : kind === 'button' ? 'image' : (defaultOf(widget) ?? null);
}

function withoutAbsent(node: ComfyNode, name: string): Bag {
  const absent = absentOf(node);
  if (!absent.includes(name)) return node.properties;
  const gesso = { ...asBag(node.properties['gesso']), absent: absent.filter((one) => one !== name) };
  return { ...node.properties, gesso };
}
