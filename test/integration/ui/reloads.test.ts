import { expect, it } from 'vitest';
import { soakReloads } from '../../soak/reloading';

/** A few of what `npm run soak:reload` does fifty times. */
const TIMES = 3;

it.skipIf(process.platform !== 'linux')('a window reloaded while it trains, or whose extension host is killed, finds its run each time, whose one host goes on', async () => {
  expect(await soakReloads({ times: TIMES })).toMatchObject({ reloads: TIMES, crashes: 1, reconnected: TIMES, lost: [] });
}, 600_000);
