/** Ready-made graphs out of a pack, each weight read when the runtime asks for it. */
import { AppError } from '../../core/errors';
import type { OpenPack, PackComponent, ShardRange } from '../../core/packs';
import type { LazyFile } from '../../core/weights';
import type { ExportFiles } from './export-source';

export function packExportFiles({ pack, shard }: OpenPack): ExportFiles {
  return {
    bytes: (component) =>
      pack.components[component]?.onnx?.tensors.reduce((sum, { data }) => sum + data.byteLength, 0) ?? 0,
    async open(id) {
      const component = pack.components[id];
      if (!component?.onnx) throw new AppError('missing-file', `${pack.name}: this model has no ${id}; get it again.`);
      const shards = await Promise.all(component.shards.map(({ file }) => shard(file)));
      const read = ({ shard: index, offset, byteLength }: ShardRange): Uint8Array<ArrayBuffer> => {
        const source = shards.at(index);
        if (source && offset + byteLength <= source.size) return source.readSync(offset, byteLength);
        throw new AppError('bad-file', `${pack.name}: a shard of ${id} is shorter than pack.json says; get it again.`);
      };
      const lazyFiles = filesOf(component.onnx, read);
      const weightBytes = lazyFiles.reduce((sum, { byteLength }) => sum + byteLength, 0);
      return { onnx: read(component.onnx.graph), lazyFiles, weightBytes };
    },
  };
}

type OnnxParts = NonNullable<PackComponent['onnx']>;

/** The external files as the graph names them; each is asked for exactly the ranges of its weights. */
function filesOf({ tensors }: OnnxParts, read: (range: ShardRange) => Uint8Array<ArrayBuffer>): LazyFile[] {
  return [...new Set(tensors.map(({ location }) => location))].map((location) => {
    const own = tensors.filter((tensor) => tensor.location === location);
    const byOffset = new Map(own.map(({ offset, data }) => [offset, data]));
    return {
      location,
      byteLength: Math.max(...own.map(({ offset, data }) => offset + data.byteLength)),
      read(offset, length) {
        const range = byOffset.get(offset);
        if (range?.byteLength === length) return read(range);
        throw new RangeError(`${location}: bytes ${offset} to ${offset + length} are no weight`);
      },
    };
  });
}
