/** Nodes whose widgets come and go by a script of theirs: names by what stands in the list. */
import { asBag, type Json } from '../document';
import type { WidgetSlot } from './widget-slot';

type Namer = (list: readonly Json[]) => WidgetSlot[];

const value = (name: string, index: number): WidgetSlot => ({ name, index, kind: 'value' });

/** A line a LoRA, `{on, lora, strength}`, between a heading and a button. @see rgthree-comfy power_lora_loader */
const powerLoras: Namer = (list) => {
  let count = 0;
  return list.flatMap((one, index) => {
    const bag = asBag(one);
    if (bag?.['type'] === 'PowerLoraLoaderHeaderWidget') return [value('PowerLoraLoaderHeaderWidget', index)];
    return bag && 'lora' in bag ? [value(`lora_${++count}`, index)] : [];
  });
};

/** The chosen text, its number, then all that there are to choose from. @see ComfyUI comfy_extras/nodes_logic.py */
const customCombo: Namer = (list) =>
  list.map((_, index) => value(['choice', 'index'][index] ?? `option${index - 1}`, index));

const SCRIPTED: Readonly<Record<string, Namer>> = {
  'Power Lora Loader (rgthree)': powerLoras,
  CustomCombo: customCombo,
};

export function scriptedSlots(type: string, list: readonly Json[]): WidgetSlot[] | undefined {
  return Object.hasOwn(SCRIPTED, type) && list.length > 0 ? SCRIPTED[type]?.(list) : undefined;
}
