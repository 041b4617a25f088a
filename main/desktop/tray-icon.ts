import { join } from 'node:path';
import { type NativeImage, nativeImage } from 'electron';
import type { OverallState } from '../core/describe.ts';
import { iconPlan, type TrayVariant } from './tray-icon-plan.ts';

/** The icon of a state with a picture for each scale, so that it is sharp on every screen. */
export function trayIcon(directory: string, state: OverallState, variant: TrayVariant): NativeImage {
  const image = nativeImage.createEmpty();
  for (const { size, scaleFactor } of iconPlan(process.platform)) {
    const picture = nativeImage.createFromPath(join(directory, variant, `${state}-${size}.png`));
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer: picture.toPNG() });
  }
  // macOS colours it itself.
  if (process.platform === 'darwin') image.setTemplateImage(true);
  return image;
}
