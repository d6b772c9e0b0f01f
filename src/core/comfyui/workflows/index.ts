/** ComfyUI's workflows: documents, the table of nodes, conversion, checks. Load lazily. */
export * from './document';
export * from './nodes';
