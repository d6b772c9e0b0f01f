export * from './adapter';
export {
  describeAddOn,
  describePicture,
  previewAddOn,
  type AddOnFacts,
  type AddOnKind,
  type OwnModel,
} from './describe-add-on';
export * from './block-weights';
export { readBundled } from './embeddings/bundled';
export * from './embeddings/embedding';
export { holdsEmbedding } from './embeddings/picture-embedding';
export { readEmbeddings, stemOf, type EmbeddingOptions } from './embeddings/read-embeddings';
export { isEmbeddingFile } from './embeddings/tensor-embeddings';
export { readFacts, type AdapterFacts, type TriggerWord } from './facts';
export { hashesOf, isHashOf, type AdapterHashes } from './hashes';
export type { Factors } from './kind';
export { layerIndex, layersOf, type Layer, type LayerIndex } from './layer-index';
export type { UnusedKey } from './match-layers';
export { familyShapes, modelShapes, type ModelShapes, type TensorShapes } from './model-shapes';
export { adapterOf, openAdapter, type AdapterOptions } from './open-adapter';
export { assertStrength } from './strength';
export { notesBeside, pictureBeside, readSidecar, type SidecarFacts } from './sidecars';
export { adapterSummary, type AdapterSummary } from './summary';
export { ADAPTERS, adapterKindIds, adapterKindOf, type AdapterKindId } from './table';
