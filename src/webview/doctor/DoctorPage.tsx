import { useEffect, useState } from 'preact/hooks';
import type { doctorEvents, DoctorState, doctorRequests } from '../../protocol/doctorApi';
import { autoSentence, machineLines, measuredSentence, triedSentence } from '../../protocol/doctorText';
import { errorText } from '../../protocol/errorText';
import type { Api } from '../../protocol/rpc';
import { fromHost, t } from '../text';
import { EngineTable } from './EngineTable';
import { says } from './says';

export type DoctorClient = Api<typeof doctorRequests, typeof doctorEvents>;

/** Every engine, what it does on this machine, and what can be done about it. */
export function DoctorPage({ client, first }: { readonly client: DoctorClient; readonly first: DoctorState }) {
  const [state, setState] = useState(first);
  const [said, setSaid] = useState('');
  useEffect(() => client.on('doctorState', setState), [client]);
  const ask = (asked: Promise<unknown>, then = ''): void => { asked.then(() => { setSaid(then); }, (error: unknown) => { setSaid(errorText(error)); }); };
  const { report, trying, problem, chosen } = state;
  const done = report && !trying;
  return (
    <main class="doctor">
      <header>
        <div class="title"><h1>{t('Engine Doctor')}</h1></div>
        <div class="toolbar" role="toolbar" aria-label={t('Engine Doctor')}>
          {trying ? <vscode-button appearance="secondary" onClick={() => { ask(client.request('cancel', {})); }}>{t('Cancel')}</vscode-button>
            : <vscode-button appearance="secondary" onClick={() => { ask(client.request('examine', {})); }}>{t('Examine Again')}</vscode-button>}
          {done && <vscode-button appearance="secondary" onClick={() => { ask(client.request('copyReport', {}), t('The report is in the clipboard.')); }}>{t('Copy Report')}</vscode-button>}
        </div>
        {trying && <progress aria-label={t('Progress')} value={trying.fraction} max={1} />}
        <p class="unit" role="status" data-testid="said">{trying ? (trying.engine === undefined ? t('Looking at the machine') : t('Trying the engine {0}', trying.engine)) : said}</p>
      </header>
      {problem !== undefined && <div class="notice" role="alert"><p>{fromHost(problem)}</p></div>}
      {done && <p class="verdict" data-testid="verdict">{autoSentence(report, says)}</p>}
      {(report ?? trying) && <EngineTable report={report} trying={trying?.engine} chosen={chosen}
        onChoose={(engine) => { ask(client.request('choose', { engine })); }} onSetUp={() => { ask(client.request('setUpTensorflow', {})); }} />}
      {report && <p class="unit">{measuredSentence(report, says)}</p>}
      {report && <p class="unit">{triedSentence(says)}</p>}
      {report && (
        <section aria-label={t('This machine')}>
          <h2>{t('This machine')}</h2>
          <ul>{machineLines(report, says).map((line) => <li key={line}>{line}</li>)}</ul>
        </section>
      )}
    </main>
  );
}
