import { expect, it } from 'vitest';
import { soakReloads } from '../../soak/reloading';

/** A few of what `npm run soak:reload` does fifty times. */
const TIMES = 3;

it.skipIf(process.platform !== 'linux')('a window reloaded while it trains finds its run each time, whose one host goes on', async () => {
  expect(await soakReloads({ times: TIMES })).toMatchObject({ reloads: TIMES, reconnected: TIMES, lost: [] });
}, 600_000);
