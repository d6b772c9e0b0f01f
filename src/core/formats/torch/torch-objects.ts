/** What torch's pickles make: storages and tensors, as descriptions. Calls of anything else are thrown away or refused. */
import { AppError } from '../../errors';
import type { TensorDtype } from '../tensor-file';
import { isCode, isData } from './known-globals';
import { Global, Opaque, Tuple, type PickleHost } from './pickle-values';
import { PickleError } from './pickle-error';

/** Numbers in a row, which tensors are views of. */
export class Storage {
  constructor(
    readonly key: string,
    /** Undefined where torch has a type that no checkpoint is made of, or none yet. */
    readonly dtype: TensorDtype | undefined,
    /** Length in elements of `dtype`; in bytes where that is undefined. */
    readonly count: number,
  ) {}
}

export class TorchTensor {
  constructor(
    readonly storage: Storage,
    readonly dtype: TensorDtype | undefined,
    /** Place in the storage, in elements. */
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** torch/storage.py, _dtype_to_storage_type_map; torch/__init__.py dtypes */
const DTYPE_OF: Readonly<Record<string, TensorDtype>> = {
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  DoubleStorage: 'F64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
  float32: 'F32',
  float: 'F32',
  float16: 'F16',
  half: 'F16',
  bfloat16: 'BF16',
  float64: 'F64',
  double: 'F64',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  float8_e4m3fnuz: 'F8_E4M3FNUZ',
  float8_e5m2fnuz: 'F8_E5M2FNUZ',
  float8_e8m0fnu: 'F8_E8M0',
  int64: 'I64',
  long: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
};

const dtypeOf = (named: unknown): TensorDtype | undefined =>
  named instanceof Global && Object.hasOwn(DTYPE_OF, named.name) ? DTYPE_OF[named.name] : undefined;

/** torch's own limit. */
const MAX_DIMENSIONS = 64;

export class TorchHost implements PickleHost {
  constructor(readonly file: string) {}

  global(found: Global): Global {
    return isCode(found) ? this.#refuse(found) : found;
  }

  call(callee: Global, args: readonly unknown[]): unknown {
    const make = MAKERS.get(callee.path);
    if (make) return make(args, this);
    if (isData(callee)) return new Opaque(callee);
    return this.#refuse(callee);
  }

  /**
   * ('storage', class, key, device, count), and from old versions a view; or ('module', class, file, source text), of which the class
   * alone is taken, as if it were named.
   */
  persistent(id: unknown): Storage | Global {
    const [kind, type, key, , count, view] = id instanceof Tuple ? id.items : [];
    if (kind === 'module' && type instanceof Global) return type;
    if (kind !== 'storage' || typeof key !== 'string' || !isCount(count) || (view !== undefined && view !== null))
      throw new PickleError('it names something outside of it that is no storage');
    return new Storage(key, dtypeOf(type), count);
  }

  #refuse({ path }: Global): never {
    // what Linux and Windows call Python's os
    const name = path.replace(/^(posix|nt)\./, 'os.').slice(0, 100);
    throw new AppError(
      'bad-file',
      `${this.file}: this file holds code (${name}): not opened; take a .safetensors file, which can hold none`,
    );
  }
}

type Maker = (args: readonly unknown[], host: TorchHost) => unknown;

const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['collections.OrderedDict', dictionary],
  ['builtins.dict', dictionary],
  ['__builtin__.dict', dictionary],
  ['collections.defaultdict', () => new Map()],
  // Modules that hold tensors and do nothing: what they hold comes afterwards.
  ['torch.nn.ParameterDict', () => new Map()],
  ['torch.nn.ParameterList', () => new Map()],
  ['torch.nn.modules.container.ParameterDict', () => new Map()],
  ['torch.nn.modules.container.ParameterList', () => new Map()],
  ['torch.nn.modules.container.ModuleDict', () => new Map()],
  ['torch.nn.Parameter', ([data]) => data],
  ['torch.Size', ([items]) => (items instanceof Tuple ? items : new Tuple([]))],
  ['torch._utils._rebuild_tensor', ([storage, offset, shape, strides]) => tensor(storage, offset, shape, strides)],
  ['torch._utils._rebuild_tensor_v2', ([storage, offset, shape, strides]) => tensor(storage, offset, shape, strides)],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , dtype]) => tensor(storage, offset, shape, strides, dtypeOf(dtype)),
  ],
  ['torch._utils._rebuild_parameter', ([data]) => data],
  ['torch._utils._rebuild_parameter_with_state', ([data]) => data],
  ['torch.nn.parameter.Parameter', ([data]) => data],
  ['torch._tensor._rebuild_from_type_v2', fromType],
]);

/** A dictionary with pairs, as Python 2 wrote it, or empty. */
function dictionary([pairs]: readonly unknown[]): Map<unknown, unknown> {
  const made = new Map<unknown, unknown>();
  if (!Array.isArray(pairs)) return made;
  for (const pair of pairs as unknown[]) {
    const [key, value] = pair instanceof Tuple ? pair.items : Array.isArray(pair) ? (pair as unknown[]) : [];
    made.set(key, value);
  }
  return made;
}

/** (function, type, arguments, state): a tensor of a subclass. */
function fromType([callee, , args]: readonly unknown[], host: TorchHost): unknown {
  if (!(callee instanceof Global) || !(args instanceof Tuple) || callee.path === 'torch._tensor._rebuild_from_type_v2')
    throw new PickleError('a tensor is made of something else');
  return host.call(callee, args.items);
}

function tensor(storage: unknown, offset: unknown, shape: unknown, strides: unknown, dtype?: TensorDtype): TorchTensor {
  const [sizes, steps] = [countsOf(shape), countsOf(strides)];
  if (!(storage instanceof Storage) || !isCount(offset) || !sizes || sizes.length !== steps?.length)
    throw new PickleError('a tensor has no storage, offset, shape or strides');
  return new TorchTensor(storage, dtype ?? storage.dtype, offset, sizes, steps);
}

function countsOf(tuple: unknown): number[] | undefined {
  const items = tuple instanceof Tuple ? tuple.items : undefined;
  return items && items.length <= MAX_DIMENSIONS && items.every(isCount) ? [...items] : undefined;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
