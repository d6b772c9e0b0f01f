/** Between workflows, prompts and files. */
export { drawChoices, fillMarks, textPreparer, type TextSources } from './texts';
export { layout, type LayoutNode } from './layout';
export { nodeSize } from './node-size';
export { readPrompt } from './find-graphs';
export { openComfyChunks, openComfyFile, openComfyJson, openComfyText, type OpenedComfy } from './open-file';
export { asApiLink, asApiValue, plainValue, type ApiLink, type ApiNode, type ApiPrompt } from './prompt';
export { toPrompt, type PromptOptions } from './to-prompt';
export { toWorkflow } from './to-workflow';
export { instanceValues, isWidgetInput, withInstanceValue } from './instance-values';
export { controlOf, widgetSlots, widgetValues, withWidget } from './widget-slots';
export type { WidgetSlot } from './widget-slot';
