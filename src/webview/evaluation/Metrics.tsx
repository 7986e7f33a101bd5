import { metricKinds, type Evaluation } from '../../protocol/evaluation';
import { partsOfMetric, protocolInWords, valueInWords } from '../../protocol/evaluationInWords';
import { fromHost, t, whole } from '../text';

/** The numbers of an evaluation, each with what it depends on. */
export function Metrics({ evaluation }: { readonly evaluation: Evaluation }) {
  return (
    <table class="metrics" data-testid="metrics">
      <caption>{t('After step {0}, on {1}, {2}', whole(evaluation.step), evaluation.device, new Date(evaluation.at).toLocaleString())}</caption>
      <tbody>
        {evaluation.metrics.map((metric) => {
          const parts = partsOfMetric(metric);
          return (
            <tr key={metric.name}>
              <th scope="row">{fromHost(metricKinds[metric.name].what)}</th>
              <td><strong>{valueInWords(metric)}</strong>{parts !== '' && <span class="unit"> {parts}</span>}<p class="unit">{protocolInWords(metric.protocol, fromHost)}</p></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
