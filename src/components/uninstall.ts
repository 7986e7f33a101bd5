// VS Code runs this when the extension has been uninstalled: what was installed on demand goes too.
import { removeTensorflow } from './removeTensorflow';
import { errorText } from '../protocol/errorText';

removeTensorflow(undefined, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => { console.error(errorText(error)); process.exitCode = 1; });
