import '../validation';
import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import { errorText } from '../../protocol/errorText';
import { runsEvents, runsRequests } from '../../protocol/runsApi';
import { registerKit } from '../kit';
import { Value } from '../observable';
import { connectPage } from '../page';
import '../charts/charts.css';
import '../styles.css';
import { setTexts } from '../text';
import './runs.css';
import { RunsView } from './RunsView';
import { RunsSession } from './session';

registerKit();
const { client, kept, keep } = connectPage(runsRequests, runsEvents);
const section = new Value<'runs' | 'disk'>('runs');
client.on('section', ({ section: next }) => {
  section.set('runs');
  section.set(next);
});
const root = document.getElementById('root');
client.request('runsSnapshot', {}).then(({ rows, texts, locale, section: first }) => {
  setTexts(texts, locale);
  section.set(first);
  if (root) render(<RunsView session={new RunsSession(client, rows, kept, keep)} section={section} />, root);
}, (error: unknown) => { if (root) root.textContent = errorText(error); });
