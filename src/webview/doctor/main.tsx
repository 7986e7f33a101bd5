import '../validation';
import { render } from 'preact';
import { doctorEvents, doctorRequests } from '../../protocol/doctorApi';
import { errorText } from '../../protocol/errorText';
import { registerKit } from '../kit';
import { connectPage } from '../page';
import { setTexts } from '../text';
import '../styles.css';
import './doctor.css';
import { DoctorPage } from './DoctorPage';

registerKit();
const { client } = connectPage(doctorRequests, doctorEvents);
const root = document.getElementById('root');
client.request('doctorSnapshot', {}).then(({ texts, locale, state }) => {
  setTexts(texts, locale);
  if (root) render(<DoctorPage client={client} first={state} />, root);
}).catch((error: unknown) => { if (root) root.textContent = errorText(error); });
