/** The picture of a pose that ControlNets were trained on. @see sd-webui-controlnet annotator/openpose/util.py, draw_bodypose */
import { raster, type Raster } from '../image/raster';
import { ellipsePolygon, fillConvex, fillDisc } from './opencv-shapes';
import { COLOURS, LIMBS, type Person, type Pose } from './skeleton';

/** Half a limb's width, a joint's radius, and how dark limbs are. */
const [HALF_WIDTH, RADIUS, DARK] = [4, 4, 0.6];

export interface DrawPoseOptions {
  /** xinsir's networks for SDXL saw thicker limbs in large pictures. */
  hasThickLimbs?: boolean;
}

export function drawPose({ width, height, people }: Pose, { hasThickLimbs = false }: DrawPoseOptions = {}): Raster<3> {
  const to = raster({ width, height }, 3);
  const side = Math.max(width, height);
  const scale = hasThickLimbs && side >= 500 ? Math.min(2 + Math.floor(side / 1000), 7) : 1;
  for (const person of people) drawPerson(to, person, HALF_WIDTH * scale);
  return to;
}

function drawPerson(to: Raster<3>, person: Person, halfWidth: number): void {
  // Places come as parts of the sides, and are multiplied again.
  const joints = person.map(({ x, y, isHidden }) => ({
    x: (x / to.width) * to.width,
    y: (y / to.height) * to.height,
    isHidden,
  }));
  LIMBS.forEach(([from, end], i) => {
    const [one, other] = [joints[from], joints[end]];
    if (one.isHidden || other.isHidden) return;
    const centre = { x: Math.trunc((one.x + other.x) / 2), y: Math.trunc((one.y + other.y) / 2) };
    const length = ((one.y - other.y) ** 2 + (one.x - other.x) ** 2) ** 0.5;
    const degrees = Math.trunc(Math.atan2(one.y - other.y, one.x - other.x) * (180 / Math.PI));
    const axes = { across: Math.trunc(length / 2), down: halfWidth };
    const [red, green, blue] = COLOURS[i].map((level) => Math.trunc(level * DARK));
    fillConvex(to, ellipsePolygon(centre, axes, degrees), [red, green, blue]);
  });
  joints.forEach(({ x, y, isHidden }, i) => {
    if (!isHidden) fillDisc(to, { x: Math.trunc(x), y: Math.trunc(y) }, RADIUS, COLOURS[i]);
  });
}
