/** The command line of `npm run pack`. */
import { parseArgs } from 'node:util';
import { basename, join } from 'node:path';
import {
  DTYPE_PLANS,
  importCheckpoint,
  isDtypePlanId,
  shardsOf,
  type ImportProgress,
  type Pack,
} from '../../src/core/packs';
import { createFolderPack, PACK_FILE } from './folder-packs';
import { openSources } from '../../src/core/testing/open-sources';

export const HELP = `npm run pack -- <model> [options]    a checkpoint becomes a pack

  <model>           a .safetensors or .ckpt file, or a folder in the hub's diffusers layout
  --dtype <plan>    ${Object.keys(DTYPE_PLANS).join(', ')} (default: q8)
  --out <folder>    where pack.json and the weights go (default: the model's name, here)
  --name <text>     how people see it (default: the file's name)

Import the folder in Gesso under Models, or put it on any web server and give its address there.`;

export interface PackHost {
  /** A path as the person means it. */
  resolve(path: string): string;
  isTerminal: boolean;
  print(line: string): void;
  /** Progress, without a line break. */
  report(text: string): void;
}

/** @returns the exit code @throws AppError */
export async function runPack(args: string[], host: PackHost): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      dtype: { type: 'string', default: 'q8' },
      out: { type: 'string' },
      name: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const [model, ...more] = positionals;
  const { dtype: plan } = values;
  if (values.help || model === undefined || more.length > 0) {
    host.print(HELP);
    return values.help ? 0 : 2;
  }
  if (!isDtypePlanId(plan)) {
    host.print(`--dtype must be one of ${Object.keys(DTYPE_PLANS).join(', ')}, not "${plan}".`);
    return 2;
  }
  const name = values.name ?? basename(model).replace(/\.\w+$/, '');
  const folder = host.resolve(values.out ?? name);
  const started = performance.now();
  const { sources, dispose } = await openSources(host.resolve(model));
  try {
    const onProgress = (event: ImportProgress): void => report(host, event);
    const draft = await createFolderPack(folder);
    const pack = await importCheckpoint({ sources, id: packId(name), name, plan, draft, onProgress });
    if (host.isTerminal) host.report('\n');
    host.print(summary(pack, { folder, seconds: (performance.now() - started) / 1000 }));
    return 0;
  } finally {
    await dispose();
  }
}

/** Safe in addresses and file names. */
const packId = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-') || 'model';

function report({ isTerminal, report: write }: PackHost, { stage, name, done, total }: ImportProgress): void {
  if (isTerminal) write(`\r${((100 * done) / total).toFixed(0).padStart(3)} % ${stage} ${name}\x1b[K`);
}

function summary(pack: Pack, { folder, seconds }: { folder: string; seconds: number }): string {
  const shards = shardsOf(pack);
  const bytes = shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const ratio = pack.source.byteLength / bytes;
  return `${join(folder, PACK_FILE)}: ${pack.family}, ${pack.plan}, ${(bytes / 1e6).toFixed(0)} MB in ${shards.length} files (${ratio.toFixed(1)} times smaller), ${seconds.toFixed(1)} s`;
}
