import type { LatentSession } from '../session';
import { OwnPicture } from './OwnPicture';
import { Pad } from './Pad';
import { Sliders } from './Sliders';

/** The place looked at, moved by hand: two dimensions at once, each by itself, or to where a picture lies. */
export function PlaceTool({ session }: { readonly session: LatentSession }) {
  return (
    <>
      <Pad session={session} />
      <Sliders session={session} />
      <OwnPicture session={session} />
    </>
  );
}
