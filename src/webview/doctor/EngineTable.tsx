import { Fragment } from 'preact';
import { usable, type DoctorReport, type ProbedEngine } from '../../protocol/doctor';
import { cellsOf, headings, nextStep } from '../../protocol/doctorText';
import { engineNames, type EngineName } from '../../spec/engines';
import { t } from '../text';
import { says } from './says';

interface TableProps {
  readonly report: DoctorReport | undefined;
  /** The engine that is being tried. */
  readonly trying: string | undefined;
  readonly chosen: EngineName;
  readonly onChoose: (engine: EngineName) => void;
  readonly onSetUp: () => void;
}

/** Which engine trains: each with a button that chooses it, `auto` first. */
export function EngineTable({ report, trying, chosen, onChoose, onSetUp }: TableProps) {
  const probed = (engine: EngineName): ProbedEngine | undefined => report?.engines.find((each) => each.engine === engine);
  const choice = (engine: EngineName) => (engine === chosen ? <strong>{t('chosen')}</strong>
    : <vscode-button appearance="secondary" aria-label={t('Choose {0}', engine)} onClick={() => { onChoose(engine); }}>{t('Choose')}</vscode-button>);
  const [, device, right, ms, memory] = headings(says);
  return (
    <table class="engines">
      <thead><tr><th scope="col">{t('Engine')}</th><th scope="col">{device}</th><th scope="col">{right}</th><th scope="col" class="number">{ms}</th><th scope="col" class="number">{memory}</th><th scope="col">{t('Trains')}</th></tr></thead>
      <tbody>
        {engineNames.map((engine) => {
          const found = probed(engine);
          if (engine === 'auto') {
            return <tr key={engine}><th scope="row">auto</th><td colSpan={4}>{report?.auto === undefined ? t('the fastest that gives right gradients') : t('takes {0}', report.auto)}</td><td>{choice(engine)}</td></tr>;
          }
          if (!found) return <tr key={engine} class="pending"><th scope="row">{engine}</th><td colSpan={4}>{trying === engine ? <vscode-progress-ring aria-label={t('Waiting')} /> : '\u2026'}</td><td>{choice(engine)}</td></tr>;
          const note = report && nextStep(found, report, says);
          const name = <th scope="row">{engine}</th>;
          const setUp = engine === 'tensorflow' && <vscode-button aria-label={t('Set up {0}', engine)} onClick={onSetUp}>{t('Set Up')}</vscode-button>;
          if (found.probe.outcome !== 'works') {
            return (
              <tr key={engine} class="unusable">
                {name}<td colSpan={4} class="unit">{note}</td>
                <td>{setUp || choice(engine)}</td>
              </tr>
            );
          }
          const cells = cellsOf(found, says);
          const kind = usable(found.probe) ? '' : 'unusable';
          return (
            <Fragment key={engine}>
              <tr class={note === undefined ? kind : `${kind} noted`}>{name}<td>{cells[0]}</td><td>{cells[1]}</td><td class="number">{cells[2]}</td><td class="number">{cells[3]}</td><td>{choice(engine)}</td></tr>
              {note !== undefined && <tr><td /><td colSpan={setUp ? 4 : 5} class="unit">{note}</td>{setUp && <td>{setUp}</td>}</tr>}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
