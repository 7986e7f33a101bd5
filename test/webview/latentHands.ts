import { recorded, type Panel } from './harness';

export const pixels = (of: Panel, testId: string): Promise<string> => of.page.getByTestId(testId).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
/** Resolves when a picture is no longer what it was. */
export const changed = (of: Panel, testId: string, from: string): Promise<void> => of.page.getByTestId(testId).evaluate((canvas, before) => new Promise<void>((resolve) => {
  const look = (): void => { if ((canvas as HTMLCanvasElement).toDataURL() === before) requestAnimationFrame(look); else resolve(); };
  look();
}), from);
export const tool = (of: Panel, name: string) => of.page.getByRole('tablist', { name: 'Tools' }).getByRole('tab', { name });
export const { means, originals } = recorded.answers.encode;
export const meanOf = (index: number): number[] => [...means.subarray(4 * index, 4 * index + 4)];
export const choose = async (of: Panel, label: string, option: string): Promise<void> => {
  const box = of.page.getByRole('combobox', { name: label, exact: true });
  await box.click();
  await of.page.getByRole('option', { name: option, exact: true }).click();
  await box.and(of.page.locator('[aria-expanded=false]')).waitFor(); // its list closes in a later frame
};
/** What the tests look at is drawn and moves no more. */
export const ready = async (of: Panel): Promise<void> => {
  await of.page.getByTestId('map-points').waitFor();
  await of.page.getByTestId('here-original').waitFor();
};
/** Colours that are on the map, other than its ground. */
export const paintedOf = (of: Panel): Promise<number> => of.page.getByTestId('map-points').evaluate((element) => new Promise<number>((resolve) => {
  const canvas = element as HTMLCanvasElement;
  const look = (): void => {
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext('2d');
    context?.drawImage(canvas, 0, 0); // in the frame in which it was drawn: WebGL forgets
    const data = context?.getImageData(0, 0, copy.width, copy.height).data ?? [];
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) painted++;
    if (painted > 0) resolve(painted); else requestAnimationFrame(look);
  };
  element.parentElement?.querySelector('.map-hand')?.dispatchEvent(new WheelEvent('wheel', { deltaY: 1, bubbles: true, cancelable: true }));
  requestAnimationFrame(look);
}));
