// VS Code runs this when the extension has been uninstalled: what was installed on demand goes too.
import { removeTensorflow } from './removeTensorflow';

removeTensorflow(undefined, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => { console.error(error instanceof Error ? error.message : String(error)); process.exitCode = 1; });
