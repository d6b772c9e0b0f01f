/** How large a node is drawn that has no size yet, in the editor's pixels. */
import type { ComfyInput, ComfyOutput } from '../document';
import { widgetSpecs, type NodeSpec, type Widget } from '../nodes';

const TITLE = 30;
const ROW = 24;
const FIELD = 30;
const WIDTH = 270;
const WIDE = 400;

/** The width and height of a new node. */
export function nodeSize(
  spec: NodeSpec | undefined,
  { inputs, outputs, values }: { inputs: readonly ComfyInput[]; outputs: readonly ComfyOutput[]; values: number },
): [width: number, height: number] {
  const widgets: (Widget | undefined)[] = spec
    ? widgetSpecs(spec).map(([, widget]) => widget)
    : Array.from({ length: values }, () => undefined);
  const sockets = Math.max(inputs.filter(({ widget }) => widget === undefined).length, outputs.length);
  const heights = widgets.map(heightOf);
  const isWide = heights.some((height) => height > FIELD);
  return [isWide ? WIDE : WIDTH, heights.reduce((sum, height) => sum + height, TITLE + ROW * sockets)];
}

function heightOf(widget: Widget | undefined): number {
  if (widget?.kind === 'text' && widget.isMultiline) return 110;
  if (widget && 'hasControl' in widget) return 2 * FIELD;
  return FIELD;
}
