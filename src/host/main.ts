import path from 'node:path';
import { endWithParent } from './endWithParent';
import { hostOptionsSchema } from './options';
import { TrainingSession } from './session';
import { answerAsExporter } from './export/exporter';
import { answerAsOracle } from './oracle';
import { describeModel, probeEngine } from './probe';
import { answerAsProgram } from './programProcess';
import { answerAsTrial } from './trial';
import { openViewer } from './viewer';
import { errorText } from '../protocol/errorText';

/** A finished run is served this long after the last one that looked at it has gone, or after those who still do have asked anything: who asks again has a host started. */
const idle = { alone: Number(process.env['VAE_LAB_IDLE_MS'] ?? 60_000), silent: Number(process.env['VAE_LAB_SILENT_MS'] ?? 300_000) };

/** Says on stdout, in one line of JSON, that the host listens, or why it does not. */
function report(line: { ready: true } | { ready: false; message: string }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const options = hostOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  if (options.role === 'probe') {
    process.stdout.write(`${JSON.stringify(await probeEngine(options.engine, options.model, 0))}\n`); // 0: since the process began
  } else if (options.role === 'describe') {
    process.stdout.write(`${JSON.stringify(await describeModel(options))}\n`);
  } else if (options.role === 'oracle') {
    endWithParent(options.host, options.folder);
    process.stdout.write(`${JSON.stringify(await answerAsOracle(options.folder))}\n`);
  } else if (options.role === 'trial') {
    endWithParent(options.host, options.folder);
    process.stdout.write(`${JSON.stringify(await answerAsTrial(options.folder))}\n`);
  } else if (options.role === 'exporter') {
    process.stdout.write(`${JSON.stringify(await answerAsExporter(options))}\n`);
  } else if (options.role === 'program') {
    endWithParent(options.host);
    await answerAsProgram(options);
  } else if (options.role === 'viewer') {
    const server = await openViewer(options);
    report({ ready: true });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { void server.close().finally(() => process.exit(0)); });
    await server.idle(idle);
    await server.close();
  } else {
    const session = await TrainingSession.open(options, { node: process.execPath, script: path.join(__dirname, 'host.js') });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { session.interrupt(); });
    report({ ready: true });
    await session.run();
    if (!session.leaving) await session.idle(idle);
    await session.close();
  }
  process.exit(0);
}

process.stdout.on('error', () => { /* whoever started this host is gone; training goes on */ });
process.stderr.on('error', () => { /* its log cannot be written any more; what that does to the run is said elsewhere */ });
main().catch((error: unknown) => {
  report({ ready: false, message: errorText(error) });
  console.error(error);
  process.exitCode = 1;
});
