/** Numbers, texts and switches. @see ComfyUI comfy_extras/nodes_primitive.py, nodes_string.py, nodes_preview_any.py, nodes_logic.py, nodes_math.py */
import {
  ANY,
  choice,
  flag,
  float,
  int,
  maybe,
  multiline,
  open,
  outs,
  socket,
  text,
  type NodeTable,
  type NumberWidget,
} from './spec';

/** Python's sys.maxsize. */
const LARGEST = 2n ** 63n - 1n;
const anyInt = (value = 0): NumberWidget => int(value, [-LARGEST, LARGEST]);
const STRING = outs('STRING');
const MODE = { case_insensitive: flag(true), multiline: flag(false), dotall: flag(false) };
const lazy = () => socket('*', { isLazy: true });

export const VALUES = {
  PrimitiveInt: {
    title: 'Int',
    operation: 'whole_number',
    category: 'utils/primitive',
    inputs: { value: { ...anyInt(), hasControl: true } },
    outputs: outs('INT'),
  },
  PrimitiveFloat: {
    title: 'Float',
    operation: 'number',
    category: 'utils/primitive',
    inputs: { value: float(0, [-Number.MAX_VALUE, Number.MAX_VALUE]) },
    outputs: outs('FLOAT'),
  },
  PrimitiveString: {
    title: 'String',
    operation: 'text',
    category: 'utils/primitive',
    inputs: { value: text() },
    outputs: STRING,
  },
  PrimitiveStringMultiline: {
    title: 'String (Multiline)',
    operation: 'text',
    category: 'utils/primitive',
    inputs: { value: multiline() },
    outputs: STRING,
  },
  PrimitiveBoolean: {
    title: 'Boolean',
    operation: 'flag',
    category: 'utils/primitive',
    inputs: { value: flag(false) },
    outputs: outs('BOOLEAN'),
  },
  PreviewAny: {
    title: 'Preview as Text',
    operation: 'show_text',
    category: 'utils',
    inputs: { source: ANY },
    outputs: STRING,
    isOutput: true,
  },
  ComfySwitchNode: {
    title: 'Switch',
    operation: 'switch',
    category: 'logic',
    inputs: { switch: flag(false), on_false: maybe(lazy()), on_true: maybe(lazy()) },
    outputs: outs('output:*'),
  },
  ComfySoftSwitchNode: {
    title: 'Soft Switch',
    operation: 'soft_switch',
    category: 'logic',
    inputs: { switch: flag(false), on_false: maybe(lazy()), on_true: maybe(lazy()) },
    outputs: outs('output:*'),
  },
  CustomCombo: {
    title: 'Custom Combo',
    operation: 'choose_text',
    category: 'utils',
    inputs: { choice: open(choice([''])), index: int(0, [0, LARGEST]) },
    more: { pattern: 'option\\d+', type: 'STRING' },
    outputs: outs('STRING', 'INDEX:INT'),
  },
  ComfyMathExpression: {
    title: 'Math Expression',
    operation: 'compute',
    category: 'math',
    inputs: { expression: text('a + b') },
    more: { pattern: 'values\\.[a-z]', type: 'FLOAT,INT,BOOLEAN' },
    outputs: outs('FLOAT', 'INT', 'BOOL:BOOLEAN'),
  },
  ComfyNumberConvert: {
    title: 'Number Convert',
    operation: 'convert_number',
    category: 'math',
    inputs: { value: socket('INT,FLOAT,STRING,BOOLEAN') },
    outputs: outs('FLOAT', 'INT'),
  },
  StringConcatenate: {
    title: 'Concatenate',
    operation: 'join_texts',
    category: 'utils/string',
    inputs: { string_a: multiline(), string_b: multiline(), delimiter: text() },
    outputs: STRING,
  },
  StringSubstring: {
    title: 'Substring',
    operation: 'cut_text',
    category: 'utils/string',
    inputs: { string: multiline(), start: anyInt(), end: anyInt() },
    outputs: STRING,
  },
  StringLength: {
    title: 'Length',
    operation: 'measure_text',
    category: 'utils/string',
    inputs: { string: multiline() },
    outputs: outs('length:INT'),
  },
  CaseConverter: {
    title: 'Case Converter',
    operation: 'change_case',
    category: 'utils/string',
    inputs: { string: multiline(), mode: choice(['UPPERCASE', 'lowercase', 'Capitalize', 'Title Case']) },
    outputs: STRING,
  },
  StringTrim: {
    title: 'Trim',
    operation: 'trim_text',
    category: 'utils/string',
    inputs: { string: multiline(), mode: choice(['Both', 'Left', 'Right']) },
    outputs: STRING,
  },
  StringReplace: {
    title: 'Replace',
    operation: 'replace_text',
    category: 'utils/string',
    inputs: { string: multiline(), find: multiline(), replace: multiline() },
    outputs: STRING,
  },
  StringContains: {
    title: 'Contains',
    operation: 'text_contains',
    category: 'utils/string',
    inputs: { string: multiline(), substring: multiline(), case_sensitive: flag(true) },
    outputs: outs('contains:BOOLEAN'),
  },
  StringCompare: {
    title: 'Compare',
    operation: 'compare_texts',
    category: 'utils/string',
    inputs: {
      string_a: multiline(),
      string_b: multiline(),
      mode: choice(['Starts With', 'Ends With', 'Equal']),
      case_sensitive: flag(true),
    },
    outputs: outs('BOOLEAN'),
  },
  RegexMatch: {
    title: 'Regex Match',
    operation: 'match_pattern',
    category: 'utils/string',
    inputs: { string: multiline(), regex_pattern: multiline(), ...MODE },
    outputs: outs('matches:BOOLEAN'),
  },
  RegexExtract: {
    title: 'Regex Extract',
    operation: 'extract_pattern',
    category: 'utils/string',
    inputs: {
      string: multiline(),
      regex_pattern: multiline(),
      mode: choice(['First Match', 'All Matches', 'First Group', 'All Groups']),
      ...MODE,
      group_index: int(1, [0, 100]),
    },
    outputs: STRING,
  },
  RegexReplace: {
    title: 'Regex Replace',
    operation: 'replace_pattern',
    category: 'utils/string',
    inputs: {
      string: multiline(),
      regex_pattern: multiline(),
      replace: multiline(),
      ...Object.fromEntries(Object.entries(MODE).map(([name, spec]) => [name, maybe(spec)])),
      count: maybe(int(0, [0, 100])),
    },
    outputs: STRING,
  },
} as const satisfies NodeTable;

/** Nodes that only the editor knows. */
export const EDITOR = {
  Reroute: { category: 'utils', inputs: {}, outputs: outs(':*'), isVirtual: true },
  PrimitiveNode: {
    title: 'Primitive',
    category: 'utils',
    inputs: {},
    outputs: outs('connect to widget input:*'),
    isVirtual: true,
  },
  Note: { category: 'utils', inputs: { text: multiline() }, outputs: [], isVirtual: true },
  MarkdownNote: {
    title: 'Markdown Note',
    category: 'utils',
    inputs: { text: multiline() },
    outputs: [],
    isVirtual: true,
  },
} as const satisfies NodeTable;
