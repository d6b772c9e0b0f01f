/** ComfyUI's workflows: documents, the table of nodes, conversion, checks. Load lazily. */
export * from './check';
export * from './convert';
export * from './document';
export * from './edit';
export * from './nodes';
export * from './run';
