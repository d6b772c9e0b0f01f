/**
 * A person's pose, found by ViTPose and drawn as OpenPose's skeleton, without hands and face.
 *
 * The name is sd-webui-controlnet's, whose own network (OpenPose) is not free for all uses.
 */
import { drawPose } from '../pose/draw-pose';
import { jointsOf, lookForJoints, personOf } from '../pose/find-joints';
import { writePoseText } from '../pose/pose-text';
import type { Pose } from '../pose/skeleton';
import type { Size } from '../image/raster';
import { RESOLUTION, type DrawnMap, type NetworkPreprocessor } from './preprocessor';

export const OPENPOSE: NetworkPreprocessor = {
  network: 'vitpose',
  file: 'ViTPose+ small',
  helper: 'vitpose-plus-small',
  label: 'openpose',
  aliases: ['OpenposePreprocessor', 'vitpose', 'ViTPose'],
  types: ['openpose'],
  settings: { resolution: RESOLUTION },
  alsoDoes: 'finds one person, who is most of the picture; the pose editor moves joints and adds people',
  licence: 'Apache-2.0',
  look: lookForJoints,
  finish: (maps, size) => drawPose(poseOf(maps, size)),
  tells: (maps, size, { width, height }) => writePoseText({ ...poseOf(maps, size), width, height }),
};

function poseOf(maps: readonly DrawnMap[], { width, height }: Size): Pose {
  const person = personOf(jointsOf(maps, { width, height }), { width, height });
  return { width, height, people: person ? [person] : [] };
}
