/** Which names a pickle may call: data that torch and trainers write. All others are code as far as Gesso is concerned. */
import type { Global } from './pickle-values';

/** Modules of which a mere mention is enough: no checkpoint has a reason to name them. */
const CODE =
  /^(os|posix|nt|sys|subprocess|shutil|socket|ctypes|runpy|importlib|pty|commands|platform|webbrowser|pickle|marshal|code|asyncio|multiprocessing|threading|urllib|requests|http|ftplib|tempfile|io|nturl2path|timeit|cProfile|profile|pdb|bdb|inspect|functools|operator|types)(\.|$)/;

/** Python's own: what builds values, and nothing that looks up, imports or runs. */
const SAFE_BUILTINS = new Set(
  'set frozenset dict list tuple int float complex bool str bytes bytearray object slice range'.split(' '),
);

/** Classes of trainers and of torch whose objects are thrown away unread. */
const DATA: readonly RegExp[] = [
  /^collections\.(OrderedDict|defaultdict|Counter|deque)$/,
  /^torch\.(Size|device|dtype|Generator)$/,
  /^torch(\.cuda)?\.\w*Storage$/,
  /^torch\.(storage\.(_Typed|Typed|_Untyped|Untyped)Storage|UntypedStorage)$/,
  /^torch\.(float|double|half|bfloat|int|uint|bool|complex|long|short|q)\w*$/,
  /^torch\.(nn\.parameter\.Parameter|Tensor|_tensor\.Tensor|FloatTensor|HalfTensor)$/,
  /^torch\.nn\.(Parameter(Dict|List)?|Module(Dict|List)?|modules\.\w+\.\w+|parameter\.\w+)$/,
  /^torch\._utils\._rebuild_\w+$/,
  /^torch\._tensor\._rebuild_from_type_v2$/,
  /^torch\.serialization\._get_layout$/,
  /^torch\.optim\.\w+(\.\w+)?$/,
  /^numpy(\._?core)?\.(multiarray|numeric)\.(_reconstruct|scalar|_frombuffer)$/,
  /^numpy\.(dtype|ndarray|float\d+|int\d+|bool_?)$/,
  /^numpy\.dtypes\.\w+$/,
  /^_codecs\.encode$/,
  /^copy_?reg\._reconstructor$/,
  /^(pytorch_lightning|lightning|lightning_fabric|omegaconf|ldm|sgm|diffusers|transformers|safetensors|accelerate)\./,
  /^(argparse\.Namespace|datetime\.\w+|pathlib\.\w*Path|uuid\.UUID|decimal\.Decimal|fractions\.Fraction)$/,
  /^typing\.\w+$/,
];

/** @returns whether the name alone is enough to refuse the file */
export function isCode({ module, name }: Global): boolean {
  if (/^(builtins|__builtin__)$/.test(module)) return !SAFE_BUILTINS.has(name);
  return CODE.test(module);
}

/** @returns whether a pickle may make objects of it, which are then not looked at */
export function isData(global: Global): boolean {
  return /^(builtins|__builtin__)$/.test(global.module)
    ? SAFE_BUILTINS.has(global.name)
    : DATA.some((pattern) => pattern.test(global.path));
}
