/** What ComfyUI's server answers its editor, as far as that asks before it makes prompts. */

/** No window opens over the graph, and nothing is kept. */
const SETTINGS = {
  'Comfy.TutorialCompleted': true,
  'Comfy.Workflow.ShowMissingNodesWarning': false,
  'Comfy.Workflow.ShowMissingModelsWarning': false,
  'Comfy.Workflow.Persist': false,
  'Comfy.Validation.Workflows': false,
};

const USERS = { storage: 'server', migrated: true };
const SYSTEM = {
  system: {
    os: 'posix',
    comfyui_version: '0.3.64',
    python_version: '3.12',
    embedded_python: false,
    argv: [],
    ram_total: 1,
    ram_free: 1,
  },
  devices: [],
};

/** By the end of the path. @type {Record<string, unknown>} */
const ANSWERS = {
  '/users': USERS,
  '/settings': SETTINGS,
  '/system_stats': SYSTEM,
  '/extensions': [],
  '/embeddings': [],
  '/experiment/models': [],
  '/queue': { queue_running: [], queue_pending: [] },
  '/userdata': [],
  '/workflow_templates': {},
  '/i18n': {},
  '/features': {},
  '/global_subgraphs': {},
};

/** @param {string} path @param {string} objects  the answer to `/object_info` @returns {{ status: number, body: string }} */
export function answerFor(path, objects) {
  const name = path.replace(/^\/api/, '').replace(/\/$/, '');
  if (name === '/object_info') return { status: 200, body: objects };
  if (name in ANSWERS) return { status: 200, body: JSON.stringify(ANSWERS[name]) };
  if (name.startsWith('/userdata/')) return { status: 404, body: '{}' };
  return { status: 200, body: '{}' };
}
