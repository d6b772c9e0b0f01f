/** One way through a workflow: node after node, what is known is not run again, and it goes on from where it broke. */
import type { OperationId, Workflow, WorkflowNode } from '../../core/workflow';
import { nodeKey, settingsOf } from '../../core/workflow';
import type { NodeState } from '../api';
import type { Implementation, OperationContext, Outcome, Task } from '../operations/implementation';
import { IMPLEMENTATIONS } from '../operations/table';
import type { KeptOutcomes } from './kept-outcomes';

type AnyOutcome = Outcome<OperationId>;

/** Implementation of a node, without the type that its operation gives it: the tables hold implementation and outcome together. */
type AnyImplementation = Implementation<OperationId>;

export class WorkflowRun {
  readonly #nodes: readonly WorkflowNode[];
  readonly #kept: KeptOutcomes;
  /** Keys of what it has added to that. */
  readonly #made = new Set<string>();
  /** Its end is a picture's end, not a hint's that is looked at. */
  readonly isPainting: boolean;
  readonly #keys = new Map<string, string>();
  /** Outputs of nodes that are done, as long as a node to come reads them. */
  readonly #outputs = new Map<string, AnyOutcome['outputs']>();
  readonly #done = new Set<string>();
  readonly #said = new Set<string>();

  readonly #keepsLatents: boolean;
  readonly #passing: ReadonlySet<string>;

  /** @param workflow  sound: see readWorkflow @param keepsLatents  see WorkflowInputs */
  constructor({ nodes }: Workflow, kept: KeptOutcomes, keepsLatents = false) {
    this.#keepsLatents = keepsLatents;
    this.#nodes = nodes;
    this.#kept = kept;
    this.#passing = passingOf(nodes);
    this.isPainting = nodes.some(({ operation }) => operation === 'sample');
  }

  /**
   * Runs what is not done yet. Where it throws, what was done stays, and another walk goes on from the operation that failed.
   * @throws what an operation throws
   */
  async walk(context: OperationContext): Promise<void> {
    for (const node of this.#nodes) if (!this.#done.has(node.id)) await this.#run(node, context);
    const keys = new Set(this.#keys.values());
    if (this.isPainting) this.#kept.retain(keys);
    else this.#kept.retainBesides(keys, this.#made);
  }

  /** Nothing is done: for when another attempt computes with other numbers. */
  reset(): void {
    for (const known of [this.#keys, this.#outputs, this.#done]) known.clear();
  }

  async #run(first: WorkflowNode, context: OperationContext): Promise<void> {
    const { operation } = first;
    const implementation = implementationOf(operation);
    const nodes = implementation.isTogether ? this.#ready(operation) : [first];
    const unknown: { node: WorkflowNode; task: Task<OperationId> }[] = [];
    for (const node of nodes) {
      const task = await this.#task(node, implementation, context);
      const kept = this.#isKept(node) ? this.#kept.get(task.key) : undefined;
      if (kept) this.#finish(node, kept, context, 'kept');
      else unknown.push({ node, task });
    }
    if (unknown.length === 0) return;
    for (const { node } of unknown) context.onEvent({ type: 'node', node: node.id, state: 'running' });
    const { stage } = implementation;
    if (stage) context.clock.enter(stage);
    if (stage) await context.pause();
    const outcomes = await implementation.run(
      unknown.map(({ task }) => task),
      context,
    );
    if (stage) await context.pause(); // a device that is lost may have given nonsense: by now that would be known
    for (const [i, { node, task }] of unknown.entries()) {
      if (this.#isKept(node)) this.#keep(task.key, outcomes[i]);
      this.#finish(node, outcomes[i], context);
    }
  }

  #isKept({ id, operation }: WorkflowNode): boolean {
    const { isKept, isKeptForGraphs } = implementationOf(operation);
    if (this.#passing.has(id)) return false;
    return isKept === true || (isKeptForGraphs === true && this.#keepsLatents);
  }

  #keep(key: string, outcome: AnyOutcome): void {
    this.#kept.set(key, outcome);
    this.#made.add(key);
  }

  /** Nodes of an operation whose inputs are there, in the workflow's order. */
  #ready(operation: OperationId): WorkflowNode[] {
    return this.#nodes.filter(
      (node) =>
        node.operation === operation &&
        !this.#done.has(node.id) &&
        Object.values(node.inputs).every((wire) => this.#done.has(wire.node)),
    );
  }

  async #task(
    node: WorkflowNode,
    implementation: AnyImplementation,
    context: OperationContext,
  ): Promise<Task<OperationId>> {
    const settings = settingsOf(node.operation, node);
    const identity = await implementation.identify?.(settings, context);
    const key = nodeKey(node, this.#keys, identity);
    this.#keys.set(node.id, key);
    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([name, wire]) => {
        const outputs = this.#outputs.get(wire.node) as Record<string, unknown> | undefined;
        return [name, outputs?.[wire.output]];
      }),
    );
    // two models that paint one run are one pass
    const alike = this.#nodes.filter(({ operation, inputs: { begun } }) => operation === node.operation && !begun);
    const first = alike.find(({ id }) => id === (node.inputs['begun'] ?? { node: node.id }).node);
    const pass = first && alike.length > 1 ? { pass: alike.indexOf(first) + 1, passes: alike.length } : undefined;
    return { key, settings, inputs, ...(pass && { pass }) } as unknown as Task<OperationId>;
  }

  #finish(
    { id }: WorkflowNode,
    { outputs, notices = [] }: AnyOutcome,
    { onEvent }: OperationContext,
    state: NodeState = 'done',
  ): void {
    onEvent({ type: 'node', node: id, state });
    this.#done.add(id);
    this.#outputs.set(id, outputs);
    for (const message of notices) {
      if (!this.#said.has(message)) onEvent({ type: 'notice', message });
      this.#said.add(message);
    }
    this.#letGo();
  }

  /** What no node to come reads. */
  #letGo(): void {
    const awaited = this.#nodes.filter((node) => !this.#done.has(node.id));
    const read = new Set(awaited.flatMap(({ inputs }) => Object.values(inputs).map((wire) => wire.node)));
    for (const id of this.#outputs.keys()) if (!read.has(id)) this.#outputs.delete(id);
  }
}

const implementationOf = (operation: OperationId): AnyImplementation => IMPLEMENTATIONS[operation] as AnyImplementation;

/** Nodes whose outputs are made of what passes. @param nodes  each after those that it reads */
function passingOf(nodes: readonly WorkflowNode[]): ReadonlySet<string> {
  const passing = new Set<string>();
  for (const { id, operation, inputs } of nodes) {
    const { isPassing } = implementationOf(operation);
    if (isPassing || Object.values(inputs).some(({ node }) => passing.has(node))) passing.add(id);
  }
  return passing;
}
