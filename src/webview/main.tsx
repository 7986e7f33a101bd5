import './validation';
import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import { App } from './App';
import { connect } from './connection';
import { registerKit } from './kit';
import { Store } from './store';
import './styles.css';
import './charts/charts.css';
import './moments/moments.css';
import './latent/latent.css';
import { errorText } from '../protocol/errorText';

registerKit();
const { client, remember } = connect();
const store = new Store(client, remember);
const root = document.getElementById('root');
if (root) render(<App store={store} />, root);
store.start().catch((error: unknown) => { if (root) root.textContent = errorText(error); });
