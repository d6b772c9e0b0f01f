/** Puts `subgroups` among the features that the app asks a GPU for, or takes it out: the app itself decides by the adapter. */

const FEATURES: GPUFeatureName[] = ['subgroups', 'subgroup-size-control' as GPUFeatureName];

/**
 * For devices that are opened from now on.
 * @returns what tells the features of the last one
 */
export function chooseSubgroups(wanted: boolean | undefined): () => string[] {
  let last: GPUDevice | undefined;
  if (!('gpu' in navigator)) return () => [];
  const prototype = GPUAdapter.prototype;
  const { requestDevice } = prototype;
  prototype.requestDevice = async function (this: GPUAdapter, descriptor = {}) {
    const asked = [...(descriptor.requiredFeatures ?? [])].filter((name) => wanted === undefined || !isOne(name));
    const added = wanted ? FEATURES.filter((name) => this.features.has(name)) : [];
    last = await requestDevice.call(this, { ...descriptor, requiredFeatures: [...asked, ...added] });
    return last;
  };
  return () => [...(last?.features ?? [])];
}

const isOne = (name: GPUFeatureName): boolean => FEATURES.includes(name);
