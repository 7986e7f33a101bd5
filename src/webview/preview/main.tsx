import '../validation';
import { render } from 'preact';
import { errorText } from '../../protocol/errorText';
import { previewEvents, previewRequests, type Preview } from '../../protocol/previewApi';
import { registerKit } from '../kit';
import { Value } from '../observable';
import { connectPage } from '../page';
import '../styles.css';
import { setTexts } from '../text';
import './preview.css';
import { PreviewView } from './PreviewView';

registerKit();
const { client } = connectPage(previewRequests, previewEvents);
const shown = new Value<Preview | undefined>(undefined);
client.on('preview', (preview) => { shown.set(preview); });
const root = document.getElementById('root');
client.request('previewSnapshot', {}).then(({ preview, texts, locale }) => {
  setTexts(texts, locale);
  if (!shown.get()) shown.set(preview);
  if (root) render(<PreviewView shown={shown} ask={(name) => { client.request('previewCommand', { name }).catch((error: unknown) => { const now = shown.get(); if (now) shown.set({ ...now, error: errorText(error) }); }); }} />, root);
}, (error: unknown) => { if (root) root.textContent = errorText(error); });
