import type { ImageStrip } from '../../protocol/images';
import { useMemo } from 'preact/hooks';
import { Pictures } from '../images/Pictures';
import { t } from '../text';

interface ExamplePickerProps { readonly label: string; readonly originals: ImageStrip; readonly chosen: number; readonly onChoose: (index: number) => void }

/** One picture of a strip, its bytes not copied. */
const one = (strip: ImageStrip, index: number): ImageStrip => {
  const size = strip.height * strip.width * strip.channels;
  return { ...strip, count: 1, pixels: strip.pixels.subarray(index * size, (index + 1) * size) };
};

/** A row of held-out examples to choose one of, as radio buttons. */
export function ExamplePicker({ label, originals, chosen, onChoose }: ExamplePickerProps) {
  const pictures = useMemo(() => Array.from({ length: originals.count }, (_, i) => [one(originals, i)]), [originals]);
  return (
    <fieldset class="examples">
      <legend>{label}</legend>
      {pictures.map((strips, index) => (
        <label key={index} class={index === chosen ? 'chosen' : ''}>
          <input type="radio" name={label} checked={index === chosen} onChange={() => { onChoose(index); }} aria-label={t('{0}: held-out example {1}', label, index + 1)} />
          <Pictures strips={strips} columns={1} label="" />
        </label>
      ))}
    </fieldset>
  );
}
