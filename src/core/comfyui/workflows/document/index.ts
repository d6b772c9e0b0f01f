/** ComfyUI's files as documents: nothing of them is lost. */
export * from './document';
export { asBag, asList, asNumber, asText, isSameJson, readJson, writeJson, type Bag, type Json } from './json';
export { MOST_NODES, readDocument, readNode } from './read-document';
export { writeDocument } from './write-document';
