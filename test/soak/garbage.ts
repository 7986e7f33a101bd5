import * as z from 'zod';

const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.string() })).min(1);
const answerSchema = z.object({ id: z.number().optional() });

/** The inspector of a Node process, which SIGUSR1 opens on its port. One process at a time; Linux and macOS. */
async function inspectorOf(pid: number): Promise<string> {
  process.kill(pid, 'SIGUSR1');
  for (;;) {
    const found = await fetch(INSPECTOR).then((answer) => answer.json()).catch(() => undefined);
    if (found !== undefined) return targetsSchema.parse(found)[0]?.webSocketDebuggerUrl ?? '';
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

/** Lets a Node process collect its garbage whenever it is called, so that what it holds can be told from what it has not yet thrown away. Needs a global WebSocket. */
export async function garbageCollector(pid: number): Promise<() => Promise<void>> {
  const socket = new WebSocket(await inspectorOf(pid));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => { reject(new Error(`The inspector of process ${pid} does not answer.`)); });
  });
  let calls = 0;
  return () => {
    const id = ++calls;
    return new Promise((resolve) => {
      const heard = ({ data }: MessageEvent): void => {
        if (answerSchema.parse(JSON.parse(String(data))).id !== id) return;
        socket.removeEventListener('message', heard);
        resolve();
      };
      socket.addEventListener('message', heard);
      socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    });
  };
}
